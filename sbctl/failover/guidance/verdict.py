"""What is so now, in one sentence: where traffic is, by whose doing, what is left open, and which regions do not answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sbctl.core.text.ages import age
from sbctl.failover.decision.observe import THROTTLED
from sbctl.failover.kit.kit import Kit

WORDS = {
    "throttled": ("is throttled, and its health checks fail", "are throttled, and their health checks fail"),
    "silent": ("is silent", "are silent"),
    "failing": ("answers badly", "answer badly"),
    "unknown": ("is unknown", "are unknown"),
}


def verdict(kit: Kit, data: Mapping[str, Any], *, shared: bool) -> str:
    """The sentence over the overview's data. `shared`: every healthy region serves."""
    if data["age_seconds"] is None:
        return "; ".join(["Nobody has looked at the regions yet", *_left_open(data)]) + "."
    health = {row["region"]: _health(row) for row in data["regions"]}
    by_itself = not shared and data["active"] not in (None, kit.primary.region) and data["ordered"] is None
    said = _disagreeing(kit, data, health) if by_itself else ""
    regions = [said] if said else _regions(health)
    return "; ".join([_traffic(kit, data, health, shared=shared), *_left_open(data), *regions]) + "."


def _health(row: Mapping[str, Any]) -> str:
    """A region's health in a word of its own where its function answers nobody, for want of room."""
    return "throttled" if row["health"] == "healthy" and row["detail"] == THROTTLED else str(row["health"])


def _disagreeing(kit: Kit, data: Mapping[str, Any], health: Mapping[str, str]) -> str:
    """Where health checks have moved traffic, and everything answers us well: the two do not ask at the same time."""
    if {*health.values()} != {"healthy"}:
        return ""
    left = data["signal"] if data["signal"] in health else kit.primary.region
    return f"all {len(health)} regions answer well here, but the health checks of {left} have yet to agree"


def _traffic(kit: Kit, data: Mapping[str, Any], health: Mapping[str, str], *, shared: bool) -> str:
    served = {("throttled", code) for code in data["serving"]}
    serving = [code for code, how in health.items() if how == "healthy" or (how, code) in served]
    if shared and serving:
        return f"Traffic is shared by {listed(serving)}"
    active = data["active"]
    if not active:
        answer = data["dns_answer"]
        return (
            f"DNS answers {answer}, which is no region's"
            if answer
            else "DNS says nothing: where traffic is, is unknown"
        )
    if active == kit.primary.region:
        return f"Traffic is in {active}, the primary"
    return f"Traffic is in {active}{_by_whom(data)}"


def _by_whom(data: Mapping[str, Any]) -> str:
    """By whose order traffic is away from the primary; by nobody's where neither a signal nor a run ordered it there."""
    order = data["ordered"]
    if order is None and data["signal"]:
        return f" by health checks alone, though it was ordered to {data['signal']}"
    if order is None:
        return " by health checks alone, by nobody's order"
    ago = "" if order["age_seconds"] is None else f", {age(order['age_seconds'])} ago"
    return f" by order of {order['by'].partition('@')[0] or 'somebody'} (run {order['run']}{ago})"


def _left_open(data: Mapping[str, Any]) -> list[str]:
    found = []
    run, drill = data["open_failover"], data["open_drill"]
    busy = bool(data["at_work"])
    if run is not None and (drill is None or drill["failover"] != run["run"]):
        found.append(
            f"the {run['kind']} to {run['target']} is {'under way' if busy else 'open'}, begun {age(run['age_seconds'])} ago"
        )
    if drill is not None:
        found.append(
            f"the drill {drill['name']}, begun {age(drill['age_seconds'])} ago, is {'under way' if busy else 'not restored'}"
        )
    return found


def _regions(health: Mapping[str, str]) -> list[str]:
    """The regions that are not healthy, those of a kind together; or that all are."""
    found = []
    for how, words in WORDS.items():
        codes = [code for code, one in health.items() if one == how]
        if codes:
            found.append(f"{listed(codes)} {words[len(codes) > 1]}")
    return found or [f"all {len(health)} regions are healthy" if len(health) > 1 else "it is healthy"]


def listed(names: Iterable[str]) -> str:
    """Names as a sentence has them: a, b and c."""
    found: Sequence[str] = [*names]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"
