"""Hours of operation: when a queue is open, as spans of weekdays in a time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar, Literal, get_args

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Room
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Live, Named, NotSayable
from sbctl.core.kinds.spec import ConfigItem, Desired, Frozen, Spec, WrittenPart
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner

Day = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
WEEK: tuple[Day, ...] = get_args(Day)
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
MIDNIGHT = "00:00"


class Span(WrittenPart):
    """The same opening hours on several days, local time. An end of 00:00 is the midnight that ends the day."""

    days: list[Day] = Field(min_length=1, description="Days of the week.")
    start: str = Field(pattern=TIME, description="Begin, HH:MM.")
    end: str = Field(pattern=TIME, description="End, HH:MM; 00:00 is midnight.")


class HoursItem(ConfigItem):
    """Opening hours: `always`, or a list of spans."""

    name: str = Field(min_length=1, max_length=127, description="Name in Connect.")
    description: str | None = Field(default=None, max_length=250, description="Text of the hours.")
    time_zone: str = Field(default="UTC", description="IANA name, for example America/New_York.")
    always: bool = Field(default=False, description="Open day and night, all seven days.")
    open: list[Span] = Field(default=[], description="Opening hours; a day without an entry is closed.")


class OpenSpan(Frozen):
    """One opening span of one day."""

    day: Day
    start: str = Field(pattern=TIME)
    end: str = Field(pattern=TIME)


class HoursSpec(Spec):
    """Hours of operation as AWS has them; the order of spans means nothing."""

    replace_on = frozenset({"instance"})
    owned_maps = frozenset({"tags"})
    as_sets = frozenset({"config"})
    taken_back: ClassVar[Mapping[str, Any]] = {"description": ""}

    instance: Link
    name: str = Field(min_length=1, max_length=127)
    description: str | None = Field(default=None, max_length=250)
    time_zone: str
    config: tuple[OpenSpan, ...] = Field(max_length=100)
    tags: dict[str, str] = {}


# A full day is written 00:00-00:00, as the console does for the Basic Hours of every new instance. The other
# convention, 23:59, leaves a minute before midnight in which callers may hear that the centre is closed.
ALWAYS = tuple(OpenSpan(day=day, start=MIDNIGHT, end=MIDNIGHT) for day in WEEK)


@cache
def _zones() -> frozenset[str]:
    """All time zones; they are a folder of files, which takes a while to walk."""
    return frozenset(zoneinfo.available_timezones())


class ConnectHoursKind(connect.Searched[HoursSpec, HoursItem]):
    """Hours of operation, known by their name within the instance."""

    name = "connect_hours"
    section = "hours"
    title = "hours of operation"
    spec = HoursSpec
    item = HoursItem
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("item")
    dependent_actions = {
        "connect:SearchHoursOfOperations": ("connect:DescribeHoursOfOperation",),
    }
    flow_word = "hours"
    quotas = ()
    room = Room("hours of operation per instance", "L-20CD02F7", 100)
    impact_rank = 77
    impacts = (Impact("high", "callers would find the centre closed, or open with nobody there"),)
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/set-hours-operation.html"
    asked = connect.ResourceOperations(
        "SearchHoursOfOperations",
        "HoursOfOperations",
        "DescribeHoursOfOperation",
        "HoursOfOperation",
        "DeleteHoursOfOperation",
        "HoursOfOperationId",
    )
    calls = connect.operations(
        "SearchHoursOfOperations DescribeHoursOfOperation CreateHoursOfOperation UpdateHoursOfOperation"
        " DeleteHoursOfOperation TagResource UntagResource"
    )
    named_by = ("queues.hours", "hoursOverrides.hours")
    config_paths = {
        "description": "description",
        "time_zone": "timeZone",
    }
    examples = (
        HoursSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="24x7",
            time_zone="UTC",
            config=ALWAYS,
            tags={**example_tags("connect_hours.us-east-1.24x7"), "team": "a"},
        ),
        HoursSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="24x7",
            description="Weekdays only",
            time_zone="Europe/London",
            config=tuple(OpenSpan(day=day, start="08:30", end="18:00") for day in WEEK[:5]),
            tags={**example_tags("connect_hours.us-east-1.24x7"), "team": "b"},
        ),
    )

    def expand(self, item: HoursItem, project: Project, region: str) -> Iterable[Desired]:
        address = self.address(region, item.name)
        spans = (OpenSpan(day=day, start=span.start, end=span.end) for span in item.open for day in span.days)
        spec = HoursSpec(
            instance=project.instance(region).ref("id"),
            name=item.name,
            description=item.description,
            time_zone=item.time_zone,
            config=ALWAYS if item.always else tuple(spans),
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec)]

    def check(self, item: HoursItem, project: Project) -> Iterable[tuple[str, str, str]]:  # noqa: ARG002
        zones = _zones()
        if zones and item.time_zone not in zones:
            yield ("timeZone", f"{item.time_zone!r} is no IANA time zone", "Use a name such as America/New_York.")
        if item.always == bool(item.open):
            yield ("open", "needs either always or a list of spans", 'Set "always": true, or list the opening hours.')

    def to_config(self, spec: HoursSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        if not spec.config:
            raise NotSayable("it is never open")
        days: dict[tuple[str, str], list[str]] = {}
        for span in spec.config:
            days.setdefault((span.start, span.end), []).append(span.day)
        spans = [{"days": listed, "start": start, "end": end} for (start, end), listed in days.items()]
        when = {"always": True} if set(spec.config) == set(ALWAYS) else {"open": spans}
        return {"name": spec.name, **connect.described(spec), "timeZone": spec.time_zone, **when}

    def key(self, spec: HoursSpec) -> str:
        return spec.name

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[HoursSpec]:
        return _live(instance, row)

    def create(self, aws: AwsCalls, region: str, spec: HoursSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        made = aws.call(
            "connect",
            "CreateHoursOfOperation",
            region,
            InstanceId=spec.instance,
            Name=spec.name,
            TimeZone=spec.time_zone,
            Config=sent(spec.config),
            Tags=spec.tags,
            **connect.given(Description=spec.description or None),
        )
        return {
            "instance": str(spec.instance),
            "id": made["HoursOfOperationId"],
            "arn": made["HoursOfOperationArn"],
        }

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: HoursSpec,
        wanted: HoursSpec,
        owned: Mapping[str, Any],
    ) -> None:
        cleared = given_up("description", live, wanted, owned)
        moved = connect.differs(live, wanted, "name", "description", "time_zone")
        if moved or cleared or set(live.config) != set(wanted.config):
            aws.call(
                "connect",
                "UpdateHoursOfOperation",
                region,
                InstanceId=ids["instance"],
                HoursOfOperationId=ids["id"],
                Name=wanted.name,
                TimeZone=wanted.time_zone,
                Config=sent(wanted.config),
                **connect.given(Description="" if cleared else wanted.description),
            )
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)


def _live(instance: str, row: Mapping[str, Any]) -> Live[HoursSpec]:
    tags = row.get("Tags") or {}
    spec = HoursSpec(
        instance=instance,
        name=row["Name"],
        description=row.get("Description") or "",
        time_zone=row["TimeZone"],
        config=read_spans(row.get("Config") or ()),
        tags=tags,
    )
    ids = {"instance": instance, "id": row["HoursOfOperationId"], "arn": row["HoursOfOperationArn"]}
    return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"]}, owner(tags))


def read_spans(rows: Iterable[Mapping[str, Any]]) -> tuple[OpenSpan, ...]:
    """Spans as AWS tells them, in the order of the week."""
    spans = (OpenSpan(day=row["Day"], start=_clock(row["StartTime"]), end=_clock(row["EndTime"])) for row in rows)
    return tuple(sorted(spans, key=lambda span: (WEEK.index(span.day), span.start)))


def _clock(slice_: Mapping[str, int]) -> str:
    return f"{slice_['Hours']:02}:{slice_['Minutes']:02}"


def sent(spans: Iterable[OpenSpan]) -> list[dict[str, Any]]:
    """Spans as AWS takes them."""
    return [{"Day": span.day, "StartTime": _slice(span.start), "EndTime": _slice(span.end)} for span in spans]


def _slice(clock: str) -> dict[str, int]:
    hours, minutes = clock.split(":")
    return {"Hours": int(hours), "Minutes": int(minutes)}


RESOURCE = ConnectHoursKind()
