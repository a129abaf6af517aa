"""AWS's answers as the rest of the product reads them: what should be there and is not is told with the call's name.

An answer is compared with botocore's model once, at the client: a member of another type than AWS's own is no answer of AWS. What
is null is left out. AWS leaves empty lists and maps and what is false out of some answers, so these have a default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.model import Shape

from sbctl.core.aws.error import UNREADABLE, AwsError

Called = tuple[str, str, str]
"""Service, operation and region."""
EMPTY: Mapping[str, type] = {"list": list, "map": dict, "boolean": bool}
TYPES: Mapping[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "short": (int,),
    "byte": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (datetime,),
    "blob": (bytes, bytearray),
}
HALVES = re.compile("[\ud800-\udfff]")
DECODED = "policyDocumentType"
"""IAM's documents: botocore reads them as JSON."""


class Answer(dict[str, Any]):
    """A structure of an answer. To ask for a member that AWS left out is an AwsError, unless nothing there means something."""

    call: Called = ("", "", "")
    shape: Any = None

    def __missing__(self, name: str) -> Any:
        member = None if self.shape is None else self.shape.members.get(name)
        if member is not None and member.type_name in EMPTY:
            return EMPTY[member.type_name]()
        raise _unreadable(self.call, f"the answer has no {name}")


def read(value: Any, call: Called, shape: Shape | None = None) -> Any:
    """The same answer with every structure in it as an Answer of this call. Raises AwsError where it is not as modelled."""
    if isinstance(value, dict):
        return _answer(value, call, shape)
    if isinstance(value, list):
        member = getattr(shape, "member", None)
        return [_checked(item, call, member) for item in value if item is not None]
    return whole(value) if isinstance(value, str) else value


def whole(text: str) -> str:
    """A text without halves of surrogate pairs, which JSON can spell (\\ud800) and no file takes: each becomes U+FFFD."""
    return text if text.isascii() else HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def _answer(value: dict[str, Any], call: Called, shape: Any) -> Answer:
    known = getattr(shape, "members", {})
    each = getattr(shape, "value", None)
    made = Answer(
        (whole(name), _checked(member, call, known.get(name, each), name))
        for name, member in value.items()
        if member is not None
    )
    made.call = call
    made.shape = shape if known else None
    return made


def _checked(value: Any, call: Called, shape: Any, name: str = "an entry") -> Any:
    if shape is not None and not _fits(value, shape):
        raise _unreadable(call, f"{name} is {type(value).__name__} and should be {shape.type_name}")
    return read(value, call, shape)


def _fits(value: Any, shape: Any) -> bool:
    if getattr(shape, "is_document_type", False) or shape.name == DECODED or shape.serialization.get("jsonvalue"):
        return True
    expected = TYPES.get(shape.type_name)
    if expected is None:
        return True
    return isinstance(value, expected) and (bool in expected or not isinstance(value, bool))


def _unreadable(call: Called, message: str) -> AwsError:
    service, operation, region = call
    return AwsError(UNREADABLE, message, service=service, operation=operation, region=region, status=200)
