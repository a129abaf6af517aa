"""Whether an answer is of the shape that botocore's model says: strictly, as no client checks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from botocore.awsrequest import HeadersDict
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from botocore.parsers import create_parser

from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.response import Response

ZONE = "/hostedzone/"
"""Route 53 answers ids of zones with it, and they are then longer than its own model allows."""
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "double": (float, int),
    "float": (float, int),
    "boolean": (bool,),
    "blob": (bytes,),
    "timestamp": (datetime,),
}


class Witness:
    """Notes which operations were answered, and what is wrong with their shapes."""

    def __init__(self) -> None:
        self.answered: set[str] = set()
        self.faults: set[str] = set()

    def __call__(self, who: Identity, answer: Response) -> None:
        if answer.status < 300:
            self.answered.add(f"{who.service}:{who.operation}")
            self.faults.update(faults_of(who, answer))


def faults_of(who: Identity, answer: Response) -> list[str]:
    """What is wrong with an answer's shape; nothing when it fits, and nothing for an error answer."""
    if answer.status >= 300:
        return []
    model = models.service_model(who.service).operation_model(who.operation)
    shape = model.output_shape
    if shape is None:
        return []
    parser = create_parser(models.protocol(who.service))
    raw = {"status_code": answer.status, "headers": HeadersDict(answer.headers), "body": answer.body}
    if model.has_streaming_output:
        return []
    parsed = parser.parse(raw, shape)
    parsed.pop("ResponseMetadata", None)
    found = [*_value(parsed, shape, "")]
    if models.protocol(who.service) in ("json", "rest-json") and answer.body.strip():
        found += _unknown(json.loads(answer.body), shape, "")
    return [f"{who.service}:{who.operation} {fault}" for fault in found]


def _value(value: Any, shape: Shape, at: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        yield from _structure(value, shape, at)
    elif isinstance(shape, ListShape):
        for place, one in enumerate(value):
            yield from _value(one, shape.member, f"{at}[{place}]")
    elif isinstance(shape, MapShape):
        for key, one in value.items():
            yield from _value(key, shape.key, f"{at} key {key}")
            yield from _value(one, shape.value, f"{at}.{key}")
    else:
        yield from _scalar(value, shape, at)


def _structure(value: Any, shape: StructureShape, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at or 'the answer'} is {type(value).__name__} and no structure"
        return
    for name in shape.required_members:
        if name not in value:
            yield f"{at}.{name} is missing"
    for name, one in value.items():
        if name in shape.members and one is not None:
            yield from _value(one, shape.members[name], f"{at}.{name}")


def _scalar(value: Any, shape: Shape, at: str) -> Iterator[str]:
    if not isinstance(value, TYPES.get(shape.type_name, (object,))):
        yield f"{at} is {type(value).__name__} and not {shape.type_name}: {value!r}"
    elif isinstance(shape, StringShape) and isinstance(value, str):
        yield from _text(value, shape, at)


def _text(value: str, shape: StringShape, at: str) -> Iterator[str]:
    if shape.enum and value not in shape.enum:
        yield f"{at} is {value!r}, none of {', '.join(shape.enum[:6])}"
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and len(value) < least:
        yield f"{at} is shorter than {least}: {value!r}"
    if most is not None and len(value.removeprefix(ZONE)) > most:
        yield f"{at} is longer than {most}: {value[:60]!r}"
    pattern = shape.metadata.get("pattern")
    if pattern and not _fits(pattern, value):
        yield f"{at} does not fit {pattern}: {value[:60]!r}"


def _fits(pattern: str, value: str) -> bool:
    """Patterns that Python cannot read are Java's, and are passed over. Some of Connect's are escaped twice in the model."""
    try:
        return re.search(pattern.replace("\\\\", "\\"), value) is not None
    except re.error:
        return True


def _unknown(raw: Any, shape: Shape, at: str) -> Iterator[str]:
    """Members that the model does not have: a client drops them in silence."""
    if isinstance(shape, StructureShape) and isinstance(raw, dict):
        known = {one.serialization.get("name", name): one for name, one in shape.members.items()}
        for name, one in raw.items():
            if name not in known:
                yield f"{at}.{name} is not in the model"
            elif one is not None:
                yield from _unknown(one, known[name], f"{at}.{name}")
    elif isinstance(shape, ListShape) and isinstance(raw, list):
        for one in raw:
            yield from _unknown(one, shape.member, f"{at}[]")
    elif isinstance(shape, MapShape) and isinstance(raw, dict):
        for one in raw.values():
            yield from _unknown(one, shape.value, f"{at}.*")
