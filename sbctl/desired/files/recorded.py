"""Flows of Python files as the last deploy recorded them: so a project is read without running any of its code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sbctl.core.flow_document import FlowDocument, FlowTestDocument
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import refs
from sbctl.core.state import Record, State
from sbctl.flows.language.facts import MODULE
from sbctl.flows.names.placeholders import placeholders

FLOWS, MODULES, TESTS = "connect_flow", "connect_flow_module", "connect_test_case"
FLOW = "CONTACT_FLOW"
Documents = Mapping[str, FlowDocument]
_EMPTY: dict[str, Any] = {"Version": "2019-10-30", "StartAction": "end", "Metadata": {}, "Actions": []}


@dataclass(frozen=True)
class Recorded:
    """The flows and modules that a state knows, by name. Their content stands in the records of each region."""

    flows: Mapping[str, FlowDocument] = field(default_factory=dict)
    modules: Mapping[str, FlowDocument] = field(default_factory=dict)
    tests: Mapping[str, FlowTestDocument] = field(default_factory=dict)

    @classmethod
    def of(cls, state: State) -> Recorded:
        return cls(_documents(state, FLOWS, FLOW), _documents(state, MODULES, MODULE), _tests(state))

    def beside(self, flows: Documents, modules: Documents) -> tuple[Documents, Documents]:
        """Those that JSON files give, with the recorded ones, and with those that they name and nobody has recorded."""
        given = [*flows.values(), *modules.values()]
        named = {(used.kind, used.name) for one in given for used in placeholders(one.content)}
        return (
            {**{name: _document(name, FLOW) for kind, name in named if kind == "flow"}, **self.flows, **flows},
            {**{name: _document(name, MODULE) for kind, name in named if kind == "module"}, **self.modules, **modules},
        )


def as_deployed(desired: Iterable[Desired], state: State, recorded: Recorded, given: frozenset[str]) -> list[Desired]:
    """What is wanted, with the flows that no JSON file gives (`given`: the addresses of those that one does) as deployed.

    A flow that was never deployed in a region is left out there: nobody can say what it would be.
    """
    names = {FLOWS: recorded.flows, MODULES: recorded.modules, TESTS: recorded.tests}
    found = []
    for one in desired:
        if one.address.kind not in names or str(one.address) in given:
            found.append(one)
        elif (record := state.get(one.address)) is not None:
            found.append(_as_applied(one, record))
    return found


def _documents(state: State, kind: str, usual: str) -> dict[str, FlowDocument]:
    rows = [record.applied for record in state.records.values() if record.at.kind == kind]
    return {
        str(row["name"]): _document(str(row["name"]), str(row.get("type", usual))) for row in rows if row.get("name")
    }


def _tests(state: State) -> dict[str, FlowTestDocument]:
    """Tests whose content stands in the records of each region."""
    rows = [record.applied for record in state.records.values() if record.at.kind == TESTS]
    names = {str(row["name"]) for row in rows if row.get("name")}
    return {name: FlowTestDocument(name=name, description="", content={}, at="the state") for name in sorted(names)}


def _document(name: str, type_: str) -> FlowDocument:
    return FlowDocument(name=name, type=type_, description="", content=_EMPTY, at="the state")


def _as_applied(one: Desired, record: Record) -> Desired:
    """References stay: by them its place is found. All else is as the record has it."""
    held = {name for name, value in one.values.items() if any(refs({name: value}))}
    fields = type(one.spec).model_fields.keys() - held
    values = {name: value for name, value in record.applied.items() if name in fields}
    return replace(one, spec=one.spec.model_copy(update=values))
