"""How much a difference would hurt a failover: one table, by kind and field, and the order of everything that drift shows.

What the levels mean, and the table for people: docs/reference/severity.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sbctl.core.address import Address

Level = Literal["critical", "high", "medium", "low"]
LEVELS: tuple[Level, ...] = ("critical", "high", "medium", "low")


@dataclass(frozen=True)
class Severity:
    """`rank` orders what is shown, the worst first: 0 hurts a failover most."""

    level: Level
    why: str
    rank: int


TAGS = "tags"
# Kind → (field, level, why), the worst kind first; the field "" stands for the whole resource and for its other fields.
RANKING: dict[str, tuple[tuple[str, Level, str], ...]] = {
    "route53_health_check": (
        ("", "critical", "Route 53 would see a dead region as healthy, or a healthy one as dead"),
    ),
    "route53_calculated_check": (("", "critical", "the health that DNS answers by would be computed wrongly"),),
    "route53_metric_check": (("", "critical", "silence could give traffic back to a region that was left by order"),),
    "route53_record": (
        ("ttl", "critical", "resolvers would keep the lost region's answer for longer"),
        ("", "critical", "DNS would not answer with the region that takes over"),
    ),
    "route53_zone": (("", "critical", "the public name would not be answered"),),
    "lambda_url": (("", "critical", "the health check could not ask the region"),),
    "lambda_permission": (
        ("strangers", "high", "anybody could call the function, and use up what is reserved for it"),
        ("", "critical", "the function could not be called"),
    ),
    "dynamodb_table": (
        ("ttl", "high", "items would expire after a time that nobody named, or never"),
        ("deletion_protection", "high", "the home's data could be deleted by mistake"),
        ("", "critical", "data would not reach the other regions"),
    ),
    "dynamodb_replica": (
        ("pitr", "high", "what is deleted or overwritten by mistake could not be recovered"),
        ("recovery_days", "medium", "recovery would reach back less far"),
        ("deletion_protection", "high", "the region's data could be deleted by mistake"),
        ("", "critical", "the region would have no data to serve"),
    ),
    "s3_replication": (("", "critical", "recordings would be lost with their region"),),
    "s3_bucket": (
        ("lifecycle", "medium", "recordings would be kept for another time"),
        ("", "high", "recordings would not be stored, protected or replicated as wanted"),
    ),
    "iam_role": (
        ("attached", "critical", "a policy of others may deny what functions or replication need"),
        ("", "critical", "functions or replication would lack their permissions"),
    ),
    "lambda_function": (
        ("reserved", "high", "the function would run for fewer callers, or for none"),
        ("description", "low", "only people read it"),
        ("", "high", "callers would be served by another program"),
    ),
    "connect_instance": (
        ("attributes", "medium", "agents and supervisors would work otherwise"),
        ("", "critical", "the region could not take calls"),
    ),
    "connect_lambda": (("", "high", "flows could not call the function"),),
    "connect_flow": (
        ("description", "low", "only people read it"),
        ("", "high", "callers would hear or reach something else"),
    ),
    "connect_flow_module": (
        ("description", "low", "only people read it"),
        ("", "high", "callers would hear or reach something else"),
    ),
    "connect_prompt": (
        ("description", "low", "only people read it"),
        ("", "high", "callers would hear another recording, or none"),
    ),
    "connect_queue": (
        ("max_contacts", "high", "callers would be turned away sooner, or wait in a longer line"),
        ("outbound_caller_name", "low", "called people would see another name"),
        ("description", "low", "only people read it"),
        ("", "high", "calls would wait where nobody answers, or nowhere"),
    ),
    "connect_hours": (("", "high", "callers would find the centre closed, or open with nobody there"),),
    "connect_routing_profile": (
        ("description", "low", "only people read it"),
        ("", "high", "agents would not be offered the calls of these queues"),
    ),
    "connect_storage": (("", "high", "recordings would go elsewhere, or nowhere"),),
    "cloudwatch_alarm": (("", "medium", "nobody would be told"),),
    "log_group": (("", "medium", "logs would be missing when they are needed"),),
    "cloudwatch_dashboard": (("", "low", "operators would look at another picture"),),
}
NAMED: dict[tuple[str, str], tuple[Level, str]] = {
    ("cloudwatch_alarm", "takeover-latch"): ("critical", "the latch of the takeover follows this alarm's metric"),
    ("lambda_function", "takeover"): ("critical", "Route 53 asks this function whether the region has taken over"),
    ("lambda_function", "health"): ("critical", "Route 53 asks this function whether the region is healthy"),
}
"""Single resources that weigh more than their kind, by kind and name."""
UNRANKED = "this kind is not ranked"
TAGS_WHY = "tags are only read by people, bills and sbctl itself"


def severity(address: Address, field: str = "") -> Severity:
    """How much a difference hurts. `field` may be dotted (`tags.team`); "" for a resource that is missing."""
    kind, base = address.kind, field.partition(".")[0]
    if base == TAGS:
        return Severity("low", TAGS_WHY, _rank("low", kind, 9))
    if (kind, address.name) in NAMED and base != "description":
        level, why = NAMED[kind, address.name]
        return Severity(level, why, _rank(level, kind, 0))
    for position, (name, level, why) in enumerate(RANKING.get(kind, ())):
        if name in (base, ""):
            return Severity(level, why, _rank(level, kind, position if name else 5))
    return Severity("medium", UNRANKED, _rank("medium", kind, 5))


def _rank(level: Level, kind: str, position: int) -> int:
    kinds = [*RANKING]
    return LEVELS.index(level) * 1000 + (kinds.index(kind) if kind in kinds else len(kinds)) * 10 + position
