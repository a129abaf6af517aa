"""Which tests run in which regions, and why some must not: older than their file, or likely to ring an agent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sbctl.app import App
from sbctl.checks.flow_tests.runner import Case
from sbctl.cli.scope import known_region
from sbctl.core.flow_document import FlowTestDocument
from sbctl.core.kinds.spec import Desired
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.core.text.alike import did_you_mean
from sbctl.endpoints import SANDBOX
from sbctl.engine.session import Planned
from sbctl.flows.testing.ringing import can_ring

KIND = "connect_test_case"


@dataclass(frozen=True)
class Chosen:
    """The wanted test cases of a run, and the tests of the project behind them."""

    wanted: tuple[Desired, ...]
    tests: tuple[FlowTestDocument, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.address.region for one in self.wanted))


def chosen(app: App, names: Sequence[str], regions: Sequence[str]) -> Chosen:
    """Raises SbctlError for names and regions that there are none of, and where there is no test at all."""
    project = app.loaded.project
    if "all" not in regions:
        regions = [known_region(project, one, "--region") for one in regions]
    known = {one.lower(): one for one in project.tests}
    unknown = [name for name in names if name.lower() not in known]
    if unknown or not known:
        raise SbctlError(*(_unknown(name, sorted(project.tests)) for name in unknown or [""]))
    tests = {known[name.lower()] for name in names} if names else set(known.values())
    order = [one.region for one in project.connect_regions]
    found = [
        one
        for one in app.loaded.desired
        if one.address.kind == KIND
        and one.values["name"] in tests
        and (not regions or "all" in regions or one.address.region in regions)
    ]
    found.sort(key=lambda one: (one.values["name"], order.index(one.address.region)))
    return Chosen(tuple(found), tuple(project.tests[name] for name in sorted(tests)))


def ringing(app: App, tests: Iterable[FlowTestDocument]) -> list[Problem]:
    """Tests that can ring an agent, where agents are people."""
    if app.endpoint_name == SANDBOX:
        return []
    flows = {name: one.content for name, one in app.loaded.project.flows.items()}
    found = ((test, can_ring(test, flows)) for test in tests)
    return [
        Problem(
            code="flow-test-rings",
            summary="The test could ring an agent",
            detail=f"test {test.name}: {why}",
            at=test.at,
            fix="End it where the queue is reached (.reaches_queue), or run it on the sandbox.",
            exit=Exit.REFUSED,
        )
        for test, why in found
        if why
    ]


def stale(selected: Chosen, planned: Planned) -> list[Problem]:
    """Test cases that AWS has in another form than their files, or not at all. Regions that were not read have none."""
    steps = {step.address: step.action for step in planned.plan.steps}
    found = ((one, steps.get(str(one.address), "none")) for one in selected.wanted)
    return [
        Problem(
            code="flow-test-stale",
            summary="The deployed test is not that of its file",
            detail="it is not deployed" if action in ("create", "adopt") else "it is older than its file",
            at=str(one.address),
            fix=f"{AGAIN} --deploy",
            exit=Exit.STALE,
            cause="stale",
        )
        for one, action in found
        if action != "none" and one.address.region not in planned.plan.unread
    ]


def cases(app: App, selected: Chosen) -> list[Case]:
    """What is run: test cases by their ids. One without a record is left out; `stale` has told of it."""
    state, tests = app.store.load(), {one.name: one for one in selected.tests}
    found = []
    for one in selected.wanted:
        record, name = state.get(one.address), str(one.values["name"])
        if record is not None and record.ids.get("id"):
            test, digest = tests[name], str(one.values.get("digest") or "")
            ids = record.ids
            found.append(Case(name, one.address.region, ids["instance"], ids["id"], test.content, digest))
    return found


def _unknown(name: str, names: Sequence[str]) -> Problem:
    there = f"there are {', '.join(names)}" if names else "flows/tests/ holds none"
    return Problem(
        code="unknown-flow-test",
        summary="There is no such flow test",
        detail=f"{name}; {there}" if name else there,
        at="flows/tests/",
        fix=did_you_mean(name, names, "Name one of them, or add a file to flows/tests/."),
        exit=Exit.USAGE,
    )
