"""What a failover measured between two regions renews what is kept of the same measurements, and of no others."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sbctl.app import App, Settings
from sbctl.cli.keep_readings import LAST_GOOD, forget_good, keep_good, keep_part, keep_readings
from sbctl.core.events import silent
from sbctl.core.reading import Reading

AT = datetime(2026, 3, 1, tzinfo=UTC)


def lag(table: str, seconds: float) -> Reading:
    return Reading(
        check="canary-item",
        subject=table,
        source="us-east-1",
        target="us-west-2",
        value=seconds,
        unit="s",
        verdict="ok",
        at=AT,
    )


def test_another_tables_reading_stays(tmp_path: Path) -> None:
    """Two tables between the same regions: what was measured of one says nothing of the other."""
    app = App(Settings(state=tmp_path), silent, "sbctl")
    app.readings.keep("verify-replication", [lag("calls", 1.0), lag("config", 2.0)])
    keep_part(app, "verify-replication", [lag("calls", 3.0)])
    kept = app.readings.load()["verify-replication"]
    assert {(one.subject, one.value) for one in kept} == {("calls", 3.0), ("config", 2.0)}


def test_what_was_cut_off_replaces_nothing(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a measurement leaves what was known, whichever command measured."""
    app = App(Settings(state=tmp_path), silent, "sbctl")
    app.readings.keep("verify-replication", [lag("calls", 1.0)])
    app.stop.set()
    keep_readings(app, "verify-replication", [])
    keep_part(app, "verify-replication", [lag("calls", 9.0)])
    assert [one.value for one in app.readings.load()["verify-replication"]] == [1.0]


def test_good_answers_from_before_a_deploy_are_forgotten(tmp_path: Path) -> None:
    """Of the regions that it touched; what answers well after it, to a deploy or to doctor, counts from then."""
    app = App(Settings(state=tmp_path), silent, "sbctl")
    regions = ("us-east-1", "us-west-2", "eu-west-2")
    app.readings.keep(LAST_GOOD, [good(region) for region in regions])
    forget_good(app, regions[:2])
    asked = Reading(check="health-function", target="us-west-2", verdict="ok", at=AT)
    failed = asked.model_copy(update={"target": "us-east-1", "verdict": "bad"})
    keep_readings(app, "doctor", [asked, failed])
    kept = {one.source: one.value for one in app.readings.load()[LAST_GOOD]}
    assert (set(kept), kept["eu-west-2"]) == ({"us-west-2", "eu-west-2"}, AT.isoformat())
    assert kept["us-west-2"] != AT.isoformat()
    keep_good(app, [failed])
    assert {one.source for one in app.readings.load()[LAST_GOOD]} == set(kept)


def good(region: str) -> Reading:
    return Reading(check="last-good", source=region, value=AT.isoformat(), verdict="ok", at=AT)
