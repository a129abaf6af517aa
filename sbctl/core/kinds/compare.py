"""The three-way compare: last applied, wanted, live. Says field by field what would change and who moved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.values import has_unknown, to_json
from sbctl.core.plan import FieldChange, Why

Values = Mapping[str, Any]


def changes(kind: Kind[Any, Any], wanted: Values, live: Values, applied: Values) -> tuple[FieldChange, ...]:
    """The fields in which `live` must move to become `wanted`.

    All three are plain trees; `wanted` may hold Unknown leaves. A wanted value of None means that sbctl does not manage
    the field; what sbctl applied of it goes back to AWS's default. `applied` is empty when nothing was applied before.
    """
    found: list[FieldChange] = []
    for field in kind.spec.model_fields:
        if field in kind.spec.create_only:
            continue
        if wanted.get(field) is None:
            found.extend(_taken_back(kind, field, live, applied))
            continue
        if field in kind.spec.owned_maps:
            found.extend(_owned_map(field, wanted[field], live.get(field) or {}, applied.get(field) or {}))
        else:
            found.extend(_field(kind, field, wanted[field], live.get(field), applied))
    return tuple(found)


def is_left(kind: Kind[Any, Any], field: str, live: Values, applied: Values) -> bool:
    """Whether a field that the config no longer says still has what sbctl applied."""
    before, now = applied.get(field), live.get(field)
    return before is not None and now is not None and same_value(kind, field, before, now)


def _taken_back(kind: Kind[Any, Any], field: str, live: Values, applied: Values) -> Iterator[FieldChange]:
    default = kind.spec.taken_back.get(field)
    if field in kind.spec.taken_back and live.get(field) != default and is_left(kind, field, live, applied):
        yield _change(field, live.get(field), default, "config")


def replaced_by(kind: Kind[Any, Any], found: tuple[FieldChange, ...]) -> bool:
    """Whether any of the changes needs a new resource."""
    return any(change.field.split(".")[0] in kind.spec.replace_on for change in found)


def _field(kind: Kind[Any, Any], field: str, wanted: Any, live: Any, applied: Values) -> Iterator[FieldChange]:
    if has_unknown(wanted):
        yield _change(field, live, wanted, "unknown")
    elif not same_value(kind, field, wanted, live):
        kept = field in applied and same_value(kind, field, wanted, applied[field])
        notes = tuple(kind.notes(field, live, wanted))
        yield _change(field, live, wanted, "drift" if kept else "config", notes)


def same_value(kind: Kind[Any, Any], field: str, wanted: Any, other: Any) -> bool:
    """Whether two values of a field mean the same to its kind; `field` may be `map.key`."""
    if field in kind.spec.as_sets:
        wanted, other = _sorted(wanted), _sorted(other)
    return kind.same(field, wanted, other)


def _owned_map(field: str, wanted: Values, live: Values, applied: Values) -> Iterator[FieldChange]:
    for key in sorted(wanted):
        value = wanted[key]
        if has_unknown(value):
            yield _change(f"{field}.{key}", live.get(key), value, "unknown")
        elif live.get(key) != value:
            yield _change(f"{field}.{key}", live.get(key), value, "drift" if applied.get(key) == value else "config")
    for key in sorted(applied.keys() - wanted.keys()):
        if key in live:
            yield _change(f"{field}.{key}", live[key], None, "config")


def _change(field: str, before: Any, after: Any, why: Why, notes: tuple[str, ...] = ()) -> FieldChange:
    return FieldChange(field=field, before=to_json(before), after=to_json(after), why=why, notes=notes)


def _sorted(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    return sorted(value, key=lambda item: json.dumps(item, sort_keys=True, default=str))
