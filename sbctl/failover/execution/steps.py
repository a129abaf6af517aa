"""The moves of a failover as values: what each would call, what it depends on, and whether it can be undone.

Nothing is called here. A mechanism is a function from an order and what was seen to a tuple of moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.core.spec import Frozen
from sbctl.failover.api_call import Call
from sbctl.failover.decision.request import Order
from sbctl.failover.decision.snapshot import World
from sbctl.failover.kit.kit import Kit, KitRegion
from sbctl.failover.signal import Signal, signal_call

Act = Literal["signal", "served", "records", "in-sync", "moved"]


class Move(Frozen):
    """One step. `depends_on` names the planes it needs; `undo` says how it is undone, "" when there is nothing to undo."""

    name: Act
    title: str
    region: str
    depends_on: str
    undo: str = ""
    calls: tuple[dict[str, Any], ...] = ()

    def as_json(self, status: str = "planned", **more: Any) -> dict[str, Any]:
        return {
            "move": self.name,
            "title": self.title,
            "region": self.region,
            "depends_on": self.depends_on,
            "reversible": bool(self.undo),
            "undo": self.undo,
            "calls": [*self.calls],
            "status": status,
            **more,
        }


def moves_for(
    order: Order, kit: Kit, world: World, run: str, at: str, newest: Signal | None = None
) -> tuple[Move, ...]:
    """The moves that carry out an order. `newest` is the last signal that anybody knows of, where the world does not know it."""
    if order.mechanism == "records":
        return _by_records(order, kit)
    return _by_takeover(order, kit, world, wanted_signal(order, newest or world.signal, run, at))


def wanted_signal(order: Order, known: Signal, run: str, at: str) -> Signal:
    """The signal that an order asks for: the next generation, in the name of its run."""
    return Signal(region=order.target, generation=known.generation + 1, run=run, by=order.by, at=at)


def _by_takeover(order: Order, kit: Kit, world: World, wanted: Signal) -> tuple[Move, ...]:
    target = kit.region(order.target)
    known = world.view(order.target).signal or Signal()
    call = signal_call(kit.signal_table, order.target, wanted, known.generation)
    who = known.region or "nobody"
    return (
        Move(
            name="signal",
            title=f"give the takeover signal in {order.target}",
            region=order.target,
            depends_on=f"DynamoDB's data plane in {order.target}",
            undo=f"the signal names {who} again",
            calls=(call.as_json(),),
        ),
        Move(
            name="served",
            title=f"the health function of {order.target} answers that it has taken over",
            region=order.target,
            depends_on=f"Lambda's data plane in {order.target}",
            calls=({"get": f"https://{target.health_host}/takeover", "expect": "200"},),
        ),
        _moved(order, kit),
    )


def _by_records(order: Order, kit: Kit) -> tuple[Move, ...]:
    call = records_call(kit, order.target)
    check = Call("route53", "GetChange", HOME_OF_GLOBAL_SERVICES, {"Id": "<the change's id>"})
    plane = f"Route 53's control plane in {HOME_OF_GLOBAL_SERVICES}"
    return (
        Move(
            name="records",
            title=f"records answer {order.target} first",
            region=HOME_OF_GLOBAL_SERVICES,
            depends_on=plane,
            undo="the records in the order of the config again",
            calls=(call.as_json(),),
        ),
        Move(
            name="in-sync",
            title="all DNS servers of Route 53 know the change",
            region=HOME_OF_GLOBAL_SERVICES,
            depends_on=plane,
            calls=(check.as_json(),),
        ),
        _moved(order, kit),
    )


def _moved(order: Order, kit: Kit) -> Move:
    answers = ", ".join(kit.region(order.target).answers)
    return Move(
        name="moved",
        title=f"DNS answers {order.target}",
        region=order.target,
        depends_on="Route 53's health checking and DNS (data planes, everywhere)",
        calls=({"dig": f"{kit.public_name} {kit.record_type}", "expect": answers},),
    )


def records_call(kit: Kit, first: str) -> Call:
    """The change that puts one region first; the others follow by priority."""
    order = [kit.region(first), *(region for region in kit.by_priority if region.region != first)]
    records = _chain(kit, order) if kit.chain else _shared(kit, first)
    changes = [{"Action": "UPSERT", "ResourceRecordSet": record} for record in records]
    batch = {"Comment": f"sbctl failover to {first}", "Changes": changes}
    params = {"HostedZoneId": kit.zone, "ChangeBatch": batch}
    return Call("route53", "ChangeResourceRecordSets", HOME_OF_GLOBAL_SERVICES, params)


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
