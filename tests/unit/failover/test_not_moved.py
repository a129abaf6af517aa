"""What a failover leaves behind is told with this deployment's names: the numbers themselves, and where to forward them to."""

from __future__ import annotations

from sbctl.failover.decision.not_moved import NotMoved, not_moved
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.kit.kit import Kit
from tests.unit.failover.scenes import EAST, LONDON, WEST, kit, region

HERE, THERE = "+18005550100", "+18005550101"


def numbers_of(known: Kit) -> NotMoved:
    told = not_moved(known, FailoverRequest(target=WEST, mode="forced"), EAST)
    return next(one for one in told if one.what == "telephone numbers")


def with_numbers(east: tuple[str, ...], west: tuple[str, ...]) -> Kit:
    rows = (region(EAST, 1).model_copy(update={"numbers": east}), region(WEST, 2).model_copy(update={"numbers": west}))
    return kit(regions=(*rows, region(LONDON, 3)))


def test_the_numbers_that_stay_and_where_to_forward_them() -> None:
    """What a carrier is told on the telephone at night stands in one line."""
    told = numbers_of(with_numbers((HERE,), (THERE,)))
    assert told.state == f"{HERE} stay in us-east-1: DNS routes no calls"
    assert f"forward them to {THERE}, or publish {THERE}." in told.action


def test_without_known_numbers_the_instances_are_named() -> None:
    """A kit that an earlier version made, or numbers that sbctl does not manage."""
    told = numbers_of(kit())
    assert "numbers of the instance" in told.state
    assert "publish the numbers of" in told.action
