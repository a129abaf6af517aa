"""Record sets that lead callers' tools to a region: a leaf for each region, and above them the public name.

Active-passive: Route 53 knows only a primary and a secondary, so N regions are a chain of alias pairs. Active-active:
weighted or latency aliases. Health checks hang on the leaves; aliases look through to them.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any, Literal

from pydantic import Field

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.problem import AwsError
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES, Project
from sbctl.core.resource import AwsCalls, Kind, Live, NotReady
from sbctl.core.spec import ConfigItem, Desired, Spec
from sbctl.resources._calls import call_or_none
from sbctl.resources._dns import BUSY, plain_name, record_sets
from sbctl.resources._dns_layout import LEAF_PREFIX, Alias, Leaf, layout

POLL_SECONDS = 3.0
POLICIES = ("Failover", "Weight", "Region", "GeoLocation", "MultiValueAnswer", "CidrRoutingConfig")


class RecordSpec(Spec):
    """One record set. Either `values` with a `ttl` in seconds, or `alias`, a name in the same zone and of its type."""

    replace_on = frozenset({"zone", "name", "type", "set_identifier"})
    as_sets = frozenset({"values"})

    zone: Link
    name: str = Field(min_length=1, max_length=255)
    type: str
    set_identifier: str = Field(default="", max_length=128)
    failover: Literal["", "PRIMARY", "SECONDARY"] = ""
    weight: int | None = Field(default=None, ge=0, le=255)
    latency_region: str = ""
    ttl: int | None = Field(default=None, ge=0, le=2147483647)
    values: tuple[Link, ...] = ()
    alias: str = ""
    evaluate_target_health: bool = False
    health_check: Link = ""


_EXAMPLE = RecordSpec(
    zone=Address.of("route53_zone", GLOBAL, "example.com").ref("id"),
    name="connect-us-east-1.example.com",
    type="CNAME",
    set_identifier="us-east-1",
    weight=1,
    ttl=60,
    values=("example-us-east-1.my.connect.aws",),
)


class Route53Record(Kind[RecordSpec, ConfigItem]):
    """Record sets. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/rrsets-working-with.html"""

    name = "route53_record"
    noun = "record"
    section = ""
    title = "DNS record"
    scope = "global"
    home = HOME_OF_GLOBAL_SERVICES
    spec = RecordSpec
    item = ConfigItem
    docs = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html"
    calls = frozenset({"route53:ChangeResourceRecordSets", "route53:GetChange", "route53:ListResourceRecordSets"})
    within = "zone"
    retry = BUSY
    examples = (_EXAMPLE, _EXAMPLE.model_copy(update={"ttl": 30}))

    def follow(self, project: Project) -> Iterable[Desired]:
        zone = Address.of("route53_zone", GLOBAL, plain_name(project.domain)).ref("id")
        leaves, aliases = layout(project)
        for leaf in leaves:
            yield self._leaf(leaf, zone, project)
        by_name: dict[str, list[Address]] = {leaf.name: [self._address(leaf.name, leaf.region)] for leaf in leaves}
        for alias in aliases:
            by_name.setdefault(alias.name, []).append(self._address(alias.name, alias.set_identifier))
        for alias in aliases:
            yield self._alias(alias, zone, frozenset(by_name[alias.target]))

    def _address(self, name: str, set_identifier: str) -> Address:
        return self.address(GLOBAL, f"{name}.{set_identifier or 'only'}")

    def _leaf(self, leaf: Leaf, zone: Link, project: Project) -> Desired:
        # Weighted with weight 1 and not simple: only then is it sure that an alias sees the leaf's health.
        spec = RecordSpec(
            zone=zone,
            name=leaf.name,
            type=leaf.type,
            set_identifier=leaf.region,
            weight=1,
            ttl=project.rules.ttl_seconds,
            values=leaf.values,
            health_check=Address.of("route53_health_check", GLOBAL, leaf.region).ref("id"),
        )
        return Desired(address=self._address(leaf.name, leaf.region), spec=spec)

    def _alias(self, alias: Alias, zone: Link, needs: frozenset[Address]) -> Desired:
        spec = RecordSpec(
            zone=zone,
            name=alias.name,
            type=alias.type,
            set_identifier=alias.set_identifier,
            failover=alias.failover,
            weight=alias.weight,
            latency_region=alias.latency_region,
            alias=alias.target,
            evaluate_target_health=True,
        )
        return Desired(address=self._address(alias.name, alias.set_identifier), spec=spec, needs=needs)

    def key(self, spec: RecordSpec) -> str:
        return f"{plain_name(spec.name)}|{spec.type}|{spec.set_identifier}"

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[RecordSpec]]:
        records = record_sets(aws, region, within)
        return [_live(within, record) for record in records if record["Type"] not in ("NS", "SOA")]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[RecordSpec] | None:
        raw = _raw(aws, region, ids)
        return None if raw is None else _live(ids["zone"], raw)

    def create(self, aws: AwsCalls, region: str, spec: RecordSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        zone, wanted = str(spec.zone), {"Action": "CREATE", "ResourceRecordSet": _shaped(spec)}
        try:
            change = _change(aws, region, zone, [wanted])
        except AwsError as error:
            in_the_way = _other_layout(aws, region, spec) if error.code == "InvalidChangeBatch" else []
            if not in_the_way:
                raise
            change = _change(aws, region, zone, [*map(_deletion, in_the_way), wanted])
        return {**_ids(zone, _shaped(spec)), "change": change}

    def ready(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[RecordSpec]:
        if ids.get("change") and not _in_sync(aws, region, ids["change"]):
            raise NotReady("DNS change being published")
        return super().ready(aws, region, ids)

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: RecordSpec,
        wanted: RecordSpec,
        owned: Mapping[str, Any],  # noqa: ARG002
    ) -> None:
        if all(self.same(name, _set(wanted, name), _set(live, name)) for name in type(wanted).model_fields):
            return
        record = _shaped(wanted)
        changes = [{"Action": "UPSERT", "ResourceRecordSet": record}]
        raw = _raw(aws, region, ids)
        if raw is not None and _policy(raw) != _policy(record):
            # UPSERT cannot turn one routing policy into another.
            changes = [_deletion(raw), {"Action": "CREATE", "ResourceRecordSet": record}]
        self._publish(aws, region, ids["zone"], changes)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        raw = _raw(aws, region, ids)
        if raw is not None:
            self._publish(aws, region, ids["zone"], [_deletion(raw)])

    def _publish(self, aws: AwsCalls, region: str, zone: str, changes: Iterable[Mapping[str, Any]]) -> None:
        change = _change(aws, region, zone, changes)
        while not _in_sync(aws, region, change):
            aws.wait(POLL_SECONDS, "DNS change being published")

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        if field == "values":
            return sorted(map(plain_name, wanted or ())) == sorted(map(plain_name, live or ()))
        if field in ("name", "alias"):
            return plain_name(wanted or "") == plain_name(live or "")
        return super().same(field, wanted, live)


def _set(spec: RecordSpec, name: str) -> Any:
    return getattr(spec, name)


def _change(aws: AwsCalls, region: str, zone: str, changes: Iterable[Mapping[str, Any]]) -> str:
    """Make the changes, all or none; the id under which to ask whether they are published."""
    batch = {"Changes": [*changes]}
    answer = aws.call("route53", "ChangeResourceRecordSets", region, HostedZoneId=zone, ChangeBatch=batch)
    return str(answer["ChangeInfo"]["Id"]).rpartition("/")[2]


def _in_sync(aws: AwsCalls, region: str, change: str) -> bool:
    answer = call_or_none(aws, ("NoSuchChange",), "route53", "GetChange", region, Id=change)
    return answer is None or answer["ChangeInfo"]["Status"] == "INSYNC"


def _deletion(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {"Action": "DELETE", "ResourceRecordSet": dict(raw)}


def _policy(raw: Mapping[str, Any]) -> str:
    return next((name for name in POLICIES if raw.get(name) is not None), "simple")


def _group(aws: AwsCalls, region: str, zone: str, name: str, type_: str) -> Iterable[Mapping[str, Any]]:
    """All record sets of one name and type."""
    found = record_sets(aws, region, zone, StartRecordName=name, StartRecordType=type_)
    wanted = (plain_name(name), type_)
    return takewhile(lambda record: (plain_name(record["Name"]), record["Type"]) == wanted, found)


def _raw(aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The record set exactly as AWS has it: a deletion must repeat every value."""
    group = _group(aws, region, ids["zone"], ids["name"], ids["type"])
    return next((record for record in group if record.get("SetIdentifier", "") == ids["set"]), None)


def _other_layout(aws: AwsCalls, region: str, spec: RecordSpec) -> list[Mapping[str, Any]]:
    """Our own aliases under this name from before a change of strategy: they must leave in the same change.

    Empty when any of the record sets is not an alias to one of our names; then nothing may be taken away.
    """
    group = [*_group(aws, region, str(spec.zone), spec.name, spec.type)]
    policy = _policy(_shaped(spec))
    if any(_policy(record) == policy or not _is_ours(record, str(spec.zone)) for record in group):
        return []
    return group


def _is_ours(record: Mapping[str, Any], zone: str) -> bool:
    target = record.get("AliasTarget") or {}
    return target.get("HostedZoneId") == zone and plain_name(target["DNSName"]).startswith(LEAF_PREFIX)


def _shaped(spec: RecordSpec) -> dict[str, Any]:
    """The record set as AWS takes it: only members that mean something."""
    members: dict[str, Any] = {
        "Name": spec.name,
        "Type": spec.type,
        "SetIdentifier": spec.set_identifier,
        "Failover": spec.failover,
        "Region": spec.latency_region,
        "HealthCheckId": spec.health_check,
    }
    record = {name: value for name, value in members.items() if value}
    if spec.weight is not None:
        record["Weight"] = spec.weight
    if spec.alias:
        target = {"HostedZoneId": spec.zone, "DNSName": spec.alias}
        record["AliasTarget"] = {**target, "EvaluateTargetHealth": spec.evaluate_target_health}
    else:
        record["TTL"] = spec.ttl
        record["ResourceRecords"] = [{"Value": value} for value in spec.values]
    return record


def _ids(zone: str, raw: Mapping[str, Any]) -> dict[str, str]:
    return {"zone": zone, "name": plain_name(raw["Name"]), "type": raw["Type"], "set": raw.get("SetIdentifier", "")}


def _live(zone: str, raw: Mapping[str, Any]) -> Live[RecordSpec]:
    target = raw.get("AliasTarget") or {}
    spec = RecordSpec.model_construct(
        zone=zone,
        name=plain_name(raw["Name"]),
        type=raw["Type"],
        set_identifier=raw.get("SetIdentifier", ""),
        failover=raw.get("Failover", ""),
        weight=raw.get("Weight"),
        latency_region=raw.get("Region", ""),
        ttl=raw.get("TTL"),
        values=tuple(entry["Value"] for entry in raw.get("ResourceRecords") or ()),
        alias=plain_name(target.get("DNSName", "")),
        evaluate_target_health=target.get("EvaluateTargetHealth", False),
        health_check=raw.get("HealthCheckId", ""),
    )
    return Live(spec=spec, ids=_ids(zone, raw), outputs={"fqdn": spec.name})


RESOURCE = Route53Record()
