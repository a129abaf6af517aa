"""Hours of operation: from days of the week in the config to spans as AWS has them, compared without order."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sbctl.core.kinds.compare import changes
from sbctl.core.kinds.values import plain
from sbctl.resources.connect_hours import ALWAYS, RESOURCE, HoursItem, HoursSpec, OpenSpan, Span
from tests.unit.resources.connect.script import Script, project

IDS = {"instance": "i", "id": "h", "arn": "arn:h"}


def hours(*spans: OpenSpan, **changed: Any) -> HoursSpec:
    """Hours with these spans."""
    values = {"instance": "i", "name": "Business", "time_zone": "UTC", "config": spans}
    return HoursSpec(**{**values, **changed})


MONDAY = OpenSpan(day="MONDAY", start="08:00", end="12:00")
FRIDAY = OpenSpan(day="FRIDAY", start="09:05", end="00:00")


def test_always_means_all_seven_days() -> None:
    """Day and night on seven days is seven spans from midnight to midnight."""
    (wanted,) = RESOURCE.expand(HoursItem(name="24x7", always=True), project(), "us-east-1")
    assert wanted.spec.config == ALWAYS  # type: ignore[attr-defined]
    assert len({span.day for span in ALWAYS}) == 7
    assert {(span.start, span.end) for span in ALWAYS} == {("00:00", "00:00")}


def test_a_span_of_several_days_becomes_one_a_day() -> None:
    """The config's shorthand is spread over the days that it names."""
    item = HoursItem(name="B", open=[Span(days=["MONDAY", "TUESDAY"], start="08:00", end="18:00")])
    (wanted,) = RESOURCE.expand(item, project(), "us-east-1")
    assert [span["day"] for span in wanted.values["config"]] == ["MONDAY", "TUESDAY"]


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (HoursItem(name="B", time_zone="Mars/Olympus", always=True), "timeZone"),
        (HoursItem(name="B"), "open"),
        (HoursItem(name="B", always=True, open=[Span(days=["MONDAY"], start="08:00", end="09:00")]), "open"),
    ],
)
def test_wrong_hours_are_findings(item: HoursItem, field: str) -> None:
    """An unknown zone, and neither or both of always and spans, are reported before any call."""
    assert [found for found, _, _ in RESOURCE.check(item, project())] == [field]


def test_a_time_that_is_no_time_is_refused() -> None:
    """AWS knows no 24:00."""
    with pytest.raises(ValidationError):
        Span(days=["MONDAY"], start="08:00", end="24:00")


def test_what_is_sent_is_what_is_read() -> None:
    """A created config, answered by AWS in another order, compares as equal."""
    aws = Script({"CreateHoursOfOperation": [{"HoursOfOperationId": "h", "HoursOfOperationArn": "arn:h"}]})
    wanted = hours(MONDAY, FRIDAY)
    assert RESOURCE.create(aws, "us-east-1", wanted, "t") == IDS
    sent = aws.params("CreateHoursOfOperation")[0]
    answer = {
        **{name: sent[name] for name in ("Name", "TimeZone", "Tags")},
        "Config": sent["Config"][::-1],
        "HoursOfOperationId": "h",
        "HoursOfOperationArn": "arn:h",
    }
    (live,) = RESOURCE.list(Script({"SearchHoursOfOperations": [{"HoursOfOperations": [answer]}]}), "us-east-1", "i")
    assert changes(RESOURCE, plain(wanted), plain(live.spec), {}) == ()
    assert dict(live.ids) == IDS


def test_reordered_spans_cost_no_call() -> None:
    """The order of spans means nothing."""
    aws = Script()
    RESOURCE.update(aws, "us-east-1", IDS, hours(FRIDAY, MONDAY), hours(MONDAY, FRIDAY), {})
    assert aws.made == []


def test_a_changed_span_sends_the_whole_week() -> None:
    """AWS replaces the list, so all of it is sent."""
    aws = Script()
    RESOURCE.update(aws, "us-east-1", IDS, hours(MONDAY), hours(MONDAY, FRIDAY), {})
    (sent,) = aws.params("UpdateHoursOfOperation")
    assert [span["Day"] for span in sent["Config"]] == ["MONDAY", "FRIDAY"]
    assert sent["Config"][1]["StartTime"] == {"Hours": 9, "Minutes": 5}
    assert "Description" not in sent
