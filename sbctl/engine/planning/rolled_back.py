"""What was rolled back: the plan says so, and a deploy that would undo it unasked is refused where nobody can be asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sbctl.core.kinds.resource import Kind
from sbctl.core.plan import FieldChange, Plan, Step
from sbctl.core.problem import Exit, Problem
from sbctl.core.state import Record, State
from sbctl.core.text.counted import counted
from sbctl.engine.matching.targets import Kinds
from sbctl.engine.planning.allowing import again
from sbctl.engine.planning.guards import listed, named


def undone_rollback(kind: Kind[Any, Any], record: Record, found: Iterable[FieldChange]) -> str:
    """Why what was rolled back differs from its file, as the reason of a step; "" where nothing was rolled back."""
    change = _of_version(kind, found)
    if not record.rolled_back or change is None:
        return ""
    what = "the file again" if change.why == "drift" else "the file, which has changed since"
    return f"rolled back to {record.rolled_back['to']} on {record.rolled_back['at'][:10]}; deploy would publish {what}"


def against_rollback(plan: Plan, state: State, kinds: Kinds, allowed: Sequence[str] = ()) -> list[Problem]:
    """The steps that would publish again what was rolled back, and that the user has not named.

    A file that has changed since may be deployed: it is not what was rolled back.
    """
    patterns = [pattern.lower() for pattern in allowed]
    undoing = [step for step in plan.pending if _undoes(step, state, kinds) and not named(step, patterns)]
    if not undoing:
        return []
    record = state.records[undoing[0].address]
    why = f" ({record.rolled_back['reason']})" if record.rolled_back.get("reason") else ""
    return [
        Problem(
            code="rolled-back",
            summary="A deploy would undo a rollback",
            detail=f"{counted(len(undoing), 'resource')}: {listed([step.address for step in undoing], ', ')}; "
            f"{record.rolled_back['by']} rolled back to {record.rolled_back['to']}{why}, and the file is still the same",
            at=undoing[0].address,
            fix="Correct the file. To publish it as it is: " + again(step.address for step in undoing),
            exit=Exit.REFUSED,
        )
    ]


def _undoes(step: Step, state: State, kinds: Kinds) -> bool:
    record = state.records.get(step.address)
    if step.action != "update" or record is None or not record.rolled_back:
        return False
    change = _of_version(kinds[step.at.kind], step.changes)
    return change is not None and change.why == "drift"


def _of_version(kind: Kind[Any, Any], found: Iterable[FieldChange]) -> FieldChange | None:
    return next((change for change in found if change.field == kind.versioned), None)
