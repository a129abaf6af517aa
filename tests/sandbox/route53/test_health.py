"""The status of a check from what was seen: inversion, disabling, children and metrics without data. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sbctl.sandbox.route53.health import Health, is_healthy

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


def status(config: dict[str, Any], *seen: bool | None) -> bool:
    """The status of a check with this configuration after these observations."""
    health = Health()
    for one in seen:
        health.observe("check", one, "", MOMENT)
    return is_healthy("check", {"check": config}, health)


@pytest.mark.parametrize("kind", ["HTTP", "HTTPS", "TCP", "RECOVERY_CONTROL"])
def test_a_check_is_healthy_until_it_was_seen_failing(kind: str) -> None:
    """Without data a check is healthy; the last observation decides."""
    assert status({"Type": kind}) is True
    assert status({"Type": kind}, True, False) is False
    assert status({"Type": kind}, False, True) is True


def test_an_inverted_check_says_the_opposite() -> None:
    """An inverted check is unhealthy until data arrives, and healthy when its endpoint fails."""
    inverted = {"Type": "HTTP", "Inverted": True}
    assert status(inverted) is False
    assert status(inverted, False) is True
    assert status(inverted, True) is False


def test_a_disabled_check_is_healthy_whatever_was_seen() -> None:
    """Disabled counts as healthy, and inverted on top of that as unhealthy."""
    assert status({"Type": "HTTP", "Disabled": True}, False) is True
    assert status({"Type": "HTTP", "Disabled": True, "Inverted": True}, False) is False


@pytest.mark.parametrize(
    ("told", "seen", "expected"),
    [
        ("Healthy", [False, None], True),
        ("Unhealthy", [True, None], False),
        ("Unhealthy", [], False),
        ("LastKnownStatus", [False, None], False),
        ("LastKnownStatus", [True, None], True),
        ("LastKnownStatus", [], True),
        ("Unhealthy", [None, True], True),
    ],
)
def test_a_metric_without_data_has_the_status_that_was_asked_for(
    told: str, seen: list[bool | None], expected: bool
) -> None:
    """InsufficientDataHealthStatus decides as long as there is no data, and no longer."""
    assert status({"Type": "CLOUDWATCH_METRIC", "InsufficientDataHealthStatus": told}, *seen) is expected


@pytest.mark.parametrize(
    ("threshold", "failing", "expected"),
    [(2, "", True), (2, "a", True), (2, "ab", False), (0, "abc", True), (4, "", False), (3, "a", False)],
)
def test_a_calculated_check_counts_its_children(threshold: int, failing: str, expected: bool) -> None:
    """So many healthy children as the threshold says are enough; 0 is always reached, more than there are never."""
    configs: dict[str, dict[str, Any]] = {child: {"Type": "HTTP"} for child in "abc"}
    configs["sum"] = {"Type": "CALCULATED", "ChildHealthChecks": ["a", "b", "c"], "HealthThreshold": threshold}
    health = Health()
    for child in failing:
        health.observe(child, False, "Failure", MOMENT)
    assert is_healthy("sum", configs, health) is expected
    configs["sum"]["Inverted"] = True
    assert is_healthy("sum", configs, health) is not expected


def test_children_count_as_their_own_settings_say() -> None:
    """A disabled child counts as healthy, an inverted failing one too, and a deleted one not at all."""
    configs: dict[str, dict[str, Any]] = {
        "off": {"Type": "HTTP", "Disabled": True},
        "stop": {"Type": "HTTP", "Inverted": True},
        "sum": {"Type": "CALCULATED", "ChildHealthChecks": ["off", "stop", "gone"], "HealthThreshold": 2},
    }
    health = Health()
    health.observe("off", False, "Failure", MOMENT)
    assert is_healthy("sum", configs, health) is False
    health.observe("stop", False, "Failure", MOMENT)
    assert is_healthy("sum", configs, health) is True


def test_what_was_forgotten_was_never_seen() -> None:
    """After a check is forgotten neither its status nor its last failure is known."""
    health = Health()
    health.observe("check", False, "Failure", MOMENT)
    health.forget("check")
    assert (health.last("check"), health.last_failure("check"), health.last_known("check")) == (None, None, True)
