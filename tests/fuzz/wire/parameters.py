"""Parameters of any operation, drawn by botocore's model: mostly what AWS would take, now and then what nobody should send."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

DEEPEST = 5
ODD_SHARE = 0.03
"""Of the values, how many do not fit their shape."""
ODD_TEXTS = (
    "",
    " ",
    "\x00",
    "a\r\nb: c",
    "../../etc/passwd",
    "é" * 300,
    "💥",
    "%",
    "%zz",
    "%2F..%2F",
    "{0} %s ${region}",
    "x" * 5_000,
    "*",
    "-1",
    "arn:aws:",
    "arn:aws:iam::123456789012:role/",
    "arn:aws:lambda:us-east-1:123456789012:function:",
    "2026-02-30T25:61:61Z",
    "[" * 2_000,
    "\u202e\u2028",
    "\ud7ff\ufffd",
    "NaN",
    "Infinity",
    "null",
)
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**40,
    -(10**40),
    1.5,
    1e308,
    5e-324,
    [],
    {},
    [[[[[]]]]],
    {"": ""},
    [None],
    {"S": None},
)
NUMBERS = (0, 1, 2, 3, 5, 10, 60, 100, 1000)
TIMES = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 1, 12, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
)
DOCUMENTS = (
    "{}",
    "[]",
    "null",
    "1",
    '"a"',
    '{"Version": "2012-10-17", "Statement": []}',
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}',
    '{"Version": "2012-10-17", "Statement": [{"Effect": 1, "Action": null, "Principal": [], "Condition": "x"}]}',
    '{"Version": "2012-10-17", "Statement": [null, 1, "a", [], {}]}',
    '{"Version": "2019-10-30", "StartAction": "a", "Actions": [{"Identifier": "a", "Type": "Wait", "Transitions": null}]}',
    '{"Version": "2019-10-30", "StartAction": 1, "Metadata": [], "Actions": {}}',
    '{"widgets": [{"type": "metric", "properties": null}]}',
    "{" * 900,
    "[" * 100_000,
    '{"a": NaN}',
    '{"a": 1e999}',
)
"""What stands in strings that are documents: policies, flows, dashboards."""


class Parameters:
    """Draws values; `pool` holds names and ids that the world may know, `names` those that it knows by member."""

    def __init__(self, draw: random.Random, pool: list[str], names: Mapping[str, str]) -> None:
        self._draw = draw
        self._pool = pool
        self._names = names

    def of(self, shape: Any) -> dict[str, Any]:
        """The parameters of an operation with this input."""
        found: dict[str, Any] = self._structure(shape, 0)
        return found

    def text(self) -> str:
        return self._draw.choice(ODD_TEXTS)

    def _structure(self, shape: Any, depth: int) -> dict[str, Any]:
        draw, required = self._draw, set(shape.required_members)
        names = [name for name in shape.members if name in required or draw.random() < 0.35 / (1 + depth)]
        if getattr(shape, "is_tagged_union", False) or (not names and shape.members and depth):
            names = [draw.choice(list(shape.members))]
        if names and draw.random() < ODD_SHARE:
            names.remove(draw.choice(names))
        return {name: self._value(name, shape.members[name], depth + 1) for name in names}

    def _value(self, name: str, shape: Any, depth: int) -> Any:
        kind, draw = shape.type_name, self._draw
        if kind == "structure":
            return self._structure(shape, depth) if depth < DEEPEST else {}
        if kind == "list":
            many = draw.choice((0, 1, 1, 2)) if depth < DEEPEST else 0
            return [self._value(name, shape.member, depth + 1) for _ in range(many)]
        if kind == "map":
            many = draw.choice((0, 1, 2)) if depth < DEEPEST else 0
            return {self._string(name, shape.key): self._value(name, shape.value, depth + 1) for _ in range(many)}
        return self._leaf(name, shape)

    def _leaf(self, name: str, shape: Any) -> Any:
        kind, draw = shape.type_name, self._draw
        if kind == "string":
            return self._string(name, shape)
        if kind in ("integer", "long"):
            return draw.choice(NUMBERS) if draw.random() > ODD_SHARE else draw.choice((-1, 2**31, 2**63, 10**30))
        if kind in ("float", "double"):
            return draw.choice((0.0, 0.5, 1.0, -1.0, 1e308))
        if kind == "timestamp":
            return draw.choice(TIMES)
        return draw.random() < 0.5 if kind == "boolean" else draw.choice((b"", b"{}", b"PK\x03\x04", b"\xff\x00x"))

    def _string(self, name: str, shape: Any) -> str:
        draw, allowed = self._draw, shape.metadata.get("enum")
        if draw.random() < ODD_SHARE:
            return draw.choice(ODD_TEXTS)
        if allowed:
            return str(draw.choice(allowed))
        if name.endswith(("Document", "Content", "Policy", "Body", "Pattern", "Template")) and draw.random() < 0.8:
            return draw.choice(DOCUMENTS)
        if name in self._names and draw.random() < 0.85:
            return self._names[name]
        return draw.choice(self._pool) if draw.random() < 0.8 else draw.choice(("a", "name-1", "12", "us-east-1", "S"))
