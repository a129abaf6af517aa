"""Edits the DNS records: one region's records first. Needs Route 53's control plane, which lives in us-east-1.

https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sbctl.core.moving.recovery_bound import WorstCase, edited
from sbctl.core.moving.rules import Rules
from sbctl.core.moving.step_names import IN_SYNC, MOVED, RECORDS
from sbctl.core.problem import Exit, Problem
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.failover.api_call import Call
from sbctl.failover.arrival import arrival, await_arrival, until
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.decision.snapshot import SHARED, TrafficSnapshot
from sbctl.failover.kit.kit import Kit, KitRegion
from sbctl.failover.mechanism import EVERYWHERE, ActionContext, Before, Mechanism, Plane, Refusal, RunStep, Undone
from sbctl.failover.signal import Signal

NAME = "records"
IN_SYNC_SECONDS = 300.0


class RecordsMechanism:
    """The mechanism, see the module's text."""

    name = NAME
    signals = False
    calls = frozenset({"route53:ChangeResourceRecordSets", "route53:GetChange"})
    keys: tuple[str, ...] = ()
    planes: tuple[Plane, ...] = (
        Plane(
            mechanism=NAME, step="edit the records", plane="control", service="Route 53", where=HOME_OF_GLOBAL_SERVICES
        ),
        Plane(
            mechanism=NAME, step="reach all servers", plane="control", service="Route 53", where=HOME_OF_GLOBAL_SERVICES
        ),
        Plane(mechanism=NAME, step="answer the new region", plane="data", service="Route 53 DNS", where=EVERYWHERE),
    )

    def refusals(self, order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> Iterator[Refusal]:  # noqa: ARG002
        """Records by latency cannot put one region first."""
        if kit.strategy == SHARED and kit.routing == "latency":
            yield (
                "mechanism",
                Problem(
                    code="no-records",
                    summary="The records cannot move traffic here",
                    detail="records by latency cannot put one region first",
                    fix="standby-takeover can.",
                    exit=Exit.REFUSED,
                ),
            )

    def under_way(self, order: FailoverRequest, kit: Kit, world: TrafficSnapshot) -> Iterator[Refusal]:  # noqa: ARG002
        """Nothing shows who else edits records; Route 53 takes one change after the other."""
        yield from ()

    def recovery_bound(self, rules: Rules) -> WorstCase:
        """The change, its way to all servers, and the answers in caches."""
        return edited(rules)

    def steps(self, order: FailoverRequest, kit: Kit, world: TrafficSnapshot, signal: Signal) -> tuple[RunStep, ...]:  # noqa: ARG002
        """Edit, wait for all servers, wait for DNS."""
        check = Call("route53", "GetChange", HOME_OF_GLOBAL_SERVICES, {"Id": "<the change's id>"})
        plane = f"Route 53's control plane in {HOME_OF_GLOBAL_SERVICES}"
        return (
            RunStep(
                name=RECORDS,
                title=f"records answer {order.target} first",
                region=HOME_OF_GLOBAL_SERVICES,
                depends_on=plane,
                undo="the records in the order of the config again",
                calls=(records_call(kit, order.target).as_json(),),
            ),
            RunStep(
                name=IN_SYNC,
                title="all DNS servers of Route 53 know the change",
                region=HOME_OF_GLOBAL_SERVICES,
                depends_on=plane,
                calls=(check.as_json(),),
            ),
            arrival(order, kit),
        )

    def do(self, step: RunStep, on: ActionContext, change: str) -> dict[str, Any]:
        """Do one step; an edit that is made again says the same."""
        if step.name == RECORDS:
            return _put_first(on, on.order.target)
        if step.name == IN_SYNC:
            return _in_sync(step, on, change)
        assert step.name == MOVED
        return await_arrival(step, on)

    def undo(self, step: RunStep, on: ActionContext, before: Before) -> Undone:  # noqa: ARG002
        """The region that traffic left comes first again."""
        return Undone("given-back", _put_first(on, before.source))


def records_call(kit: Kit, first: str) -> Call:
    """The change that puts one region first; the others follow by priority."""
    order = [kit.region(first), *(region for region in kit.by_priority if region.region != first)]
    records = _chain(kit, order) if kit.chain else _shared(kit, first)
    changes = [{"Action": "UPSERT", "ResourceRecordSet": record} for record in records]
    batch = {"Comment": f"sbctl failover to {first}", "Changes": changes}
    params = {"HostedZoneId": kit.zone, "ChangeBatch": batch}
    return Call("route53", "ChangeResourceRecordSets", HOME_OF_GLOBAL_SERVICES, params)


def _put_first(on: ActionContext, first: str) -> dict[str, Any]:
    """Put one region's records first; the change's id as a fact. Raises AwsError."""
    call = records_call(on.kit, first)
    answer = on.observer.aws.call(call.service, call.operation, call.region, **call.params)
    return {"change": str(answer["ChangeInfo"]["Id"]).rpartition("/")[2]}


def _in_sync(step: RunStep, on: ActionContext, change: str) -> dict[str, Any]:
    def look() -> str:
        answer = on.observer.aws.call("route53", "GetChange", HOME_OF_GLOBAL_SERVICES, Id=change)
        status = str(answer["ChangeInfo"]["Status"])
        return "" if status == "INSYNC" else f"the change is {status}"

    return {"seconds": until(step, on, look, IN_SYNC_SECONDS)}


def _chain(kit: Kit, order: list[KitRegion]) -> Iterable[dict[str, Any]]:
    """Pairs of primary and secondary, as the deploy makes them, in another order of regions."""
    following = [*kit.chain[1:], order[-1].leaf]
    for name, region, after in zip(kit.chain, order, following, strict=False):
        yield _alias(kit, name, region.leaf, {"SetIdentifier": "primary", "Failover": "PRIMARY"})
        yield _alias(kit, name, after, {"SetIdentifier": "secondary", "Failover": "SECONDARY"})


def _shared(kit: Kit, first: str) -> Iterable[dict[str, Any]]:
    """Weights: all to one region. A weight of 0 is used only when every other weight is 0 or unhealthy."""
    for region in kit.by_priority:
        weight = 100 if region.region == first else 0
        yield _alias(kit, kit.public_name, region.leaf, {"SetIdentifier": region.region, "Weight": weight})


def _alias(kit: Kit, name: str, target: str, policy: dict[str, Any]) -> dict[str, Any]:
    alias = {"HostedZoneId": kit.zone, "DNSName": target, "EvaluateTargetHealth": True}
    return {"Name": name, "Type": kit.record_type, **policy, "AliasTarget": alias}


MECHANISM: Mechanism = RecordsMechanism()
