"""How long callers may go on reaching the lost region, at worst, computed from the settings (dr-primitives 4.7).

An interval runs from answer to next request, so an endpoint that hangs costs its time-out on top, once for each probe.
"""

from __future__ import annotations

from sbctl.core.kinds.spec import Frozen
from sbctl.core.moving.rules import Rules

PROBE_TIMEOUT_SECONDS = 6.0
"""4 s to connect and 2 s for the status.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"""
SPREAD_SECONDS = 30.0
"""From the checkers' verdict to all DNS servers: AWS gives no number; a budget."""
SERVING_SECONDS = 2.0
"""From the signal's write to the health function's answer: what it keeps an answer for, and a cold start."""


class Delay(Frozen):
    """One part of the way, in seconds, and why it takes so long."""

    name: str
    seconds: float
    reason: str


class WorstCase(Frozen):
    """The parts of the way from a cause to moved traffic."""

    cause: str
    parts: tuple[Delay, ...]

    @property
    def seconds(self) -> float:
        return sum(part.seconds for part in self.parts)


def automatic(rules: Rules) -> WorstCase:
    """A region is lost and its endpoint hangs: Route 53 notices by itself."""
    check = rules.health_check
    return WorstCase(
        cause="endpoint lost",
        parts=(_detection(check.interval_seconds, check.failure_threshold, PROBE_TIMEOUT_SECONDS), *_spreading(rules)),
    )


def commanded(rules: Rules) -> WorstCase:
    """An operator gives the takeover signal: the region that takes over answers at once, so no time-outs."""
    check = rules.takeover
    serving = Delay(name="signal", seconds=SERVING_SECONDS, reason="from the write to the health function's answer")
    return WorstCase(
        cause="takeover signal",
        parts=(serving, _detection(check.interval_seconds, check.failure_threshold, 0.0), *_spreading(rules)),
    )


def edited(rules: Rules) -> WorstCase:
    """An operator edits the records: no health check is waited for."""
    spread = Delay(name="publication", seconds=60.0, reason="a change is usually in sync within 60 s")
    return WorstCase(cause="record change", parts=(spread, _cache(rules)))


def _detection(interval: int, threshold: int, timeout: float) -> Delay:
    reason = f"{interval} s x {threshold}" + (f" + {threshold} time-outs of {timeout:.0f} s" if timeout else "")
    return Delay(name="health check", seconds=threshold * (interval + timeout), reason=reason)


def _spreading(rules: Rules) -> tuple[Delay, Delay]:
    spread = Delay(name="spreading", seconds=SPREAD_SECONDS, reason="from the checkers' verdict to all DNS servers")
    return spread, _cache(rules)


def _cache(rules: Rules) -> Delay:
    return Delay(name="caches", seconds=float(rules.ttl_seconds), reason=f"TTL of {rules.ttl_seconds} s")
