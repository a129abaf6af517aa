"""Whether traffic can have moved within the RTO at worst, by the settings and the TTL that the records really have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import Subject
from sbctl.core.moving.recovery_bound import WorstCase, automatic, commanded, edited
from sbctl.core.moving.rules import Rules
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.core.reading import Reading

CALLS: frozenset[str] = frozenset()
WORST, PLANES = "worst-case", "control-plane"
RECORDS = "sbctl record apply --yes"


def worst_cases(on: Subject, ttls: Sequence[int] = ()) -> tuple[WorstCase, ...]:
    """The ways to moved traffic that this project has, with the longest TTL that is really answered."""
    rules = _as_lived(on.project.rules, ttls)
    by_hand = commanded(rules) if on.wanted("route53_calculated_check") else edited(rules)
    return automatic(rules), by_hand


def _as_lived(rules: Rules, ttls: Iterable[int]) -> Rules:
    longest = max([rules.ttl_seconds, *ttls])
    return rules.model_copy(update={"ttl_seconds": longest})


def check_objective(on: Subject, ttls: Sequence[int]) -> Iterator[Reading]:
    """A reading a way."""
    rto = on.project.rules.objectives.rto_seconds
    as_configured = {way.cause: way.seconds for way in worst_cases(on)}
    for way in worst_cases(on, ttls):
        parts = " + ".join(f"{part.seconds:.0f} s {part.name}" for part in way.parts)
        if way.seconds <= rto:
            found = Found(way.seconds, "ok", f"{parts}; the RTO is {rto:.0f} s")
        else:
            longest = max(way.parts, key=lambda part: part.seconds)
            fix = f"Shorten {longest.name} ({longest.reason}) in failover-rules.json, or raise the RTO."
            if as_configured[way.cause] <= rto:  # only a record's TTL is in the way
                fix = RECORDS
            found = Found(way.seconds, "late", f"{parts}: {way.seconds:.0f} s, and the RTO is {rto:.0f} s", fix)
        yield on.say(WORST, found, way.cause, unit="s")


def check_planes(on: Subject) -> Iterator[Reading]:
    """Whether a failover depends on a control plane that may be lost with a region."""
    if on.wanted("route53_calculated_check"):
        yield on.say(
            PLANES, Found("none", "ok", "a failover needs no control plane: a signal moves traffic"), "failover"
        )
        return
    detail = f"a failover edits records, which needs Route 53's control plane in {HOME_OF_GLOBAL_SERVICES}"
    fix = '"mechanism": "standby-takeover" in failover-rules.json, with a health function and the table of the signal'
    yield on.say(PLANES, Found(HOME_OF_GLOBAL_SERVICES, "bad", detail, fix), "failover")
