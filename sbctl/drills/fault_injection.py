"""What a drill breaks, and how it is mended: faults of the sandbox, and the health flag that works on AWS too.

Every breakage is in the journal before it is made, so that the next start can mend what a killed drill left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.clock import Clock
from sbctl.core.moving.drill import InjectedFault
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.failover.kit.kit import Kit

LONGEST_SECONDS = 3600.0
"""Of the world's time: a fault whose drill was killed and never restored ends by itself."""
FLAG_SECONDS = 900.0
CALLS: frozenset[str] = frozenset({"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"})
"""Every operation on the health flag."""


class FaultInjector(Protocol):
    """Breaks and mends the local AWS."""

    def add(self, fault: Mapping[str, Any]) -> str:
        """Begin a fault; its id."""

    def listed(self) -> list[dict[str, Any]]:
        """The faults that last."""

    def heal(self, fault: str) -> None:
        """End one."""


def faults_of(injected: Iterable[InjectedFault], active: str, target: str, owner: str = "") -> list[dict[str, Any]]:
    """Breakages as faults of the sandbox, with regions in place of roles. `owner` is the drill's run."""
    regions = {"active": active, "target": target, "home": HOME_OF_GLOBAL_SERVICES}
    found = []
    for one in injected:
        fault: dict[str, Any] = {"kind": one.kind, "seconds": LONGEST_SECONDS}
        fault |= {"owner": owner} if owner else {}
        if one.where != "all":
            fault["region"] = regions[one.where]
        if one.service:
            fault["service"] = one.service
        if one.to:
            fault["target"] = regions[one.to]
        found.append(fault)
    return found


def heal_all(injector: FaultInjector, faults: Iterable[Mapping[str, Any]]) -> int:
    """End the faults that look like these and are of the same owner; how many were ended."""
    wanted = [_look(fault) for fault in faults]
    ended = 0
    for fault in injector.listed():
        if _look(fault) in wanted:
            injector.heal(str(fault["id"]))
            ended += 1
    return ended


def _look(fault: Mapping[str, Any]) -> tuple[str, ...]:
    names = ("kind", "region", "service", "operation", "target", "resource", "owner")
    return tuple("" if fault.get(name) in (None, "*") else str(fault[name]) for name in names)


def set_flag(aws: AwsCalls, kit: Kit, region: str, clock: Clock, owner: str = "") -> None:
    """Have a region's health function call the region failing, for a quarter of an hour at most. Raises AwsError."""
    until = clock.now().timestamp() + FLAG_SECONDS
    item = {**_flag(region), "failing_until": {"N": str(int(until))}, "expires_at": {"N": str(int(until))}}
    item |= {"run": {"S": owner}} if owner else {}
    aws.call("dynamodb", "PutItem", region, TableName=kit.signal_table, Item=item)


def clear_flag(aws: AwsCalls, kit: Kit, region: str) -> None:
    """Take the flag away. Raises AwsError."""
    aws.call("dynamodb", "DeleteItem", region, TableName=kit.signal_table, Key=_flag(region))


def flag_is_up(aws: AwsCalls, kit: Kit, region: str, owner: str = "") -> bool:
    """Whether there is a flag, and not that of another drill. Raises AwsError when the region does not say."""
    key = _flag(region)
    answer = aws.call("dynamodb", "GetItem", region, TableName=kit.signal_table, Key=key, ConsistentRead=True)
    item = answer.get("Item") or {}
    return bool(item) and item.get("run", {}).get("S", "") in ("", owner)


def _flag(region: str) -> dict[str, Any]:
    return {"PK": {"S": "HEALTH"}, "SK": {"S": region}}
