"""Masks data of people in whatever a command shows: its view, its JSON and its problems. `--show-personal` leaves it out.

It is done in one place, on what is about to be shown, so that plans and states keep what they need. Which fields are meant
says each kind (`Spec.personal`); whose values a part of a report has says its address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from dataclasses import is_dataclass, replace
from typing import TYPE_CHECKING, Any

from sbctl.core.text.personal import masked, without_emails

# What shows plans and records has loaded these; what shows neither need not.
if TYPE_CHECKING:
    from sbctl.core.plan import FieldChange, Plan, Step
    from sbctl.core.problem import Problem
    from sbctl.core.report import Report
    from sbctl.core.state import Record
    from sbctl.ui.views import Applied, LivesListed

Fields = Callable[[str], frozenset[str]]
"""Name or title of a kind → its personal fields."""
VALUES = frozenset({"before", "after", "live", "wanted", "here", "there"})
"""Where a part that speaks of one field has its values."""
_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])")


class Mask:
    """Hides personal values in what is shown."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def report(self, report: Report) -> Report:
        """The report as it may be shown."""
        kind = report.view.kind.name if type(report.view).__name__ == "LivesListed" else ""
        return replace(
            report,
            data=self._tree(report.data, kind),
            view=self.view(report.view),
            problems=tuple(_problem(one) for one in report.problems),
        )

    def view(self, view: Any) -> Any:
        """A view as it may be shown."""
        known: dict[str, Callable[[Any], Any]] = {
            "Plan": self._plan,
            "Applied": self._applied,
            "Record": self._record,
            "LivesListed": self._lives,
        }
        return known.get(type(view).__name__, self._other)(view)

    def _plan(self, plan: Plan) -> Plan:
        return plan.model_copy(update={"steps": tuple(self._step(step) for step in plan.steps)})

    def _applied(self, view: Applied) -> Applied:
        return replace(view, plan=self._plan(view.plan))

    def _record(self, record: Record) -> Record:
        return record.model_copy(update={"applied": _values(record.applied, self._fields(record.at.kind))})

    def _lives(self, view: LivesListed) -> LivesListed:
        if not view.kind.spec.personal:
            return view
        return replace(view, rows=tuple((region, live, without_emails(name)) for region, live, name in view.rows))

    def _other(self, view: Any) -> Any:
        """A view of the JSON that it draws: its trees, as those of the report's data."""
        if not is_dataclass(view) or isinstance(view, type):
            return view
        shown = {one.name: getattr(view, one.name) for one in fields_of(view)}
        found = {name: self._tree(value, "") for name, value in shown.items() if _is_tree(value)}
        return replace(view, **found) if found else view

    def _step(self, step: Step) -> Step:
        hidden = self._fields(step.at.kind) if step.changes or step.reason else frozenset[str]()
        if not hidden:
            return step
        changes = tuple(_change(change, hidden) for change in step.changes)
        return step.model_copy(update={"changes": changes, "reason": without_emails(step.reason)})

    def _tree(self, value: Any, kind: str) -> Any:
        """A part of a report that speaks of a kind, "" where it does not say."""
        if isinstance(value, Mapping):
            return self._part(value, kind)
        if isinstance(value, list | tuple):
            return type(value)(self._tree(one, kind) for one in value)
        return without_emails(value) if isinstance(value, str) and kind and self._fields(kind) else value

    def _part(self, part: Mapping[str, Any], kind: str) -> dict[str, Any]:
        addressed = _kind_of(part) or kind
        hidden = self._fields(addressed) if addressed else frozenset[str]()
        named = part.get("kind")
        spoken = addressed or (named if isinstance(named, str) and self._fields(named) else "")
        field = _field_of(part)
        found = {}
        for key, value in part.items():
            if key in hidden or (field in hidden and key in VALUES):
                found[key] = _hidden(value)
            else:
                found[key] = self._tree(value, spoken)
        return found


def _values(values: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """The values of a spec."""
    return {name: (_hidden if name in hidden else _texts if hidden else _same)(value) for name, value in values.items()}


def _same(value: Any) -> Any:
    return value


def _is_tree(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list | tuple) and bool(value) and all(isinstance(one, Mapping) for one in value)
    )


def _kind_of(part: Mapping[str, Any]) -> str:
    """The kind of the address that a part is about; "" where it has none."""
    address = part.get("address")
    if not isinstance(address, str):
        several = part.get("addresses")
        address = several[0] if isinstance(several, list | tuple) and several else ""
    text = str(address)
    return text.partition(".")[0] if text.count(".") > 1 else ""


def _field_of(part: Mapping[str, Any]) -> str:
    """The field that a part is about, by the name that specs have for it."""
    field = part.get("field") or str(part.get("path") or "").rpartition(".")[2]
    return _CAPITAL.sub(r"_\1", str(field)).lower().partition(".")[0]


def _change(change: FieldChange, hidden: frozenset[str]) -> FieldChange:
    hide = _hidden if change.field.partition(".")[0] in hidden else _texts
    return change.model_copy(update={"before": hide(change.before), "after": hide(change.after)})


def _hidden(value: Any) -> Any:
    """A value of which nothing is shown but what tells it from others."""
    return _each(value, masked)


def _texts(value: Any) -> Any:
    return _each(value, without_emails)


def _each(value: Any, hide: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, Mapping):
        return {key: _each(one, hide) for key, one in value.items()}
    return [_each(one, hide) for one in value] if isinstance(value, list | tuple) else value


def _problem(problem: Problem) -> Problem:
    return replace(problem, detail=without_emails(problem.detail), summary=without_emails(problem.summary))
