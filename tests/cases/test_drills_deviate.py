"""Drills that find what is broken on purpose: each of these breaks the very thing that its drill is about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sbctl.commands.failover.drill_context import drills, stage_of
from sbctl.commands.kit.find import kit_found
from sbctl.core.moving.run import Run
from sbctl.core.reading import Reading
from sbctl.drills.context import DrillContext
from sbctl.drills.runner import Played, play
from sbctl.failover.execution.open_runs import Runs
from sbctl.probes.http import HttpAnswer
from sbctl.probes.protocols import Answered, Endpoints
from sbctl.sandbox.replication_control import set_replication
from tests.cases.conftest import awake
from tests.cases.test_drills import app_of, assert_as_before
from tests.cases.test_failover import active
from tests.sandbox.deployed import EAST, WEST, Scene
from tests.waits import advanced_until

HICCUPS = 8
"""Of probes, which are made every two seconds: past what a drill looks at before it breaks anything."""
FORGOTTEN_SECONDS = 180.0
"""Until the metric of the takeover no longer tells of a signal."""
LAG_SECONDS = 130.0
"""Longer than a drill looks before traffic has moved, and than twice the RPO, for which a canary is waited."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One world for all: each drill has to leave it as it was."""
    with awake(tmp_path_factory.mktemp("deviate")) as found:
        yield found


def limits(data: dict[str, Any]) -> dict[str, Any]:
    """What did not hold, with what was seen."""
    return {limit["name"]: limit["value"] for limit in data["limits"] if not limit["held"]}


def assert_deviated(scene: Scene, name: str) -> dict[str, Any]:
    """Play a drill by the command line; what did not hold."""
    code, said = scene.run("drill", "run", name)
    assert (code, said["data"]["outcome"]) == (8, "deviated"), said["problems"]
    assert {problem["code"] for problem in said["problems"]} == {"drill-deviated"}
    return limits(said["data"])


@contextmanager
def health_check(
    scene: Scene, name: str, change: dict[str, Any], back: dict[str, Any], kind: str = "route53_health_check"
) -> Iterator[None]:
    """One of the deployed health checks otherwise than it should be."""
    records = json.loads((scene.state / "sbctl.json").read_text())["state"]["records"]
    check, route53 = records[f"{kind}.global.{name}"]["ids"]["id"], scene.client("route53")
    route53.update_health_check(HealthCheckId=check, **change)
    try:
        yield
    finally:
        route53.update_health_check(HealthCheckId=check, **back)


@contextmanager
def late_items(scene: Scene) -> Iterator[None]:
    """Items take minutes to the other regions."""
    set_replication(scene.world.services, {"service": "dynamodb", "lag_seconds": LAG_SECONDS, "jitter": 0})
    try:
        yield
    finally:
        set_replication(scene.world.services, {"service": "dynamodb", "lag_seconds": 1, "jitter": 0.5})


@contextmanager
def unwatched_takeover(scene: Scene) -> Iterator[None]:
    """Nobody looks whether us-west-2 takes over, at neither of its functions nor at their metric: its signal moves nothing."""
    change, back = {"ResourcePath": "/nothing-here"}, {"ResourcePath": "/takeover"}
    off, on = {"Disabled": True}, {"Disabled": False}
    with (
        health_check(scene, "takeover-us-west-2", change, back),
        health_check(scene, "takeover-function.us-west-2", change, back),
        health_check(scene, "takeover-latch.us-west-2", off, on, "route53_metric_check"),
    ):
        yield
        scene.pass_time(FORGOTTEN_SECONDS)


@pytest.mark.long
def test_a_nervous_health_check_makes_the_flap_deviate(scene: Scene) -> None:
    """With a threshold of 1 an unrest that is too short to count moves traffic after all."""
    with health_check(scene, EAST, {"FailureThreshold": 1}, {"FailureThreshold": 3}):
        failed = assert_deviated(scene, "dns-flap")
    assert WEST in failed["regions that DNS answered besides the active one"]
    advanced_until(scene.world, lambda: active(scene) == EAST, "DNS answers us-east-1 again")


@pytest.mark.long
def test_an_indifferent_health_function_makes_the_outage_deviate(scene: Scene) -> None:
    """A function that does not ask for the instance never notices that Connect fails."""
    functions = scene.client("lambda")
    before = functions.get_function_configuration(FunctionName="enterprise-health")["Environment"]["Variables"]
    change: dict[str, Any] = {"FunctionName": "enterprise-health"}
    functions.update_function_configuration(**change, Environment={"Variables": {**before, "INSTANCE_ID": ""}})
    try:
        failed = assert_deviated(scene, "connect-outage")
    finally:
        functions.update_function_configuration(**change, Environment={"Variables": before})
    assert failed["fault → traffic moved by itself"] is None
    assert_as_before(scene)


@pytest.mark.long
@pytest.mark.parametrize("name", ["control-plane-loss", "half-done-failover"])
def test_a_takeover_that_nobody_watches_makes_the_failover_deviate(scene: Scene, name: str) -> None:
    """The signal is out and nothing moves, by an unbroken failover as by a resumed one."""
    with unwatched_takeover(scene):
        failed = assert_deviated(scene, name)
    assert failed["decision → traffic moved"] is None
    assert_as_before(scene)


@pytest.mark.long
def test_data_that_does_not_arrive_makes_the_loss_of_a_region_deviate(scene: Scene) -> None:
    """Traffic moves in time, but nothing that was written before is there: the RPO is missed, and said to be."""
    with late_items(scene):
        failed = assert_deviated(scene, "region-loss")
    assert failed == {"RPO": "farther back than the drill's first write"}
    assert_as_before(scene)


@pytest.mark.long
def test_data_that_does_not_arrive_makes_the_planned_switch_deviate(scene: Scene) -> None:
    """The order is refused, since it would lose what has not arrived; a drill that expects the way to be free says so."""
    with late_items(scene):
        failed = assert_deviated(scene, "planned-switch")
    assert failed["the order is refused with"] == "lag"
    assert_as_before(scene)


@pytest.mark.long
def test_a_blind_measurement_makes_late_replication_deviate(scene: Scene) -> None:
    """Whoever measures lag without looking lets an order through that would lose data."""

    def blind(source: str, target: str) -> tuple[Reading, ...]:
        at = app_of(scene).clock.now()
        return (
            Reading(
                check="canary-item",
                subject="all",
                source=source,
                target=target,
                value=0.1,
                unit="s",
                verdict="ok",
                at=at,
            ),
        )

    played = played_on(
        scene, "replication-late", lambda stage: replace(stage, measures=replace(stage.measures, lag=blind))
    )
    assert failed_limits(played) == {"the order is refused with": "nothing"}
    assert_as_before(scene)


@pytest.mark.long
def test_a_journal_that_loses_runs_makes_the_half_done_failover_deviate(scene: Scene) -> None:
    """Where another process does not find the run that was cut off, nobody can resume it."""
    played = played_on(scene, "half-done-failover", lambda stage: replace(stage, runs=Forgetful(stage.runs)))
    assert failed_limits(played)["open run that another process finds"] == "none"
    assert_as_before(scene)


@pytest.mark.long
def test_a_bad_answer_before_anything_was_broken_is_not_the_drills(scene: Scene) -> None:
    """A drill waits for a good answer first: else it would not know when the last one was, or count what it did not cause."""
    played = played_on(scene, "planned-switch", lambda stage: replace(stage, probe_http=Hiccups(stage.probe_http)))
    data = played.run.events[-1].data
    assert (data["outcome"], data["probes_failed"]) == ("held", 0), data["limits"]
    assert [probe["why"] for probe in data["probes"][:HICCUPS]] == ["HTTP 503"] * HICCUPS
    assert_as_before(scene)


@dataclass
class Hiccups:
    """Endpoints that answer badly at first."""

    http: Endpoints
    left: int = HICCUPS

    def get(self, host: str, path: str) -> Answered:
        self.left -= 1
        answer = self.http.get(host, path)
        return HttpAnswer(host, path, 503) if self.left >= 0 else answer


@dataclass
class Forgetful:
    """Runs of which the open one is not found when it is first looked for."""

    runs: Runs
    asked: bool = False

    def open(self) -> Run | None:
        first, self.asked = not self.asked, True
        return None if first else self.runs.open()

    def name(self, kind: Any) -> str:
        return self.runs.name(kind)

    def begin(self, kind: Any, name: str, **data: Any) -> Run:
        return self.runs.begin(kind, name, **data)

    def add(self, run: Run, what: Any, move: str = "", **data: Any) -> Run:
        return self.runs.add(run, what, move, **data)

    def all(self) -> tuple[Run, ...]:
        return self.runs.all()


def played_on(scene: Scene, name: str, otherwise: Any) -> Played:
    """Play a drill on a stage of which one thing is otherwise."""
    app = app_of(scene)
    with app.runs.lock():
        stage: DrillContext = otherwise(stage_of(app, kit_found(app).kit))
        return play(drills()[name], "full", stage)


def failed_limits(played: Played) -> dict[str, Any]:
    assert played.run.events[-1].data["outcome"] == "deviated"
    return limits(played.run.events[-1].data)
