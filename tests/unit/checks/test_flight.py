"""One canary's flight, on a table in memory and a clock that stands still until somebody waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.checks.lag.canary_run import run_canary, sweep
from sbctl.checks.lag.measure import measure_pairs
from sbctl.checks.lag.routes import Pair
from sbctl.core.clock import FakeClock
from sbctl.core.moving.canary import EXPIRY, MARK, is_canary_value
from tests.unit.checks.tables import EAST, WEST, Tables, customers, measuring


@pytest.mark.parametrize("lag", [0.0, 0.7, 12.0, 95.0])
def test_the_measured_lag_is_the_true_one_within_its_resolution(tmp_path: Path, lag: float) -> None:
    """It is never shorter than the true lag, and longer by at most what it says."""
    tables = Tables(FakeClock(), lag)
    sighting = run_canary(measuring(tables, tmp_path), customers(), EAST, [WEST])[WEST]
    assert sighting.lag is not None
    assert lag <= sighting.lag + 1e-9 <= lag + sighting.resolution + 2e-9
    assert sighting.resolution <= max(0.05, lag * 0.1) + 1e-9


def test_a_canary_has_its_own_key_a_mark_and_an_expiry(tmp_path: Path) -> None:
    """Every key attribute has a value of the canaries' own, whatever its type; TTL's attribute is used where it is on."""
    tables = Tables(FakeClock(), schema=(("Id", "N"), ("At", "B")))
    for ttl in ("", "gone_at"):
        tables.ttl = ttl
        run_canary(measuring(tables, tmp_path), customers(), EAST, [WEST])
    for item, expiry in zip(tables.written, (EXPIRY, "gone_at"), strict=True):
        assert set(item) == {"Id", "At", MARK, expiry}
        assert is_canary_value(item["Id"])
        assert is_canary_value(item["At"])
        assert int(item[expiry]["N"]) > tables.clock.now().timestamp()


def test_it_is_noted_before_it_is_written_and_forgotten_when_it_is_gone(tmp_path: Path) -> None:
    """At the moment of the write the note is on disk; afterwards neither is left."""
    tables = Tables(FakeClock())
    on = measuring(tables, tmp_path)
    noted: list[int] = []
    tables.before_write = lambda: noted.append(len(on.ledger.all()))
    run_canary(on, customers(), EAST, [WEST])
    assert (noted, on.ledger.all(), tables.items) == ([1], [], {EAST: [], WEST: []})


def test_a_lost_answer_leaves_nothing(tmp_path: Path) -> None:
    """The write may have taken effect: it is removed in every region, and the pair is unknown."""
    tables = Tables(FakeClock())
    tables.lost = True
    (found,) = measure_pairs(measuring(tables, tmp_path), [Pair(customers(), EAST, WEST)])
    assert (found.verdict, tables.items) == ("unknown", {EAST: [], WEST: []})


def test_what_a_silent_region_holds_is_left_to_a_later_run(tmp_path: Path) -> None:
    """Only that region stays noted; the next sweep removes the canary there, and asks no other region."""
    tables = Tables(FakeClock(), lag=0.0)
    tables.silent = {WEST}
    on = measuring(tables, tmp_path)
    (found,) = measure_pairs(on, [Pair(customers(), EAST, WEST)])
    assert (found.verdict, found.detail) == ("unknown", f"{WEST} does not answer")
    assert [[place.region for place in canary.places] for canary in on.ledger.all()] == [[WEST]]
    tables.silent, tables.calls = set(), []
    assert sweep(on) == 1
    assert (tables.calls, tables.items[WEST], on.ledger.all()) == ([("DeleteItem", WEST)], [], [])


def test_a_region_to_be_avoided_is_never_called(tmp_path: Path) -> None:
    """A forced failover measures without a word to the region that it leaves."""
    tables = Tables(FakeClock())
    run_canary(measuring(tables, tmp_path, avoid=frozenset({WEST})), customers(), EAST, [EAST])
    assert {region for _, region in tables.calls} == {EAST}


def test_a_stopped_run_ends_its_waiting_and_cleans_up(tmp_path: Path) -> None:
    """Once the user has pressed Ctrl-C nothing is waited for, and the reading says why there is no figure."""
    tables = Tables(FakeClock(), lag=1000.0)
    on = measuring(tables, tmp_path)
    on.stop.set()
    (found,) = measure_pairs(on, [Pair(customers(), EAST, WEST)])
    assert (found.verdict, "interrupted" in found.detail) == ("unknown", True)
    assert tables.clock.monotonic() < 1


def test_a_canary_that_does_not_come_is_waited_for_no_longer_than_told(tmp_path: Path) -> None:
    """Bad, with the time that was waited."""
    tables = Tables(FakeClock(), lag=1000.0)
    (found,) = measure_pairs(measuring(tables, tmp_path), [Pair(customers(), EAST, WEST)])
    assert (found.verdict, found.value) == ("bad", None)
    assert "within 12" in found.detail
    assert tables.clock.monotonic() < 125
