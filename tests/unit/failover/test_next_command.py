"""In every state there is one sentence that says what is so, and one command that comes next: a table of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from sbctl.core.moving.run import Run, RunEvent
from sbctl.core.problem import Exit, Problem
from sbctl.core.reading import Reading
from sbctl.failover.decision.observe import THROTTLED
from sbctl.failover.decision.snapshot import Health, RegionView, TrafficSnapshot
from sbctl.failover.guidance.looks import readings_of
from sbctl.failover.guidance.next_command import keeping_order, takes_over, without_project
from sbctl.failover.guidance.status import overview
from sbctl.failover.signal import Signal
from tests.unit.failover.scenes import EAST, LONDON, NOW, WEST, kit, lag

NOBODY = Signal()
EARLIER = NOW - timedelta(minutes=12)
LOG_IN = Problem(
    code="access-denied", summary="No credentials", fix="Sign in: aws sso login, then again.", exit=Exit.CREDENTIALS
)
DENIED = Problem(code="access-denied", summary="Not allowed", fix="Allow dynamodb:GetItem.", exit=Exit.CREDENTIALS)


def by(region: str, run: str = "failover-1", generation: int = 3) -> Signal:
    return Signal(region=region, generation=generation, run=run, by="ana@desk", at=EARLIER.isoformat())


def health(**sick: Health) -> dict[str, Health]:
    return {EAST: sick.get("east", "healthy"), WEST: sick.get("west", "healthy"), LONDON: sick.get("london", "healthy")}


def event(what: Any, **data: Any) -> RunEvent:
    return RunEvent(at=EARLIER, world=EARLIER, what=what, data=data)


def run(kind: Any, name: str, *ends: RunEvent, source: str = EAST, target: str = WEST, **more: Any) -> Run:
    order = {"target": target, "mode": "forced", "by": "ana@desk", **more.pop("order", {})}
    return Run(id=name, kind=kind, events=(event("begun", order=order, source=source, **more), *ends))


OVER = event("finished")
MOVED = run("failover", "failover-1", OVER)
UNDONE = run("failback", "failback-1", OVER, source=WEST, target=EAST, order={"undoes": "failover-1"})
BY_RECORDS = run("failover", "failover-1", OVER, order={"mechanism": "records"})
OPEN = run("failover", "failover-2")
HALF_BACK = run("failback", "failback-2", source=WEST, target=EAST, order={"undoes": "failover-1"})
HELD = run("drill", "drill-1", event("finished", outcome="held"), order={"name": "region-loss"})
KILLED = run("drill", "drill-2", order={"name": "region-loss"}, faults=[{"kind": "hang"}])
WATCHED = run("drill", "drill-3", order={"name": "dns-flap"}, faults=[])
ITS_OWN = run(
    "drill", "drill-4", event("noted", failover="failover-2"), order={"name": "region-loss"}, faults=[{"x": 1}]
)
PROVEN = {"verify-replication": (lag(1.0),), "parity": (Reading(check="parity", verdict="ok", at=NOW),)}
OLD = {
    name: tuple(one.model_copy(update={"at": NOW - timedelta(days=2)}) for one in rows) for name, rows in PROVEN.items()
}
STALE_KIT = Reading(check="failover-kit", verdict="bad", at=NOW, detail="not of what is deployed", fix="sbctl deploy")
DRIFTED = Reading(check="drift", subject="connect_queue.us-east-1.sales", verdict="bad", at=NOW)


@dataclass(frozen=True)
class State:
    """A world as it was looked at, and what else is known."""

    said: str
    following: str
    active: str = EAST
    health: Mapping[str, Health] = field(default_factory=health)
    signal: Signal = NOBODY
    copies: Mapping[str, Signal] = field(default_factory=dict)
    answer: tuple[str, ...] = ()
    caller: Problem | None = None
    throttled: str = ""
    runs: tuple[Run, ...] = (HELD,)
    at_work: str = ""
    proofs: Mapping[str, tuple[Reading, ...]] = field(default_factory=lambda: PROVEN)
    of: Mapping[str, Any] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        views = tuple(
            RegionView(
                region=code,
                health=how,
                detail=THROTTLED if code == self.throttled else f"it is {how}",
                signal=None if how == "silent" else self.copies.get(code, self.signal),
                caller=self.caller,
                at=NOW,
            )
            for code, how in self.health.items()
        )
        world = TrafficSnapshot(at=NOW, active=self.active, active_how="as DNS says", answer=self.answer, regions=views)
        return overview(kit(**self.of), {"status": readings_of(world), **self.proofs}, self.runs, NOW, self.at_work)


SHARED = {"strategy": "active-active", "chain": ()}
ALL_WELL = "Traffic is in us-east-1, the primary; all 3 regions are healthy."
WEST_BY_ANA = "Traffic is in us-west-2 by order of ana (run failover-1, 12 min ago)"
STATES = {
    "all is proven": State(ALL_WELL, "sbctl doctor"),
    "deployed and fresh": State(ALL_WELL, "sbctl verify-replication", runs=(), proofs={}),
    "proofs are old": State(ALL_WELL, "sbctl verify-replication", proofs=OLD),
    "replication is late": State(ALL_WELL, "sbctl verify-replication", proofs={**PROVEN, "verify-replication": (lag(80, "late"),)}),
    "nobody compared": State(ALL_WELL, "sbctl parity", proofs={"verify-replication": PROVEN["verify-replication"]}),
    "something drifted": State(ALL_WELL, "sbctl drift", proofs={**PROVEN, "drift": (DRIFTED,)}),
    "the kit is stale": State(ALL_WELL, "sbctl deploy --region all", proofs={**PROVEN, "doctor": (STALE_KIT,)}),
    "never drilled": State(ALL_WELL, "sbctl drill run region-loss", runs=()),
    "primary silent": State(
        "Traffic is in us-east-1, the primary; us-east-1 is silent.",
        "sbctl failover --to us-west-2 --mode forced",
        health=health(east="silent"),
    ),
    "primary failing": State(
        "Traffic is in us-east-1, the primary; us-east-1 answers badly.",
        "sbctl failover --to us-west-2 --mode forced",
        health=health(east="failing"),
    ),
    "primary and the first standby silent": State(
        "Traffic is in us-east-1, the primary; us-east-1 and us-west-2 are silent.",
        "sbctl failover --to eu-west-2 --mode forced",
        health=health(east="silent", west="silent"),
    ),
    "standby silent": State(
        "Traffic is in us-east-1, the primary; us-west-2 is silent.", "sbctl doctor", health=health(west="silent"), proofs={}
    ),
    "standby failing": State(
        "Traffic is in us-east-1, the primary; eu-west-2 answers badly.", "sbctl doctor", health=health(london="failing")
    ),
    "all silent": State(
        "Traffic is in us-east-1, the primary; us-east-1, us-west-2 and eu-west-2 are silent.",
        "sbctl doctor",
        health=health(east="silent", west="silent", london="silent"),
    ),
    "all fail and DNS says nothing": State(
        "DNS says nothing: where traffic is, is unknown; us-east-1, us-west-2 and eu-west-2 answer badly.",
        "sbctl deploy --region all",
        active="",
        health=health(east="failing", west="failing", london="failing"),
    ),
    "DNS says nothing": State(
        "DNS says nothing: where traffic is, is unknown; all 3 regions are healthy.", "sbctl doctor", active=""
    ),
    "DNS answers what is no region's": State(
        "DNS answers 10.0.0.1, which is no region's; all 3 regions are healthy.", "sbctl drift", active="", answer=("10.0.0.1",)
    ),
    "moved by order, primary lost": State(
        f"{WEST_BY_ANA}; us-east-1 is silent.",
        "sbctl status --watch",
        active=WEST, health=health(east="silent"), signal=by(WEST), runs=(HELD, MOVED), proofs={},
    ),
    "moved by order, primary back": State(
        f"{WEST_BY_ANA}; all 3 regions are healthy.",
        "sbctl history ack failover-1", active=WEST, signal=by(WEST), runs=(HELD, MOVED),
    ),
    "moved by order, primary back with a stale copy": State(
        f"{WEST_BY_ANA}; all 3 regions are healthy.",
        "sbctl failover --rejoin us-east-1",
        active=WEST, signal=by(WEST), copies={EAST: by(EAST, "failback-0", 2)}, runs=(HELD, MOVED),
    ),
    "moved by order, then that region is lost": State(
        f"{WEST_BY_ANA}; us-west-2 is silent.",
        "sbctl failover --to us-east-1 --mode forced",
        active=WEST, health=health(west="silent"), signal=by(WEST), runs=(HELD, MOVED),
    ),
    "moved by order, gone on to a third region by health checks": State(
        "Traffic is in eu-west-2 by health checks alone, though it was ordered to us-west-2; us-west-2 answers badly.",
        "sbctl doctor",
        active=LONDON, health=health(west="failing"), signal=by(WEST), runs=(HELD, MOVED),
    ),
    "moved by records": State(
        f"{WEST_BY_ANA}; us-east-1 is silent.",
        "sbctl status --watch", active=WEST, health=health(east="silent"), runs=(HELD, BY_RECORDS),
    ),
    "moved by a kit from elsewhere": State(
        f"{WEST_BY_ANA}; all 3 regions are healthy.", "sbctl failback --override cooldown", active=WEST, signal=by(WEST)
    ),
    "moved by health checks": State(
        "Traffic is in us-west-2 by health checks alone, by nobody's order; us-east-1 is silent.",
        "sbctl failover --to us-west-2 --mode forced", active=WEST, health=health(east="silent"),
    ),
    "moved by health checks, primary back": State(
        "Traffic is in us-west-2 by health checks alone, by nobody's order; all 3 regions answer well here,"
        " but the health checks of us-east-1 have yet to agree.",
        "sbctl doctor", active=WEST,
    ),
    "moved by health checks, primary throttled": State(
        "Traffic is in us-west-2 by health checks alone, by nobody's order; us-east-1 is throttled, and its health checks fail.",
        "sbctl doctor", active=WEST, throttled=EAST,
    ),
    "moved by order, primary throttled": State(
        f"{WEST_BY_ANA}; us-east-1 is throttled, and its health checks fail.",
        "sbctl doctor", active=WEST, signal=by(WEST), runs=(HELD, MOVED), throttled=EAST,
    ),
    "primary throttled": State(
        "Traffic is in us-east-1, the primary; us-east-1 is throttled, and its health checks fail.",
        "sbctl verify-replication", throttled=EAST, proofs={},
    ),
    "failed back": State(
        ALL_WELL, "sbctl verify-replication", signal=by(EAST, "failback-1"), runs=(HELD, MOVED, UNDONE),
        proofs={**PROVEN, "verify-replication": (lag(80, "bad").model_copy(update={"at": EARLIER}),)},
    ),
    "a failover is open": State(
        "Traffic is in us-east-1, the primary; the failover to us-west-2 is open, begun 12 min ago; us-east-1 is silent.",
        "sbctl failover --resume", health=health(east="silent"), runs=(HELD, OPEN),
    ),
    "a failback is open": State(
        f"{WEST_BY_ANA}; the failback to us-east-1 is open, begun 12 min ago; all 3 regions are healthy.",
        "sbctl failover --resume", active=WEST, signal=by(WEST), runs=(HELD, MOVED, HALF_BACK),
    ),
    "an open failover's target is lost": State(
        "Traffic is in us-east-1, the primary; the failover to us-west-2 is open, begun 12 min ago; us-west-2 is silent.",
        "sbctl failover --to eu-west-2 --mode forced", health=health(west="silent"), runs=(HELD, OPEN),
    ),
    "an open failover was beaten": State(
        "Traffic is in us-east-1, the primary; the failover to us-west-2 is open, begun 12 min ago; all 3 regions are healthy.",
        "sbctl failover --abort", signal=by(LONDON, "failover-9"),
        runs=(HELD, run("failover", "failover-2", signal={"generation": 3})),
    ),
    "a failover is half taken back": State(
        "Traffic is in us-east-1, the primary; the failover to us-west-2 is open, begun 12 min ago; all 3 regions are healthy.",
        "sbctl failover --abort",
        runs=(HELD, run("failover", "failover-2", event("move-begun"), event("changed", again=["signal"]))),
    ),
    "a drill was killed": State(
        "Traffic is in us-east-1, the primary; the drill region-loss, begun 12 min ago, is not restored; us-east-1 is silent.",
        "sbctl drill restore", health=health(east="silent"), runs=(HELD, KILLED),
    ),
    "a drill was killed with its failover": State(
        "Traffic is in us-east-1, the primary; the drill region-loss, begun 12 min ago, is not restored; us-east-1 is silent.",
        "sbctl drill restore", health=health(east="silent"), runs=(HELD, ITS_OWN, OPEN),
    ),
    "a drill that breaks nothing was killed, and a region is lost": State(
        "Traffic is in us-east-1, the primary; the drill dns-flap, begun 12 min ago, is not restored; us-east-1 is silent.",
        "sbctl failover --to us-west-2 --mode forced", health=health(east="silent"), runs=(HELD, WATCHED),
    ),
    "an operator's failover is open beside a killed drill": State(
        "Traffic is in us-east-1, the primary; the failover to us-west-2 is open, begun 12 min ago;"
        " the drill region-loss, begun 12 min ago, is not restored; all 3 regions are healthy.",
        "sbctl failover --resume", runs=(HELD, KILLED, OPEN),
    ),
    "a failover is under way": State(
        "Traffic is in us-east-1, the primary; the failover to us-west-2 is under way, begun 12 min ago; us-east-1 is silent.",
        "sbctl status --watch", health=health(east="silent"), runs=(HELD, OPEN), at_work="`sbctl failover` (pid 7)",
    ),
    "a drill is under way": State(
        "Traffic is in us-east-1, the primary; the drill region-loss, begun 12 min ago, is under way; us-east-1 is silent.",
        "sbctl status --watch", health=health(east="silent"), runs=(HELD, KILLED), at_work="`sbctl drill run` (pid 7)",
    ),
    "no credentials": State(ALL_WELL, "aws sso login", caller=LOG_IN),
    "no credentials, and the primary is lost": State(
        "Traffic is in us-east-1, the primary; us-east-1 is silent.", "aws sso login", caller=LOG_IN, health=health(east="silent")
    ),
    "a permission is missing": State(
        "Traffic is in us-east-1, the primary; us-east-1 is silent.",
        "sbctl failover --to us-west-2 --mode forced", caller=DENIED, health=health(east="silent"),
    ),
    "all regions serve": State(
        "Traffic is shared by us-east-1, us-west-2 and eu-west-2; all 3 regions are healthy.",
        "sbctl doctor", active=LONDON, of=SHARED,
    ),
    "all regions serve, and DNS answers several": State(
        "Traffic is shared by us-east-1, us-west-2 and eu-west-2; all 3 regions are healthy.",
        "sbctl doctor", active="", answer=("a", "b"), of=SHARED,
    ),
    "all regions serve, and one is lost": State(
        "Traffic is shared by us-west-2 and eu-west-2; us-east-1 is silent.",
        "sbctl doctor", active=EAST, health=health(east="silent"), of=SHARED, proofs={},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_a_state_has_one_sentence_and_one_next_command(name: str) -> None:
    """The sentence says what is so now, and the command is the one that helps most."""
    state = STATES[name]
    data = state.data()
    assert (data["verdict"], data["next"]) == (state.said, state.following)


def test_nothing_that_compares_regions_is_advised_while_one_is_lost() -> None:
    """It would wait for the lost region, and fail."""
    for state in STATES.values():
        if {*state.health.values()} & {"silent", "failing"}:
            assert not state.data()["next"].startswith(("sbctl parity", "sbctl verify", "sbctl drill run"))


def test_where_nobody_looked_a_look_comes_first() -> None:
    """No reading at all is no verdict; an open run is known without one."""
    data = overview(kit(), {}, (), NOW)
    assert (data["verdict"], data["next"]) == ("Nobody has looked at the regions yet.", "sbctl status")
    assert overview(kit(), {}, (OPEN,), NOW)["next"] == "sbctl failover --resume"


@pytest.mark.parametrize(
    ("leaving", "sick", "found"),
    [
        (EAST, {}, WEST),
        (EAST, {"west": "failing"}, LONDON),
        (WEST, {}, EAST),
        (EAST, {"west": "silent", "london": "silent"}, ""),
    ],
)
def test_the_first_healthy_region_by_priority_takes_over(leaving: str, sick: dict[str, Health], found: str) -> None:
    """Never the one that is left, and never one that is not healthy."""
    assert takes_over(kit(), health(**sick), leaving) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("sbctl verify-replication", "sbctl kit verify"),
        ("sbctl deploy", "sbctl kit verify"),
        ("sbctl failback --override cooldown", "sbctl failback --override cooldown"),
        ("sbctl failover --to us-west-2 --mode forced", "sbctl failover --to us-west-2 --mode forced"),
        ("sbctl drill restore", "sbctl drill restore"),
    ],
)
def test_without_a_project_nothing_is_advised_that_needs_one(line: str, found: str) -> None:
    """With a kit alone: what moves traffic stays, what reads the config could not be run."""
    assert without_project(line) == found


@pytest.mark.parametrize(
    ("strategy", "active", "signal", "home", "kept"),
    [
        ("active-passive", WEST, "", "silent", True),
        ("active-passive", WEST, WEST, "silent", False),
        ("active-passive", EAST, "", "silent", False),
        ("active-passive", WEST, "", "healthy", False),
        ("active-active", WEST, "", "silent", False),
    ],
)
def test_an_order_keeps_what_health_checks_alone_have_moved(
    strategy: str, active: str, signal: str, home: Health, *, kept: bool
) -> None:
    """Not where an order stands, nor where all regions serve anyway: DNS then answers whichever is next."""
    found = keeping_order(
        kit().model_copy(update={"strategy": strategy}), active, signal, {EAST: home, WEST: "healthy"}
    )
    assert found == (f"sbctl failover --to {WEST} --mode forced" if kept else "")
