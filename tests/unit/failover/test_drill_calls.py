"""Callers of a drill: how long nobody was answered, what is started and stopped, and what it means when there are none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.moving.own_steps import OwnStep
from sbctl.core.moving.rules import Rules
from sbctl.core.problem import Problem, SbctlError
from sbctl.drills.callers import CallersWanted
from sbctl.drills.calls import finish_callers, gap_seconds, start_callers, stop_callers, told_callers
from sbctl.drills.catalogue.region_loss import DRILL
from sbctl.drills.context import DrillContext, DrillRun
from sbctl.store.runs.store import RunStore
from tests.unit.failover.scenes import EAST, WEST, kit, stage

NUMBER = "+18005550100"


def row(second: int, region: str = EAST, **counted: int) -> dict[str, Any]:
    return {
        "second": second,
        "region": region,
        "answered": 0,
        "served": 0,
        "lost": 0,
        "wrong_region": 0,
        "waiting": 0,
    } | counted


@dataclass
class Simulator:
    """Simulated calls that keep what they were told."""

    rows: list[dict[str, Any]] = field(default_factory=lambda: [row(1, answered=1)])
    there: int = 0
    refusal: str = ""
    told: list[Any] = field(default_factory=list)

    def start(self, rate: float, numbers: Any, seconds: float, region: str) -> str:  # noqa: ARG002
        if self.refusal:
            raise SbctlError(Problem(code="sandbox-refused", summary="no", detail=self.refusal))
        self.told.append(("start", rate, tuple(numbers), region))
        return "c1"

    def expect(self, generator: str, region: str) -> None:
        self.told.append(("expect", generator, region))

    def stop(self, generator: str) -> None:
        self.told.append(("stop", generator))

    def seconds(self, generator: str) -> list[dict[str, Any]]:  # noqa: ARG002
        return self.rows

    def agents(self) -> int:
        return self.there

    def start_agents(self, per_queue: int, talk: float, accept: float, after: float) -> None:  # noqa: ARG002
        self.told.append(("agents", per_queue))

    def stop_agents(self) -> None:
        self.told.append(("no agents",))


class Numbers:
    """The numbers of the region's instance."""

    def __init__(self, *numbers: str) -> None:
        self.numbers = numbers

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        assert (service, operation, region, params["InstanceId"]) == (
            "connect",
            "ListPhoneNumbersV2",
            EAST,
            f"i-{EAST}",
        )
        return {"ListPhoneNumbersSummaryList": [{"PhoneNumber": one} for one in self.numbers]}

    def wait(self, seconds: float, reason: str) -> None: ...


@pytest.mark.parametrize(
    ("rows", "seconds"),
    [
        ([], 0.0),
        ([row(5, answered=1), row(9, answered=1)], 0.0),
        ([row(5, answered=1), row(12, lost=1), row(15, WEST, answered=1)], 10.0),
        ([row(5, answered=1), row(12, lost=1)], None),
        ([row(12, lost=1), row(15, answered=1)], None),
        ([row(3, lost=1), row(5, answered=1), row(12, lost=1), row(14, lost=1), row(20, answered=1)], 15.0),
    ],
)
def test_how_long_nobody_was_answered(rows: list[dict[str, Any]], seconds: float | None) -> None:
    """From the last answered before callers were lost to the first after; what was lost before the fault does not count."""
    assert gap_seconds(rows, broken_at=10.5) == seconds


def scene(
    tmp_path: Path, simulator: Simulator, *numbers: str, demanded: bool = False
) -> tuple[DrillContext, DrillRun, Any]:
    clock = FakeClock()
    runs = RunStore(tmp_path / "runs", clock, clock, "test")
    context = replace(
        stage(runs, clock),
        probes=Numbers(*numbers),
        callers=CallersWanted(30.0, demanded=demanded),
        simulator=simulator,
    )
    return context, DrillRun(DRILL, "full", EAST, WEST), runs.begin("drill", "drill-1")


def test_callers_and_agents_are_started_and_stopped(tmp_path: Path) -> None:
    """The journal says what was started before a restore has to stop it; agents that were there stay."""
    simulator = Simulator()
    context, drill_run, run = scene(tmp_path, simulator, NUMBER)
    run = start_callers(drill_run, run, context)
    assert simulator.told == [("agents", 12), ("start", 30.0, (NUMBER,), EAST)]
    stop_callers(run, simulator)
    assert simulator.told[2:] == [("stop", "c1"), ("no agents",)]
    simulator.told.clear()
    simulator.there = 2
    context, drill_run, run = scene(tmp_path / "other", simulator, NUMBER)
    stop_callers(start_callers(drill_run, run, context), simulator)
    assert simulator.told == [("start", 30.0, (NUMBER,), EAST), ("stop", "c1")]


def test_without_numbers_it_is_said(tmp_path: Path) -> None:
    """A drill goes on without callers; where they were demanded it does not begin."""
    context, drill_run, run = scene(tmp_path, Simulator())
    start_callers(drill_run, run, context)
    told = told_callers(drill_run, context, 0.0)
    assert told["callers"] is None
    assert "no number is claimed" in told["callers_note"]
    context, drill_run, run = scene(tmp_path / "demanded", Simulator(), demanded=True)
    with pytest.raises(SbctlError, match="no number"):
        start_callers(drill_run, run, context)


def test_a_sandbox_that_refuses_is_said(tmp_path: Path) -> None:
    """The drill is played all the same."""
    context, drill_run, run = scene(tmp_path, Simulator(refusal="no flow"), NUMBER)
    start_callers(drill_run, run, context)
    assert "no flow" in drill_run.callers.note


@pytest.mark.parametrize("moves", [True, False])
def test_callers_are_judged_where_something_moves_numbers(tmp_path: Path, moves: bool) -> None:
    """Else they are reported, and no limit is set on them."""
    simulator = Simulator()
    context, drill_run, run = scene(tmp_path, simulator, NUMBER)
    step = OwnStep.model_validate({"name": "c", "after": "moved", "command": ["x"], "movesNumbers": moves})
    context = replace(context, kit=kit(rules=Rules(steps=[step])))
    start_callers(drill_run, run, context)
    simulator.rows = [row(5, answered=2, wrong_region=1), row(12, lost=3), row(20, WEST, answered=1)]
    drill_run.figures["broken_at"] = 10.0
    finish_callers(drill_run, context)
    told = told_callers(drill_run, context, 2.0)
    assert told["callers_rto_seconds"] == 15.0
    assert (told["callers"]["answered"], told["callers"]["lost"], told["callers"]["wrong_region"]) == (3, 3, 1)
    assert [one["at_seconds"] for one in told["callers"]["seconds"]] == [3.0, 10.0, 18.0]
    assert told["callers"]["judged"] is moves
    assert [limit.name for limit in drill_run.limits] == (["callers answered again"] if moves else [])
