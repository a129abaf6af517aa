"""What differs of a resource and means nothing, such as a flow's layout: told in the plan, deployed where that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sbctl.core.kinds.compare import same_value
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.values import has_unknown, to_json
from sbctl.core.plan import FieldChange, Step

OPTION = "--layout"


def asides(kind: Kind[Any, Any], wanted: Mapping[str, Any], live: Mapping[str, Any]) -> Iterator[FieldChange]:
    """The fields that differ in nothing but what means nothing. Both are plain trees."""
    for field in kind.spec.model_fields:
        found = "" if has_unknown(wanted.get(field)) else kind.aside(field, wanted.get(field), live.get(field))
        if found:
            before, after = to_json(live.get(field)), to_json(wanted.get(field))
            yield FieldChange(field=field, before=before, after=after, why="config", notes=(f"{found} alone",))


def deployed_with(found: Sequence[FieldChange]) -> str:
    """The reason of a step that has them; "" for none."""
    return f"{found[0].notes[0]}, deployed with {OPTION}" if found else ""


def only_asides(kind: Kind[Any, Any], step: Step, wanted: Mapping[str, Any], live: Mapping[str, Any]) -> list[str]:
    """The fields of a step's changes that are to be written although they mean the same."""
    named = {change.field for change in step.changes} & set(kind.spec.model_fields)
    return [
        field
        for field in sorted(named)
        if same_value(kind, field, wanted.get(field), live.get(field))
        and kind.aside(field, wanted.get(field), live.get(field))
    ]
