"""Records of what is as the config says although the last apply said otherwise: an edit of AWS that the config followed.

Without that, the next edit by hand would be told as a change of the config, and drift would not see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.kinds.compare import same_value
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.values import from_json, has_unknown, resolve
from sbctl.core.plan import Plan
from sbctl.core.state import Record, State
from sbctl.engine.apply.outputs import Outputs
from sbctl.engine.matching.targets import Kinds


def renewed(kinds: Kinds, plan: Plan, state: State) -> Iterator[Record]:
    """The records that change, of steps that do nothing in AWS. What sbctl never applied stays out of them."""
    lookup = Outputs(state, frozenset()).lookup
    for step in plan.steps:
        record = state.records.get(step.address)
        if step.action != "none" or record is None or record.status != "ready" or step.wanted is None:
            continue
        stale = _stale(kinds[step.at.kind], resolve(from_json(step.wanted), lookup), record.applied)
        if stale or record.rolled_back:
            yield record.model_copy(update={"applied": {**record.applied, **stale}, "rolled_back": {}})


def _stale(kind: Kind[Any, Any], wanted: Mapping[str, Any], applied: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `applied` that mean something else than what is wanted, and there, by now."""
    found: dict[str, Any] = {}
    known = {name: wanted[name] for name in applied if wanted.get(name) is not None}
    for name, value in known.items():
        if name in kind.spec.create_only or has_unknown(value):
            continue
        if name in kind.spec.owned_maps:
            value = {key: dict(value).get(key, before) for key, before in applied[name].items()}
        if not same_value(kind, name, value, applied[name]):
            found[name] = value
    beside = {name: value for name, value in known.items() if name in kind.spec.create_only} if found else {}
    return {**beside, **found}
