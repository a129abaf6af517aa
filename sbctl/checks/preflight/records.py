"""Whether the records in the zone are those that lead to every region: there, with health, and with the TTL of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import UNDEPLOYED, Subject, listed
from sbctl.core.address import GLOBAL, Address
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import RECORD_SETS, answers
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import Unknown
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.core.reading import Reading

CALLS = frozenset({"route53:ListResourceRecordSets"})
CHECK, TTL, ROUTE = "record", "ttl", "route"
FIX = "sbctl record apply --yes"
PAGE = "50"

Raw = Mapping[str, Any]
Zone = Mapping[str, list[Raw]]
"""The record sets of the zone that have our names, by name without the last dot."""


def check_records(on: Subject) -> Iterator[Reading]:
    """A reading a record; and for each region the TTL of its leaf, and the way to it from the public name."""
    try:
        zone = _zone(on)
    except AwsError as error:
        yield on.refused(CHECK, error, on.project.domain)
        return
    if not zone:
        yield on.say(CHECK, Found(None, "bad", "the hosted zone is not deployed", UNDEPLOYED), on.project.domain)
        return
    wanted = on.wanted("route53_record")
    for desired in wanted:
        yield from _one(on, desired, zone)
    yield from _routes(on, wanted, zone)


def _zone(on: Subject) -> Zone:
    record = on.state.get(Address.of("route53_zone", GLOBAL, on.project.domain))
    if record is None:
        return {}
    names = sorted({str(desired.values["name"]) for desired in on.wanted("route53_record")})
    return {name: _named(on, record.ids["id"], name) for name in names}


def _named(on: Subject, zone: str, name: str) -> list[Raw]:
    """The record sets of one name: a list that starts there, as far as the name goes."""
    ask = {"HostedZoneId": zone, "StartRecordName": name, "MaxItems": PAGE}
    listed = answers(on.aws, "route53", "ListResourceRecordSets", HOME_OF_GLOBAL_SERVICES, RECORD_SETS, **ask)
    found = (one for answer in listed for one in answer.get("ResourceRecordSets") or ())
    return list(takewhile(lambda one: _bare(one["Name"]) == name, found))


def _bare(name: str) -> str:
    return name.rstrip(".").lower()


def _one(on: Subject, desired: Desired, zone: Zone) -> Iterator[Reading]:
    values, subject = on.values(desired), str(desired.address)
    live = _find(zone, values)
    if live is None:
        yield on.say(CHECK, Found(None, "bad", "it is not in the hosted zone", FIX), subject)
        return
    faults = _faults(values, live)
    told = f"{_bare(live['Name'])} {live['Type']} {listed(_answers(live))}"
    found = Found(told, "bad", "; ".join(faults), FIX) if faults else Found(told, "ok", told)
    yield on.say(CHECK, found, subject)
    if "TTL" in live:
        yield on.say(TTL, _ttl(on, int(live["TTL"])), subject, unit="s")


def _find(zone: Zone, values: Mapping[str, Any]) -> Raw | None:
    for live in zone.get(str(values["name"]), ()):
        if (live["Type"], live.get("SetIdentifier", "")) == (values["type"], values["set_identifier"]):
            return live
    return None


def _answers(live: Raw) -> list[str]:
    if "AliasTarget" in live:
        return [f"→ {_bare(live['AliasTarget']['DNSName'])}"]
    return [_bare(entry["Value"]) for entry in live.get("ResourceRecords", ())]


def _faults(values: Mapping[str, Any], live: Raw) -> list[str]:
    """What keeps the record from doing its part. Where an alias leads is the route's business."""
    alias = live.get("AliasTarget")
    if values["alias"]:
        if alias is None:
            return ["it is no alias, and answers whatever the regions' health"]
        return (
            []
            if alias.get("EvaluateTargetHealth")
            else ["EvaluateTargetHealth is off: it never backs out of a dead region"]
        )
    faults = []
    check = values["health_check"]
    if isinstance(check, Unknown):
        faults.append("its health check is not deployed")
    elif live.get("HealthCheckId", "") != check:
        faults.append(f"it carries the health check {live.get('HealthCheckId') or 'none'} and should carry {check}")
    wanted = [str(value) for value in values["values"] if not isinstance(value, Unknown)]
    if sorted(map(_bare, wanted)) != sorted(_answers(live)):
        faults.append(f"it answers {listed(_answers(live))} and should answer {listed(wanted)}")
    return faults


def _ttl(on: Subject, seconds: int) -> Found:
    rule = on.project.rules.ttl_seconds
    if seconds <= rule:
        return Found(seconds, "ok", f"{seconds} s; the rules allow {rule} s")
    longer = f"after a failover callers stay with the lost region {seconds - rule} s longer"
    detail = f"{seconds} s, and the rules say {rule} s: {longer}"
    return Found(seconds, "bad", detail, FIX)


@dataclass(frozen=True)
class RecordPath:
    """The names from the public one to a leaf."""

    names: tuple[str, ...]


def _routes(on: Subject, wanted: list[Desired], zone: Zone) -> Iterator[Reading]:
    """For each region, whether the aliases lead from the public name to its leaf."""
    public = _bare(f"{on.project.record}.{on.project.domain}")
    ways = _ways(zone, public)
    for desired in wanted:
        values = desired.values
        region = str(values["set_identifier"])
        if values["alias"] or not on.served(region):
            continue
        way = ways.get(str(values["name"]))
        if way is None:
            detail = f"no alias leads from {public} to {values['name']}: DNS can never answer {region}"
            yield on.say(ROUTE, Found(None, "bad", detail, FIX), public, region)
        else:
            yield on.say(ROUTE, Found(" → ".join(way.names), "ok", " → ".join(way.names)), public, region)


def _ways(zone: Zone, public: str) -> dict[str, RecordPath]:
    """Every name that can be reached from the public one, with the first way to it."""
    found = {public: RecordPath((public,))} if zone.get(public) else {}
    waiting = [*found]
    while waiting:
        name = waiting.pop(0)
        for live in zone.get(name, ()):
            target = _bare(live.get("AliasTarget", {}).get("DNSName", ""))
            if zone.get(target) and target not in found:
                found[target] = RecordPath((*found[name].names, target))
                waiting.append(target)
    return found
