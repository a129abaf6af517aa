"""Two rows a page, now and then an empty page before them, and nothing that AWS may leave out: no empty list, no false."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any

from botocore.loaders import Loader

from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.parse import parameters
from sbctl.sandbox.wire.response import Response
from tests.sandbox.layers.answers import is_good, output_of, read, write

ROWS = 2
EMPTY_EVERY = 3
"""Of so many lists that have further pages, one begins with an empty page."""
OWN = "page-of-the-layer-"
KEPT_WHOLE = ("AttributeValue", "LifecycleRuleFilter")
"""Shapes in which an empty value means something."""
Answering = Callable[[Request], Response]


class SmallPages:
    """A layer (World.layer). `cut` are the operations whose lists it has cut."""

    def __init__(self) -> None:
        self.cut: set[str] = set()
        self.seen: set[str] = set()
        self._lock = threading.Lock()
        self._waiting: dict[str, Iterator[dict[str, Any]]] = {}
        self._numbers = count()
        self._cuts = count()

    def __call__(self, who: Identity, request: Request, answer: Answering) -> Response:
        if not who.operation or who.operation == "NotModelled":
            return answer(request)
        page = page_of(who.service, who.operation)
        with self._lock:
            waiting = self._waiting.pop(_asked(who, request, page), None) if page else None
            self.seen.add(f"{who.service}:{who.operation}")
        if waiting is not None:
            return self._next(who, waiting, Response(200, b"", {"content-type": "", "x-amzn-requestid": "layer"}))
        response = answer(request)
        if not is_good(response) or output_of(who) is None or _streams(who):
            return response
        result = read(who, response)
        if page is not None:
            waiting = self._pages(who, page, result)
            return self._next(who, waiting, response)
        return write(who, dropped(output_of(who), result), response)

    def _next(self, who: Identity, pages: Iterator[dict[str, Any]], like: Response) -> Response:
        result = next(pages)
        page = page_of(who.service, who.operation)
        token = str(result.get(page["output_token"], "")) if page else ""
        if token.startswith(OWN):
            with self._lock:
                self._waiting[token] = pages
        return write(who, dropped(output_of(who), result), like)

    def _pages(self, who: Identity, page: dict[str, Any], result: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The answer as several. The last of them announces what the whole one announced."""
        keys = page["result_key"]
        rows = {key: result.get(key) or [] for key in keys}
        most = max(len(found) for found in rows.values())
        starts = list(range(0, most, ROWS)) or [0]
        if len(starts) > 1 and next(self._cuts) % EMPTY_EVERY == 0:
            starts.insert(0, most)
        if len(starts) > 1:
            self.cut.add(f"{who.service}:{who.operation}")
        for number, start in enumerate(starts):
            part = {**result, **{key: found[start : start + ROWS] for key, found in rows.items()}}
            if number < len(starts) - 1:
                part[page["output_token"]] = f"{OWN}{next(self._numbers)}"
                if page.get("more_results"):
                    part[page["more_results"]] = True
            yield part


def _asked(who: Identity, request: Request, page: dict[str, Any] | None) -> str:
    return str(parameters(who, request).get(page["input_token"], "")) if page else ""


@cache
def page_of(service: str, operation: str) -> dict[str, Any] | None:
    """How an operation is read in pages, by botocore's models, in plain words; None when it is not, or by several tokens."""
    found = {**_paginators(service), **FURTHER.get(service, {})}.get(operation)
    if found is None or isinstance(found["output_token"], list):
        return None
    keys = found["result_key"] if isinstance(found["result_key"], list) else [found["result_key"]]
    ask = found["input_token"] if isinstance(found["input_token"], str) else found["input_token"][0]
    return {**found, "result_key": keys, "input_token": ask, "output_token": found["output_token"].partition(" ")[0]}


FURTHER: dict[str, dict[str, Any]] = {
    "s3": {
        "ListObjectVersions": {
            "more_results": "IsTruncated",
            "output_token": "NextKeyMarker",
            "input_token": "KeyMarker",
            "result_key": ["Versions", "DeleteMarkers"],
        }
    },
    "route53": {
        "ListResourceRecordSets": {
            "more_results": "IsTruncated",
            "output_token": "NextRecordName",
            "input_token": "StartRecordName",
            "result_key": "ResourceRecordSets",
        },
        "ListHostedZonesByName": {
            "more_results": "IsTruncated",
            "output_token": "NextDNSName",
            "input_token": "DNSName",
            "result_key": "HostedZones",
        },
    },
}
"""Lists that several tokens lead through, or that botocore does not read in pages. The other tokens are left out."""


@cache
def _paginators(service: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = Loader().load_service_model(service, "paginators-1")["pagination"]
    except Exception:  # noqa: BLE001 - there is no such file for some services
        return {}
    return found


def _streams(who: Identity) -> bool:
    shape = output_of(who)
    payload = shape.serialization.get("payload")
    return bool(payload) and shape.members[payload].type_name in ("blob", "string")


def dropped(shape: Any, value: Any) -> Any:
    """The value without the members that AWS may leave out: empty lists, maps and texts, and what is false."""
    if shape is None or shape.name in KEPT_WHOLE:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        parts = {name: dropped(shape.members[name], item) for name, item in value.items() if name in shape.members}
        return {name: item for name, item in parts.items() if item not in ([], {}, "", False, None) or _counts(item)}
    if shape.type_name == "list":
        return [dropped(shape.member, item) for item in value]
    return value


def _counts(item: Any) -> bool:
    """Zero equals False in Python, and is a value."""
    return isinstance(item, int | float) and not isinstance(item, bool)
