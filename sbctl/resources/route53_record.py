"""Record sets that lead callers' tools to a region: a leaf for each region, and above them the public name.

Active-passive: Route 53 knows only a primary and a secondary, so N regions are a chain of alias pairs. Active-active:
weighted or latency aliases. Health checks hang on the leaves; aliases look through to them.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.spec import ConfigItem, Desired
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES, Project
from sbctl.resources.calls.waiting import wait_until
from sbctl.resources.dns.layout import Alias, Leaf, layout
from sbctl.resources.dns.names import BUSY, order_name, plain_name, record_sets
from sbctl.resources.dns.record_sets import (
    RecordSpec,
    cleared,
    deletion,
    ids_of,
    in_sync,
    live_record,
    other_layout,
    policy_of,
    raw_record,
    shaped,
    strangers,
)
from sbctl.resources.dns.takeover import leaf_check, order_leaf_check, order_set, ordered

POLL_SECONDS = 3.0
ATTEMPTS = 4
"""To exchange a layout for another: a record of the new one, made at the same time, may have cleared the old one away."""


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
    section = ""
    title = "DNS record"
    scope = "global"
    home = HOME_OF_GLOBAL_SERVICES
    spec = RecordSpec
    item = ConfigItem
    connect_only = False
    resiliency = "global"
    adoption = Adoption("record")
    dependent_actions = {}
    quotas = ()
    impact_rank = 13
    impacts = (
        Impact("critical", "resolvers would keep the lost region's answer for longer", field="ttl"),
        Impact("critical", "DNS would not answer with the region that takes over"),
    )
    singly = frozenset({"route53:ListResourceRecordSets"})
    docs = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html"
    calls = frozenset({"route53:ChangeResourceRecordSets", "route53:GetChange", "route53:ListResourceRecordSets"})
    within = "zone"
    clears = "clears"
    retry = BUSY
    config_paths = {
        "ttl": "rules:ttlSeconds",
    }
    examples = (_EXAMPLE, _EXAMPLE.model_copy(update={"ttl": 30}))

    def derive(self, project: Project) -> Iterable[Desired]:
        zone = Address.of("route53_zone", GLOBAL, plain_name(project.domain)).ref("id")
        leaves, aliases = layout(project)
        with_order = {region.region for region in ordered(project)}
        for leaf in leaves:
            yield self._leaf(leaf, zone, project)
            if leaf.region in with_order:
                yield from self._leaf_by_order(leaf, zone, project)
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
            health_check=leaf_check(project, leaf.region).ref("id"),
        )
        return Desired(address=self._address(leaf.name, leaf.region), spec=spec)

    def _leaf_by_order(self, leaf: Leaf, zone: Link, project: Project) -> Iterable[Desired]:
        """The same answer once more, under a name of its own and beside the leaf: that has one while either is healthy.

        Beside it stands an alias and not the record itself, since weighted records of one name must have one TTL.
        """
        name, beside = plain_name(order_name(project, leaf.region)), order_set(leaf.region)
        spec = RecordSpec(
            zone=zone,
            name=name,
            type=leaf.type,
            set_identifier=beside,
            weight=1,
            ttl=project.rules.ttl_seconds,
            values=leaf.values,
            health_check=order_leaf_check(leaf.region).ref("id"),
        )
        address = self._address(name, beside)
        yield Desired(address=address, spec=spec)
        yield self._alias(Alias(leaf.name, leaf.type, name, beside, weight=1), zone, frozenset({address}))

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

    def taken_by(self, aws: AwsCalls, region: str, wanted: Mapping[str, Any]) -> Iterable[str]:
        return strangers(aws, region, wanted)

    def key(self, spec: RecordSpec) -> str:
        return f"{plain_name(spec.name)}|{spec.type}|{spec.set_identifier}"

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[RecordSpec]]:
        records = record_sets(aws, region, within)
        return [live_record(within, record) for record in records if record["Type"] not in ("NS", "SOA")]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[RecordSpec] | None:
        raw = raw_record(aws, region, ids)
        return None if raw is None else live_record(ids["zone"], raw)

    def create(self, aws: AwsCalls, region: str, spec: RecordSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        zone, wanted = str(spec.zone), {"Action": "CREATE", "ResourceRecordSet": shaped(spec)}
        in_the_way: Iterable[Mapping[str, Any]] = ()
        for attempt in range(ATTEMPTS):
            try:
                # another record of the name may have taken them away meanwhile, so they are looked for each time
                going = [*in_the_way, *cleared(aws, region, spec)]
                self._publish(aws, region, zone, [*map(deletion, going), wanted])
                break
            except AwsError as error:
                found = other_layout(aws, region, spec) if error.code == "InvalidChangeBatch" else None
                cleared_by_none = attempt > 0 and not found and not in_the_way
                if found is None or cleared_by_none or attempt == ATTEMPTS - 1:
                    raise
                in_the_way = found
        return ids_of(zone, shaped(spec))

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: RecordSpec,
        wanted: RecordSpec,
        owned: Mapping[str, Any],  # noqa: ARG002
    ) -> Mapping[str, str] | None:
        names = type(wanted).model_fields.keys() - wanted.create_only
        if all(self.same(name, getattr(wanted, name), getattr(live, name)) for name in names):
            return None
        record = shaped(wanted)
        changes = [{"Action": "UPSERT", "ResourceRecordSet": record}]
        raw = raw_record(aws, region, ids)
        if raw is not None and (policy_of(raw), raw["Type"]) != (policy_of(record), record["Type"]):
            # UPSERT cannot turn one routing policy, or type, into another.
            changes = [deletion(raw), {"Action": "CREATE", "ResourceRecordSet": record}]
        self._publish(aws, region, ids["zone"], changes)
        return ids_of(ids["zone"], record)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        raw = raw_record(aws, region, ids)
        if raw is not None:
            self._publish(aws, region, ids["zone"], [deletion(raw)])

    def _publish(self, aws: AwsCalls, region: str, zone: str, changes: Iterable[Mapping[str, Any]]) -> None:
        """Make the changes, all or none, and wait until all of Route 53's servers know them."""
        batch = {"Changes": [*changes]}
        answer = aws.call("route53", "ChangeResourceRecordSets", region, HostedZoneId=zone, ChangeBatch=batch)
        change = str(answer["ChangeInfo"]["Id"]).rpartition("/")[2]
        done = partial(in_sync, aws, region, change)
        wait_until(aws, done, POLL_SECONDS, "DNS change being published", f"change {change}")

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        if field == "values":
            return sorted(map(plain_name, wanted or ())) == sorted(map(plain_name, live or ()))
        if field in ("name", "alias"):
            return plain_name(wanted or "") == plain_name(live or "")
        return super().same(field, wanted, live)


RESOURCE = Route53Record()
