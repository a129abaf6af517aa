"""The worst case from loss to moved traffic is the sum of its parts, computed from the settings."""

from __future__ import annotations

from sbctl.core.moving.recovery_bound import automatic, commanded, edited
from sbctl.core.moving.rules import HealthCheckRule, Rules, TakeoverRule


def test_a_hanging_endpoint_costs_its_time_outs() -> None:
    """30 s x 3, three time-outs of 6 s, 30 s to spread and the TTL: 198 s by the default rules."""
    assert automatic(Rules()).seconds == 3 * (30 + 6) + 30 + 60


def test_a_signal_is_answered_at_once() -> None:
    """The takeover check has its own interval and threshold, and no time-outs."""
    assert commanded(Rules()).seconds == 2 + 3 * 10 + 30 + 60


def test_settings_count() -> None:
    """A slower check, a higher threshold and a longer TTL each make it longer by what they are."""
    slow = Rules(
        health_check=HealthCheckRule(interval_seconds=10, failure_threshold=1),
        takeover=TakeoverRule(interval_seconds=30, failure_threshold=2),
        ttl_seconds=600,
    )
    assert automatic(slow).seconds == 10 + 6 + 30 + 600
    assert commanded(slow).seconds == 2 + 60 + 30 + 600
    assert edited(slow).seconds == 60 + 600
