"""Answers of which some members are missing, null or of another type; the rest is as it was."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.response import Response
from tests.sandbox.layers.answers import is_good

WRONG: tuple[Any, ...] = (
    "",
    "text",
    "ü" * 300,
    "{",
    "{}",
    "[]",
    "null",
    5,
    -1,
    0.5,
    10**30,
    True,
    [],
    {},
    [None],
    {"a": 1},
    [[]],
    ["x"],
)
TEXTS = ("", "text", "-1", "5", "true", "{", "{}", "[]", "%7B%7D", "2026-99-99T00:00:00Z", "ü" * 300)
MOST = 3
"""Places of one answer that are damaged."""
Answering = Callable[[Request], Response]


class Damaged:
    """A layer (World.layer) that damages good answers with a likelihood. The same seed damages alike, thread by thread."""

    def __init__(self, seed: int, likelihood: float) -> None:
        self.number = 0
        self._draw = random.Random(seed)
        self._likelihood = likelihood
        self._lock = threading.Lock()

    def __call__(self, who: Identity, request: Request, answer: Answering) -> Response:  # noqa: ARG002
        response = answer(request)
        with self._lock:
            if is_good(response) and response.body and self._draw.random() < self._likelihood:
                self.number += 1
                return Response(response.status, damaged(response.body, self._draw), response.headers)
        return response


def damaged(body: bytes, draw: random.Random) -> bytes:
    """A body with one to three of its places damaged; one that is neither JSON nor XML stays as it is."""
    try:
        return _json(body, draw)
    except ValueError:
        pass
    try:
        return _xml(body, draw)
    except ElementTree.ParseError:
        return body


def _json(body: bytes, draw: random.Random) -> bytes:
    value = json.loads(body)
    for _ in range(draw.randint(1, MOST)):
        places = list(_places(value))
        if not places:
            break
        container, key = draw.choice(places)
        match draw.randrange(3):
            case 0:
                del container[key]
            case 1:
                container[key] = None
            case _:
                container[key] = draw.choice(WRONG)
    return json.dumps(value).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield value, key
        yield from _places(item)


def _xml(body: bytes, draw: random.Random) -> bytes:
    root = ElementTree.fromstring(body)
    for _ in range(draw.randint(1, MOST)):
        places = [(parent, child) for parent in root.iter() for child in parent]
        if not places:
            break
        parent, child = draw.choice(places)
        match draw.randrange(3):
            case 0:
                parent.remove(child)
            case 1:
                child.clear()
            case _:
                child[:] = []
                child.text = draw.choice(TEXTS)
    return ElementTree.tostring(root)
