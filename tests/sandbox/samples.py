"""Values made from botocore's shapes: a request or an answer with every member, for checks of whole services."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

MOMENT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
PLAIN: dict[str, Any] = {
    "integer": 3,
    "long": 3,
    "float": 0.5,
    "double": 0.5,
    "boolean": True,
    "timestamp": MOMENT,
    "blob": b"blob",
}


def full(shape: Any, above: tuple[str, ...] = ()) -> Any:
    """A value with every member of a shape, cut where a shape contains itself. Unions carry one member."""
    if shape.type_name == "structure":
        members = [(name, member) for name, member in shape.members.items() if member.name not in above]
        chosen = members[:1] if getattr(shape, "is_tagged_union", False) else members
        return {name: full(member, (*above, shape.name)) for name, member in chosen}
    if shape.type_name == "list":
        return [full(shape.member, (*above, shape.name)), full(shape.member, (*above, shape.name))]
    if shape.type_name == "map":
        return {_text(shape.key): full(shape.value, (*above, shape.name))}
    if shape.serialization.get("location") == "statusCode":
        return 202
    return PLAIN.get(shape.type_name) or _text(shape)


def _text(shape: Any) -> str:
    return str((shape.metadata.get("enum") or ["a b/c+d:é"])[0])
