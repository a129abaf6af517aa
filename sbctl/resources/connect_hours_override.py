"""Overrides of hours of operation: holidays and short days, said once for any number of hours.

The dates are days of the calendar; when such a day begins is up to the time zone of the hours that it overrides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Live, Named, NotSayable
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec, WrittenPart
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.connect_hours import TIME, WEEK, Day, OpenSpan, read_spans, sent

MOST = 50
"""Overrides of one hours of operation. https://docs.aws.amazon.com/connect/latest/adminguide/feature-limits.html"""


def _real(text: str) -> str:
    """Raises ValueError for a day that no calendar has."""
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text} is not a day of the calendar") from error
    return text


CalendarDay = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_real)]


class OverrideSpan(WrittenPart):
    """Opening hours within the dates, local time. An end of 00:00 is the midnight that ends the day."""

    days: list[Day] = Field(default=[], description="Default: every day of the dates.")
    start: str = Field(pattern=TIME, description="Begin, HH:MM.")
    end: str = Field(pattern=TIME, description="End, HH:MM; 00:00 is midnight.")


class HoursOverrideItem(ConfigItem):
    """Days on which other hours hold: `closed`, or a list of spans."""

    name: str = Field(min_length=1, max_length=127, description="Name in Connect.")
    hours: list[str] = Field(default=[], description="Names of the hours of operation. Default: all of them.")
    description: str | None = Field(default=None, min_length=1, max_length=250, description="Text of the override.")
    first: CalendarDay = Field(description="The first day, local time of the hours: 2026-12-24.")
    last: CalendarDay | None = Field(default=None, description="The last day. Default: the first.")
    closed: bool = Field(default=False, description="Closed on all of these days.")
    open: list[OverrideSpan] = Field(default=[], description="Opening hours; a day without an entry is closed.")


class HoursOverrideSpec(Spec):
    """An override as AWS has it; the order of spans means nothing. sbctl makes none that recurs.

    A description can be set but never cleared (the API refuses an empty one), so None is "not managed".
    """

    replace_on = frozenset({"instance", "hours", "recurs"})
    as_sets = frozenset({"config"})
    stays: ClassVar[Mapping[str, str]] = {"description": "Connect takes no empty description of an override"}

    instance: Link
    hours: Link
    name: str = Field(min_length=1, max_length=127)
    description: str | None = Field(default=None, max_length=250)
    first: str
    last: str
    config: tuple[OpenSpan, ...] = Field(default=(), max_length=100)
    type: str = Field(default="STANDARD", description="STANDARD; OPEN or CLOSED where it recurs.")
    recurs: str = Field(default="", description="The pattern by which it recurs, as JSON; empty when it does not.")


def _example(**changed: Any) -> HoursOverrideSpec:
    values = {
        "instance": connect.EXAMPLE_INSTANCE,
        "hours": Address.of("connect_hours", "us-east-1", "24x7").ref("id"),
        "name": "Christmas",
        "first": "2026-12-25",
        "last": "2026-12-26",
    }
    return HoursOverrideSpec.model_validate({**values, **changed})


class ConnectHoursOverrideKind(connect.Searched[HoursOverrideSpec, HoursOverrideItem]):
    """Overrides, known by their hours and their name. AWS keeps no tags of them."""

    name = "connect_hours_override"
    section = "hoursOverrides"
    title = "override of hours"
    spec = HoursOverrideSpec
    item = HoursOverrideItem
    connect_only = True
    resiliency = "unconfirmed"
    adoption = Adoption("item", after=("connect_hours",))
    dependent_actions = {
        "connect:SearchHoursOfOperationOverrides": ("connect:DescribeHoursOfOperationOverride",),
    }
    quotas = ()
    impact_rank = 79
    impacts = (
        Impact("low", "only people read it", field="description"),
        Impact("high", "callers would find the centre closed on a working day, or open on a holiday"),
    )
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/hours-of-operation-overrides.html"
    asked = connect.ResourceOperations(
        "SearchHoursOfOperationOverrides",
        "HoursOfOperationOverrides",
        "DescribeHoursOfOperationOverride",
        "HoursOfOperationOverride",
        "DeleteHoursOfOperationOverride",
        "HoursOfOperationOverrideId",
    )
    calls = connect.operations(
        "SearchHoursOfOperationOverrides DescribeHoursOfOperationOverride CreateHoursOfOperationOverride"
        " UpdateHoursOfOperationOverride DeleteHoursOfOperationOverride"
    )
    config_paths = {"description": "description", "first": "first", "last": "last"}
    examples = (
        _example(),
        _example(
            description="Short days",
            last="2026-12-27",
            config=(OpenSpan(day="SATURDAY", start="10:00", end="14:00"),),
        ),
    )

    def expand(self, item: HoursOverrideItem, project: Project, region: str) -> Iterable[Desired]:
        return [self._of_hours(item, name, project, region) for name in item.hours or _all_hours(project, region)]

    def _of_hours(self, item: HoursOverrideItem, hours: str, project: Project, region: str) -> Desired:
        spec = HoursOverrideSpec(
            instance=project.instance(region).ref("id"),
            hours=Address.of("connect_hours", region, hours).ref("id"),
            name=item.name,
            description=item.description,
            first=item.first,
            last=item.last or item.first,
            config=tuple(
                OpenSpan(day=day, start=span.start, end=span.end)
                for span in item.open
                for day in span.days or _weekdays(item)
            ),
        )
        return Desired(address=self.address(region, f"{hours}/{item.name}"), spec=spec)

    def check(self, item: HoursOverrideItem, project: Project) -> Iterable[tuple[str, str, str]]:
        for name in item.hours:
            yield from connect.missing("hours", "hours", name, project)
        twice = sorted({name for name in item.hours if item.hours.count(name) > 1})
        if twice:
            yield ("hours", f"{', '.join(map(repr, twice))} is named twice", "Name each hours of operation once.")
        if item.last is not None and item.last < item.first:
            yield ("last", f"{item.last} is before {item.first}", "Let the last day be the first one or a later one.")
        if item.closed == bool(item.open):
            yield ("open", "needs either closed or a list of spans", 'Set "closed": true, or list the opening hours.')
        for name, region in _too_many(item, project):
            yield (
                "hours",
                f"{name!r} has more than {MOST} overrides in {region}",
                "AWS takes no more: remove past ones.",
            )

    def remarks(self, item: HoursOverrideItem, project: Project) -> Iterable[tuple[str, str, str]]:  # noqa: ARG002
        """A day outside of the dates opens nothing, and is most often a slip."""
        days = _weekdays(item)
        others = dict.fromkeys(day for span in item.open for day in span.days if day not in days)
        if days and others:
            yield (
                "open",
                f"no {', '.join(others)} is among the days from {item.first} to {item.last or item.first}",
                "Correct the dates or the days, or leave days out: a span then holds on each of the dates.",
            )

    def to_config(self, spec: HoursOverrideSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        if spec.recurs or spec.type != "STANDARD":
            raise NotSayable("it recurs, and the config has words for dates only")
        days: dict[tuple[str, str], list[str]] = {}
        for span in spec.config:
            days.setdefault((span.start, span.end), []).append(span.day)
        spans = [{"days": listed, "start": start, "end": end} for (start, end), listed in days.items()]
        return {
            "name": spec.name,
            "hours": [named("connect_hours", str(spec.hours))],
            **connect.described(spec),
            "first": spec.first,
            **({"last": spec.last} if spec.last != spec.first else {}),
            **({"open": spans} if spans else {"closed": True}),
        }

    def merged(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The same days of several hours are one item."""
        if {**one, "hours": ()} != {**other, "hours": ()}:
            return None
        return {**one, "hours": [*one["hours"], *other["hours"]]}

    def key(self, spec: HoursOverrideSpec) -> str:
        return f"{spec.hours}/{spec.name}"

    def likeness(self, spec: HoursOverrideSpec) -> str:
        """The days, and what holds on them: one of another name does the same to callers."""
        spans = sorted(f"{span.day} {span.start} {span.end}" for span in spec.config)
        return json.dumps([str(spec.hours), spec.first, spec.last, spec.type, spec.recurs, spans])

    def find(
        self,
        aws: AwsCalls,
        region: str,
        within: str,
        sought: Sought,  # noqa: ARG002
    ) -> Iterable[Live[HoursOverrideSpec]]:
        """All of them: a search has no words for names, and what was renamed is known by its days."""
        return self.list(aws, region, within)

    def at(self, ids: Mapping[str, str]) -> dict[str, str]:
        return {**super().at(ids), "HoursOfOperationId": ids["hours"]}

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[HoursOverrideSpec]:
        recurs = (row.get("RecurrenceConfig") or {}).get("RecurrencePattern")
        spec = HoursOverrideSpec(
            instance=instance,
            hours=row["HoursOfOperationId"],
            name=row["Name"],
            description=row.get("Description") or "",
            first=row["EffectiveFrom"],
            last=row["EffectiveTill"],
            config=read_spans(row.get("Config") or ()),
            type=row.get("OverrideType") or "STANDARD",
            recurs=json.dumps(recurs, sort_keys=True) if recurs else "",
        )
        ids = {"instance": instance, "hours": row["HoursOfOperationId"], "id": row["HoursOfOperationOverrideId"]}
        return Live(spec, ids, {"id": ids["id"]})

    def create(self, aws: AwsCalls, region: str, spec: HoursOverrideSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        made = aws.call(
            "connect",
            "CreateHoursOfOperationOverride",
            region,
            InstanceId=spec.instance,
            HoursOfOperationId=spec.hours,
            **_values(spec),
        )
        ids = {"instance": str(spec.instance), "hours": str(spec.hours)}
        return {**ids, "id": made["HoursOfOperationOverrideId"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: HoursOverrideSpec,
        wanted: HoursOverrideSpec,
        owned: Mapping[str, Any],  # noqa: ARG002
    ) -> None:
        moved = connect.differs(live, wanted, "name", "description", "first", "last", "type")
        if moved or set(live.config) != set(wanted.config):
            type_ = wanted.type if wanted.type != live.type else None
            values = {**_values(wanted), **connect.given(OverrideType=type_)}
            aws.call("connect", "UpdateHoursOfOperationOverride", region, **self.at(ids), **values)


def _values(spec: HoursOverrideSpec) -> dict[str, Any]:
    return {
        "Name": spec.name,
        "Config": sent(spec.config),
        "EffectiveFrom": spec.first,
        "EffectiveTill": spec.last,
        **connect.given(Description=spec.description or None),
    }


def _all_hours(project: Project, region: str) -> list[str]:
    """The hours of operation that a region has."""
    return [item.name for item in project.items.get("hours", ()) if item.in_region(region) is not None]


def _weekdays(item: HoursOverrideItem) -> list[Day]:
    """The days of the week that the dates have, in their order."""
    first, last = date.fromisoformat(item.first), date.fromisoformat(item.last or item.first)
    days = (first + timedelta(days=after) for after in range(min((last - first).days + 1, len(WEEK))))
    return [WEEK[day.weekday()] for day in days]


def _too_many(item: HoursOverrideItem, project: Project) -> Iterable[tuple[str, str]]:
    """Hours that have more overrides than AWS takes, with a region; told of the first item that is one too many."""
    for region in (region.region for region in project.connect_regions):
        counted: dict[str, int] = {}
        for other in project.items.get(RESOURCE.section, ()):
            here = other.in_region(region)
            if isinstance(here, HoursOverrideItem):
                for name in here.hours or _all_hours(project, region):
                    counted[name] = counted.get(name, 0) + 1
                    if counted[name] == MOST + 1 and other.name == item.name:
                        yield name, region
                        return


RESOURCE = ConnectHoursOverrideKind()
