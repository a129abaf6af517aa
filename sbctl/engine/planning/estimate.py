"""How long a plan takes at least: AWS takes only so many calls a second, and each step is one of the operation that does it.

https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sbctl.aws.layers.rates import rate_of
from sbctl.core.plan import Plan

WORTH_SECONDS = 60.0
"""What takes less is not worth a word."""
CALLING = frozenset({"create", "update", "replace", "delete"})


@dataclass(frozen=True)
class Estimate:
    """`seconds` by the limit of `rate` calls a second, for the kind and region that take longest."""

    seconds: float
    rate: float = 0.0

    def told(self) -> str:
        """For people; "" where it is not worth a word."""
        if self.seconds < WORTH_SECONDS:
            return ""
        return f"about {round(self.seconds / 60)} min by AWS's limit of {self.rate:g} calls a second"


def estimate(plan: Plan) -> Estimate:
    """The longest of what runs side by side: regions, and the kinds of each."""
    counted = Counter((step.at.region, step.at.kind) for step in plan.steps if step.action in CALLING)
    found = [_of(kind, count) for (_, kind), count in counted.items()]
    return max(found, key=lambda one: one.seconds, default=Estimate(0.0))


def _of(kind: str, count: int) -> Estimate:
    """Of one kind in a region, once what may come at once has come."""
    rate, burst = rate_of(kind.partition("_")[0], "")
    return Estimate(max(0, count - burst) / rate, rate)
