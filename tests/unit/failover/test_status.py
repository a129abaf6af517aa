"""The overview: what is known with its age, what is wrong, and the one command that comes next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sbctl.core.moving.run import Run, RunEvent
from sbctl.core.reading import Reading
from sbctl.failover.decision.observe import SPARED, THROTTLED
from sbctl.failover.guidance.looks import answered_well
from sbctl.failover.guidance.status import good_now, last_good, overview, readings_of
from sbctl.failover.signal import Signal
from tests.unit.failover.scenes import ALIKE, EAST, LONDON, NOW, WEST, ended, kit, lag, signalled, world

PROVEN = {"verify-replication": (lag(1.0),), "parity": (ALIKE,)}


def drilled(days_ago: float, outcome: str = "held") -> Run:
    at = NOW - timedelta(days=days_ago)
    begun = RunEvent(at=at, world=at, what="begun", data={"order": {"name": "region-loss"}})
    end = RunEvent(at=at, world=at, what="finished", data={"outcome": outcome, "rto_seconds": 95.0, "rpo_seconds": 2.0})
    return Run(id="drill-x", kind="drill", events=(begun, end))


def begun_only() -> Run:
    return Run(id="failover-y", kind="failover", events=ended(60).events[:1])


def seen(
    active: str = EAST, sick: str = "", signal: str = "", **proofs: tuple[Reading, ...]
) -> dict[str, tuple[Reading, ...]]:
    found = signalled(world(active, sick=sick), signal)
    return {"status": readings_of(found), **{k.replace("_", "-"): v for k, v in proofs.items()}}


def unserved(*health: str) -> dict[str, tuple[Reading, ...]]:
    """DNS names no region, and this is the health of each."""
    regions = zip((EAST, WEST, LONDON), health, strict=True)
    return {
        "status": tuple(
            Reading(check="health", source=code, value=said, verdict="bad", at=NOW) for code, said in regions
        )
    }


@pytest.mark.parametrize(
    ("kept", "runs", "following"),
    [
        (unserved("failing", "failing", "failing"), [], "sbctl deploy --region all"),
        ({**unserved("failing", "failing", "failing"), **PROVEN}, [drilled(1)], "sbctl deploy --region all"),
        (unserved("failing", "failing", "failing"), [begun_only()], "sbctl failover --resume"),
        (unserved("failing", "silent", "failing"), [], "sbctl doctor"),
        (unserved("silent", "silent", "silent"), [], "sbctl doctor"),
        (unserved("failing", "healthy", "failing"), [], "sbctl doctor"),
        (seen(), [begun_only()], "sbctl failover --resume"),
        (seen(sick=EAST), [], "sbctl failover --to us-west-2 --mode forced"),
        (seen(WEST), [ended(4000)], "sbctl failback"),
        (seen(LONDON, sick=EAST), [ended(4000)], "sbctl failover --to eu-west-2 --mode forced"),
        (seen(LONDON, sick=EAST, signal=LONDON), [ended(4000)], "sbctl status --watch"),
        (seen(), [], "sbctl verify-replication"),
        (seen(verify_replication=(lag(80.0, "late"),)), [], "sbctl verify-replication"),
        (seen(verify_replication=(lag(1.0),)), [], "sbctl parity"),
        ({**seen(), **PROVEN}, [], "sbctl drill run region-loss"),
        ({**seen(), **PROVEN}, [drilled(31)], "sbctl drill run region-loss"),
        ({**seen(), **PROVEN}, [drilled(1, "deviated")], "sbctl drill run region-loss"),
        ({**seen(), **PROVEN}, [drilled(1)], "sbctl doctor"),
    ],
)
def test_there_is_one_next_command(kept: dict[str, Any], runs: list[Run], following: str) -> None:
    """The most urgent thing first: an open run, a sick active region, the way home, proofs, drills."""
    assert overview(kit(), kept, runs, NOW)["next"] == following


def test_every_figure_has_its_age() -> None:
    """A look of a minute ago is a minute old, and what nobody looked at has no age."""
    data = overview(kit(), seen(verify_replication=(lag(2.5),)), [drilled(2)], NOW + timedelta(seconds=60))
    assert [row["age_seconds"] for row in data["regions"]] == [60.0, 60.0, 60.0]
    assert data["proofs"]["verify-replication"]["age_seconds"] == 60.0
    assert data["lag"][0]["value"] == 2.5
    assert data["last_drill"]["age_seconds"] == 2 * 86400 + 60
    nothing = overview(kit(), {}, [], NOW)
    assert [row["age_seconds"] for row in nothing["regions"]] == [None, None, None]
    assert nothing["active"] is None


def test_what_is_wrong_is_named() -> None:
    """A failing region, a late canary, and traffic that is not on the primary."""
    data = overview(kit(), seen(WEST, sick=LONDON, verify_replication=(lag(80.0, "late"),)), [], NOW)
    said = " | ".join(row["what"] for row in data["faults"])
    assert "health eu-west-2 HTTP 503" in said
    assert "canary-item customers us-east-1 → us-west-2" in said
    assert "us-west-2 is active and not the primary us-east-1" in said
    assert overview(kit(), seen(), [], NOW)["faults"] == []


@pytest.mark.parametrize("by_signal", [True, False], ids=["signal", "records"])
def test_what_was_ordered_is_not_wrong(*, by_signal: bool) -> None:
    """Neither that traffic is away, nor that records are as the order has put them; another drift is, and a sick region."""
    order = {"target": WEST, "mechanism": "standby-takeover" if by_signal else "records"}
    begun = RunEvent(at=NOW, world=NOW, what="begun", data={"order": order, "source": EAST})
    run = Run(id="failover-0", kind="failover", events=(begun, RunEvent(at=NOW, world=NOW, what="finished")))
    late = NOW + timedelta(seconds=1)
    names = ("route53_record.global.contact", "connect_queue.us-east-1.sales")
    drift = tuple(Reading(check="drift", subject=name, verdict="bad", at=late) for name in names)
    own = seen(WEST, sick=EAST, signal=WEST if by_signal else "")
    rows = overview(kit(), {**own, "drift": drift}, [run], late)["faults"]
    records = ["route53_record.global.contact"] if by_signal else []
    assert [row["subject"] for row in rows] == ["", *records, "connect_queue.us-east-1.sales"]


def of_a_world(ahead: timedelta) -> Run:
    """A failover of a minute ago in a world whose clock was ahead of this machine's by then."""
    at = NOW - timedelta(seconds=60)
    begun = RunEvent(at=at, world=at + ahead, what="begun", data={"order": {"target": WEST}, "source": EAST})
    return Run(id="failover-w", kind="failover", events=(begun, RunEvent(at=at, world=at + ahead, what="finished")))


def test_ages_are_of_the_clock_of_the_world() -> None:
    """A sandbox's clock runs on: what its runs say of its time counts, as what its readings say does."""
    ahead = timedelta(hours=9)
    now = NOW + ahead
    data = overview(kit(), {}, [of_a_world(ahead)], now)
    assert data["last_failover"]["age_seconds"] == 60.0
    later = Reading(check="canary-item", source=EAST, target=WEST, verdict="bad", at=now - timedelta(seconds=30))
    assert overview(kit(), {"verify-replication": (later,)}, [of_a_world(ahead)], now)["faults"]


def test_a_world_that_is_gone_explains_nothing_of_the_next() -> None:
    """Its clock had run on for nine hours: its run is no younger for that, and what was found since still counts."""
    gone = of_a_world(timedelta(hours=9))
    since = Reading(check="canary-item", source=EAST, target=WEST, verdict="bad", at=NOW - timedelta(seconds=30))
    data = overview(kit(), {"verify-replication": (since,)}, [gone], NOW)
    assert data["last_failover"]["age_seconds"] == 60.0
    assert [row["check"] for row in data["faults"]] == ["canary-item"]


def test_the_last_good_answer_of_a_sick_region_is_kept() -> None:
    """Only a healthy region's time moves on, on the world's clock."""
    first = good_now(world(), (), NOW)
    later = good_now(world(sick=EAST), first, NOW + timedelta(seconds=30))
    times = {one.source: one.value for one in later}
    assert times[EAST] == NOW.isoformat()
    assert times[WEST] == (NOW + timedelta(seconds=30)).isoformat()


@pytest.mark.parametrize(("days", "warned"), [(29, False), (31, True)])
def test_a_drill_that_is_a_month_old_is_a_warning(days: float, warned: bool) -> None:
    """By the rules every 30 days, where they say nothing else."""
    said = [row["what"] for row in overview(kit(), {**seen(), **PROVEN}, [drilled(days)], NOW)["faults"]]
    assert (said == ["the last drill was 31 days ago; the rules want one every 30"]) is warned


def test_a_run_that_another_operator_beat_is_to_be_ended() -> None:
    """The newest signal is another run's, in a generation that the open run wanted for itself: going on would fail."""
    begun = RunEvent(at=NOW, world=NOW, what="begun", data={"order": {"target": WEST}, "signal": {"generation": 3}})
    run = Run(id="failover-z", kind="failover", events=(begun,))
    views = tuple(
        view.model_copy(update={"signal": Signal(region=LONDON, generation=3, run="failover-other")})
        for view in world().regions
    )
    kept = {"status": readings_of(world(regions=views))}
    assert overview(kit(), kept, [run], NOW)["next"] == "sbctl failover --abort"
    assert overview(kit(), seen(), [run], NOW)["next"] == "sbctl failover --resume"


def test_a_damaged_journal_keeps_nobody_from_the_overview() -> None:
    """Lines that are sound and make no sense are passed over: no target, no source, a signal that is none."""
    begun = RunEvent(at=NOW, world=NOW, what="begun", data={"supersedes": "failover-w", "signal": "?"})
    given = RunEvent(at=NOW, world=NOW, what="move-begun", move="signal")
    runs = [Run(id=name, kind="failover", events=(begun, given)) for name in ("failover-w", "failover-y")]
    assert overview(kit(), seen(), runs, NOW)["open_failover"]["run"] == "failover-y"


@pytest.mark.parametrize(
    ("sick", "noted", "good"),
    [("", "2026-01-01", NOW.isoformat()), (EAST, "2026-01-01", "2026-01-01"), (EAST, "", None)],
)
def test_a_region_that_answers_well_now_answered_well_last_now(sick: str, noted: str, good: str | None) -> None:
    """A planned failover leaves a region that works: what an older look noted of it says nothing about an outage."""
    kept = [Reading(check="last-good", source=EAST, value=noted, verdict="ok", at=NOW)] if noted else []
    assert last_good(EAST, world(sick=sick), NOW, kept) == good


THEN, SINCE = NOW - timedelta(days=3), NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    ("value", "detail", "counted"),
    [
        ("silent", "no answer in time", True),
        ("failing", "HTTP 503", True),
        ("unknown", SPARED, True),
        ("unknown", "deployed, and not asked since", False),
        ("healthy", THROTTLED, False),
    ],
)
def test_no_outage_is_counted_over_a_look_that_proved_nothing(value: str, detail: str, *, counted: bool) -> None:
    """The last good answer is of three days ago; what came since says that it is over, or nothing at all."""
    good = Reading(check="last-good", source=EAST, value=THEN.isoformat(), verdict="ok", at=THEN)
    look = Reading(check="health", source=EAST, value=value, verdict="bad", at=SINCE, detail=detail)
    assert (last_good(EAST, world(sick=EAST), NOW, [good], [look]) == THEN.isoformat()) is counted
    before = look.model_copy(update={"at": THEN - timedelta(hours=1)})
    assert last_good(EAST, world(sick=EAST), NOW, [good], [before]) == THEN.isoformat()


def test_a_throttled_region_gave_no_good_answer() -> None:
    """It lives, and says nothing of what it can do. A check of the endpoints that had a good answer counts as a look does."""
    views = tuple(view.model_copy(update={"detail": THROTTLED}) for view in world().regions)
    assert good_now(world(regions=views), (), NOW) == ()
    assert last_good(EAST, world(regions=views), NOW, ()) is None
    found = [Reading(check="health-function", target=EAST, verdict="ok", at=NOW)]
    found += [Reading(check="health-function", target=WEST, verdict="bad", at=NOW)]
    assert [(one.source, one.value) for one in answered_well((), found, NOW)] == [(EAST, NOW.isoformat())]
