"""How long AWS's limits make a plan: told where it is worth a word, by the kind and region that take longest."""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.core.plan import Action, Plan, Step
from sbctl.engine.planning.estimate import estimate


def plan(counts: Mapping[Action, int]) -> Plan:
    """A plan with so many steps of an action for users, and as many creations of queues as fit in a minute."""
    steps = [
        Step(address=f"connect_user.us-east-1.{action}-{number}", action=action)
        for action, count in counts.items()
        for number in range(count)
    ]
    steps += [Step(address=f"connect_queue.us-west-2.{number}", action="create") for number in range(50)]
    common = {"lineage": "l", "serial": 1, "account": "1", "project": "p", "config_digest": "d", "regions": ()}
    return Plan(made_at="2026-01-01T00:00:00Z", steps=tuple(steps), **common)  # type: ignore[arg-type]


def test_a_thousand_users_take_eight_minutes() -> None:
    """Two calls a second, and the first five at once; regions and kinds run side by side."""
    found = estimate(plan({"create": 1000}))
    assert found.seconds == (1000 - 5) / 2
    assert found.told() == "about 8 min by AWS's limit of 2 calls a second"


def test_what_calls_nothing_takes_no_time() -> None:
    """Adoptions and what stays as it is; of less than a minute nothing is told."""
    actions: tuple[Action, ...] = ("adopt", "none", "forget")
    found = estimate(plan(dict.fromkeys(actions, 1000)))
    assert found.seconds == (50 - 5) / 2
    assert found.told() == ""
