"""What is wrong is only what still is: events clear what they explained, silence is told once, and proofs disprove."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from sbctl.core.moving.run import Run
from sbctl.core.reading import Reading
from sbctl.failover.guidance.faults import DEPLOYED
from sbctl.failover.guidance.looks import answering, deployed, heard, mute, readings_of, renewed
from sbctl.failover.guidance.status import overview
from tests.unit.failover.scenes import EAST, LONDON, NOW, WEST, kit, lag, world
from tests.unit.failover.test_next_command import HELD, MOVED, OPEN

BEFORE, AFTER = NOW - timedelta(hours=1), NOW - timedelta(minutes=1)
"""MOVED and HELD came to their end between the two."""


def reading(check: str, source: str = "", target: str = "", **more: Any) -> Reading:
    values = {
        "check": check,
        "source": source,
        "target": target,
        "verdict": "bad",
        "at": BEFORE,
        "detail": "seen",
        **more,
    }
    return Reading(**values)


def told(runs: tuple[Run, ...] = (), /, **kept: tuple[Reading, ...]) -> list[str]:
    """What is wrong, by check, where all regions are healthy now."""
    known = {"status": readings_of(world()), **{name.replace("_", "-"): rows for name, rows in kept.items()}}
    return [str(row.get("check")) for row in overview(kit(), known, runs, NOW)["faults"]]


def test_ten_minutes_after_an_incident_nothing_is_wrong() -> None:
    """69 readings that a silent region kept from being made; the region answers, so none of them counts."""
    mute_rows = tuple(
        reading("replica-status", EAST, WEST, verdict="unknown", detail=f"{EAST} does not answer") for _ in range(69)
    )
    unread = reading("drift", target="global", verdict="unknown", detail="global was not read")
    assert told(verify_replication=mute_rows, drift=(unread,)) == []


def test_a_silent_region_is_told_once() -> None:
    """By its health, and not by everything that could not be measured."""
    mute_row = reading("parity", EAST, WEST, verdict="unknown", detail=f"{EAST} does not answer", at=NOW)
    kept = {"status": readings_of(world(sick=EAST)), "parity": (mute_row,) * 38}
    assert [row["check"] for row in overview(kit(), kept, (), NOW)["faults"]] == ["health"]


@pytest.mark.parametrize("run", [MOVED, HELD], ids=["failover", "drill"])
def test_a_run_that_is_over_clears_what_it_explained(run: Run) -> None:
    """Older readings about its regions; what is newer counts, and a run that is open clears nothing."""
    old = reading("canary-item", EAST, WEST)
    assert told((run,), verify_replication=(old,)) == []
    assert told((run,), verify_replication=(old.model_copy(update={"at": AFTER}),)) == ["canary-item"]
    assert told((OPEN,), verify_replication=(old,)) == ["canary-item"]


def test_regions_that_a_run_did_not_concern_are_not_cleared() -> None:
    """A failover between two regions says nothing of the third."""
    assert told((MOVED,), verify_replication=(reading("canary-object", LONDON),)) == ["canary-object"]


def test_moving_traffic_mends_no_drift_and_no_permission() -> None:
    """They are as they were."""
    drifted = reading("drift", subject="connect_queue.us-east-1.sales")
    assert told((MOVED,), drift=(drifted,), doctor=(reading("permission"), reading("dns"))) == ["permission", "drift"]


def test_a_deploy_clears_what_it_has_put_right() -> None:
    """Drift, differences and what doctor found; replication that was late is measured anew."""
    event = reading(DEPLOYED, EAST, verdict="ok", at=AFTER)
    rows = {"doctor": (reading("permission"),), "drift": (reading("drift", subject="connect_queue.us-east-1.sales"),)}
    assert told(**rows) == ["permission", "drift"]
    assert told(deploy=(event,), **rows) == []
    assert told(deploy=(event,), verify_replication=(lag(80, "late").model_copy(update={"at": BEFORE}),)) == [
        "canary-item"
    ]


@pytest.mark.parametrize("check", ["health-function", "credentials", "dns", "failover-kit"])
def test_what_is_seen_to_be_well_later_was_bad_then(check: str) -> None:
    """A later look disproves it: the region answers, tells its signal, DNS names a region; or a newer kit does."""
    region = EAST if check in ("health-function", "credentials") else ""
    assert told(doctor=(reading(check, target=region),)) == []
    assert told(doctor=(reading(check, target=region, at=NOW + timedelta(seconds=1)),)) == [check]


def test_what_was_cleared_is_to_be_measured_again() -> None:
    """Nobody says that it holds."""
    kept = {"status": readings_of(world()), "verify-replication": (reading("canary-item", EAST, WEST), lag(1.0))}
    proof = overview(kit(), kept, (MOVED,), NOW)["proofs"]["verify-replication"]
    assert (proof["verdict"], proof["readings"], proof["not_ok"], proof["overtaken"]) == ("unknown", 2, 0, 1)


def rows_of(kept: tuple[Reading, ...]) -> Mapping[str, tuple[object, Any]]:
    return {one.source: (one.value, one.at) for one in kept if one.check == "health"}


def test_a_look_that_spares_a_region_leaves_what_was_known_of_it() -> None:
    """A forced failover does not ask the region that it leaves."""
    before = readings_of(world(sick=EAST).model_copy(update={"at": BEFORE}))
    after = world(WEST)
    spared = after.regions[0].model_copy(
        update={"health": "unknown", "signal": None, "detail": "not asked: it is being left by force"}
    )
    found = renewed(before, after.model_copy(update={"regions": (spared, *after.regions[1:])}))
    assert rows_of(found)[EAST] == ("failing", NOW)
    assert next(one.value for one in found if one.check == "active") == WEST
    assert len([one for one in found if one.check == "health"]) == 3


def test_a_command_renews_who_is_silent_and_who_is_no_more() -> None:
    """An answer to a call is no proof of a health function: that is unknown then, until it is asked."""
    later = NOW + timedelta(seconds=5)
    silent = heard(readings_of(world()), {EAST}, {WEST}, later, "parity")
    assert rows_of(silent)[EAST] == ("silent", later)
    assert rows_of(silent)[WEST] == ("healthy", NOW)
    back = heard(silent, set(), {EAST}, later + timedelta(seconds=5), "drift")
    assert rows_of(back)[EAST][0] == "unknown"
    assert heard(silent, {WEST}, set(), NOW, "an older one") == silent


def test_who_answered_a_measurement_is_read_from_its_readings() -> None:
    """A region that was not read since another was silent is not called silent itself."""
    rows = [
        reading("parity", EAST, WEST, verdict="unknown", detail=f"{EAST} does not answer"),
        reading("drift", target=LONDON, verdict="unknown", detail=f"{LONDON} was not read"),
        reading("stream", WEST, verdict="ok"),
    ]
    assert (mute(rows), answering(rows)) == ({EAST}, {WEST})


def test_what_answered_badly_before_a_deploy_is_to_be_asked_again() -> None:
    """It may be well now; nothing else changes."""
    found = deployed(readings_of(world(sick=EAST)), {EAST, WEST}, NOW)
    assert [value for value, _ in rows_of(found).values()] == ["unknown", "healthy", "healthy"]
