"""Overrides of hours: dates once for any number of hours, sent as AWS takes them, said back as they were written."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sbctl.core.kinds.compare import changes, replaced_by
from sbctl.core.kinds.resource import NotSayable
from sbctl.core.kinds.values import plain
from sbctl.resources.connect_hours import HoursItem, OpenSpan
from sbctl.resources.connect_hours_override import (
    MOST,
    RESOURCE,
    HoursOverrideItem,
    HoursOverrideSpec,
    OverrideSpan,
)
from tests.unit.resources.connect.script import Script, project

IDS = {"instance": "i", "hours": "h", "id": "o"}
HOURS = (HoursItem(name="Office", always=True), HoursItem(name="24x7", always=True, regions=["us-east-1"]))
XMAS = "2026-12-25"
"""A Friday."""


def item(**changed: Any) -> HoursOverrideItem:
    values = {"name": "Christmas", "first": XMAS, "closed": True}
    return HoursOverrideItem.model_validate({**values, **changed})


def override(**changed: Any) -> HoursOverrideSpec:
    values = {"instance": "i", "hours": "h", "name": "Christmas", "first": XMAS, "last": XMAS}
    return HoursOverrideSpec(**{**values, **changed})


def row(**changed: Any) -> dict[str, Any]:
    """As AWS answers."""
    values = {
        "HoursOfOperationOverrideId": "o",
        "HoursOfOperationId": "h",
        "Name": "Christmas",
        "EffectiveFrom": XMAS,
        "EffectiveTill": XMAS,
    }
    return {**values, **changed}


def test_an_item_is_one_override_of_each_hours_that_a_region_has() -> None:
    """Without names of hours it is of all of them; each refers to its own hours, in its region."""
    known = project(hours=HOURS)
    found = [
        (str(wanted.address), str(wanted.values["hours"]))
        for region in ("us-east-1", "us-west-2")
        for wanted in RESOURCE.expand(item(), known, region)
    ]
    assert found == [
        ("connect_hours_override.us-east-1.office-christmas", "connect_hours.us-east-1.office#id"),
        ("connect_hours_override.us-east-1.24x7-christmas", "connect_hours.us-east-1.24x7#id"),
        ("connect_hours_override.us-west-2.office-christmas", "connect_hours.us-west-2.office#id"),
    ]


def test_dates_are_said_once() -> None:
    """The last day is the first by default, and a span without days holds on the days that the dates have."""
    short = item(closed=False, open=[OverrideSpan(start="10:00", end="14:00")], last="2026-12-27", hours=["Office"])
    (wanted,) = RESOURCE.expand(short, project(hours=HOURS), "us-east-1")
    assert [span["day"] for span in wanted.values["config"]] == ["FRIDAY", "SATURDAY", "SUNDAY"]
    (closed,) = RESOURCE.expand(item(hours=["Office"]), project(hours=HOURS), "us-east-1")
    assert (closed.values["first"], closed.values["last"], closed.values["config"]) == (XMAS, XMAS, [])


def test_a_span_of_a_long_time_holds_on_each_day_of_the_week_once() -> None:
    """AWS takes days of the week, not dates."""
    long = item(closed=False, open=[OverrideSpan(start="10:00", end="14:00")], last="2027-02-01", hours=["Office"])
    (wanted,) = RESOURCE.expand(long, project(hours=HOURS), "us-east-1")
    assert len(wanted.values["config"]) == 7


@pytest.mark.parametrize("day", ["2026-02-30", "25.12.2026", "2026-1-1", ""])
def test_a_day_that_no_calendar_has_is_refused(day: str) -> None:
    """Before any call, and not taken for another day."""
    with pytest.raises(ValidationError):
        item(first=day)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"hours": ["Ofice"]}, "hours"),
        ({"hours": ["Office", "Office"]}, "hours"),
        ({"last": "2026-12-24"}, "last"),
        ({"closed": False}, "open"),
        ({"open": [OverrideSpan(start="10:00", end="14:00")]}, "open"),
    ],
)
def test_wrong_items_are_findings(wrong: dict[str, Any], field: str) -> None:
    """Unknown hours, hours named twice, an end before the beginning, neither or both of closed and open."""
    assert [found for found, _, _ in RESOURCE.check(item(**wrong), project(hours=HOURS))] == [field]


def test_one_more_override_than_aws_takes_is_a_finding() -> None:
    """Told once, of the item that is too many; fifty are sound."""
    items = tuple(item(name=f"Day {number}", hours=["Office"]) for number in range(MOST + 1))
    known = project(hours=HOURS, hoursOverrides=items)
    found = {one.name: list(RESOURCE.check(one, known)) for one in items}
    assert [name for name, rows in found.items() if rows] == [f"Day {MOST}"]
    assert not list(RESOURCE.check(items[-1], project(hours=HOURS, hoursOverrides=items[1:])))


def test_a_day_outside_of_the_dates_is_remarked() -> None:
    """It opens nothing, but AWS takes it."""
    monday = [OverrideSpan(days=["MONDAY", "FRIDAY"], start="10:00", end="14:00")]
    known = project(hours=HOURS)
    assert list(RESOURCE.check(item(closed=False, open=monday), known)) == []
    ((field, told, _),) = RESOURCE.remarks(item(closed=False, open=monday), known)
    assert (field, "MONDAY" in told, "FRIDAY" in told) == ("open", True, False)


def test_what_is_sent_is_what_is_read() -> None:
    """Created with every field, and read from an answer in another order as the same."""
    config = (OpenSpan(day="FRIDAY", start="10:00", end="14:00"), OpenSpan(day="SATURDAY", start="09:00", end="00:00"))
    wanted = override(description="Short", last="2026-12-26", config=config)
    aws = Script({"CreateHoursOfOperationOverride": [{"HoursOfOperationOverrideId": "o"}]})
    assert RESOURCE.create(aws, "us-east-1", wanted, "t") == IDS
    sent = aws.params("CreateHoursOfOperationOverride")[0]
    assert (sent["EffectiveFrom"], sent["EffectiveTill"], sent["HoursOfOperationId"]) == (XMAS, "2026-12-26", "h")
    live = RESOURCE.live("i", {**row(), **sent, "Config": sent["Config"][::-1]})
    assert changes(RESOURCE, plain(wanted), plain(live.spec), {}) == ()
    assert live.ids == IDS


def test_an_update_names_the_override_and_keeps_its_recurrence_unsaid() -> None:
    """One call with all values; a type that is as wanted is not sent."""
    aws = Script()
    RESOURCE.update(aws, "us-east-1", IDS, override(), override(last="2026-12-26"), {})
    ((operation, sent),) = aws.made
    assert operation == "UpdateHoursOfOperationOverride"
    assert {name: sent[name] for name in ("HoursOfOperationId", "HoursOfOperationOverrideId", "EffectiveTill")} == {
        "HoursOfOperationId": "h",
        "HoursOfOperationOverrideId": "o",
        "EffectiveTill": "2026-12-26",
    }
    assert not {"RecurrenceConfig", "OverrideType"} & sent.keys()


def test_one_that_was_made_to_recur_is_replaced() -> None:
    """No update takes a recurrence away, so drift of it is a replacement, which the guards look at."""
    pattern = {"RecurrencePattern": {"Frequency": "YEARLY", "Interval": 1}}
    live = RESOURCE.live("i", row(RecurrenceConfig=pattern, OverrideType="CLOSED"))
    found = changes(RESOURCE, plain(override()), plain(live.spec), {})
    assert {change.field for change in found} == {"recurs", "type"}
    assert replaced_by(RESOURCE, found)
    with pytest.raises(NotSayable):
        RESOURCE.to_config(live.spec, "us-east-1", lambda _kind, _id: "Office")


@pytest.mark.parametrize(
    "written",
    [
        {"closed": True},
        {"last": "2026-12-27", "closed": True, "description": "Holidays"},
        {"open": [{"days": ["FRIDAY"], "start": "10:00", "end": "14:00"}]},
    ],
)
def test_what_is_said_asks_for_the_same(written: dict[str, Any]) -> None:
    """`to_config` is `expand` backwards."""
    known = project(hours=HOURS)
    one = HoursOverrideItem.model_validate(
        {"name": "Christmas", "first": XMAS, "hours": ["Office"], **written}, by_alias=True, by_name=False
    )
    (wanted,) = RESOURCE.expand(one, known, "us-east-1")
    assert isinstance(wanted.spec, HoursOverrideSpec)
    said = RESOURCE.to_config(wanted.spec, "us-east-1", lambda _kind, _id: "Office")
    again = HoursOverrideItem.model_validate(said, by_alias=True, by_name=False)
    assert list(RESOURCE.expand(again, known, "us-east-1")) == [wanted]


def test_the_same_days_of_two_hours_are_one_item() -> None:
    """And other days under the same name are not."""
    one = RESOURCE.to_config(override(), "us-east-1", lambda _kind, _id: "Office")
    other = {**one, "hours": ["24x7"]}
    assert RESOURCE.merged(one, other) == {**one, "hours": ["Office", "24x7"]}
    assert RESOURCE.merged(one, {**other, "first": "2026-12-24"}) is None
