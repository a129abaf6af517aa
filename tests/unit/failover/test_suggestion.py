"""Which region a failover without --to leaves."""

from __future__ import annotations

import pytest

from sbctl.commands.failover.suggestion import left_by
from sbctl.failover.guidance.next_command import takes_over
from tests.unit.failover.scenes import EAST, LONDON, WEST, kit


@pytest.mark.parametrize(
    ("strategy", "active", "sick", "leaves", "to"),
    [
        ("active-passive", EAST, [], EAST, WEST),
        ("active-passive", WEST, [LONDON], WEST, EAST),
        ("active-passive", "", [], EAST, WEST),
        ("active-active", WEST, [], WEST, EAST),
        ("active-active", WEST, [EAST], EAST, WEST),
        ("active-active", EAST, [EAST, WEST], EAST, LONDON),
    ],
)
def test_where_all_regions_serve_the_sick_one_is_left(
    strategy: str, active: str, sick: list[str], leaves: str, to: str
) -> None:
    """DNS names any of those that serve: that one is not the one to leave, and a sick one takes nothing over."""
    shared = kit().model_copy(update={"strategy": strategy})
    health = {region: "silent" if region in sick else "healthy" for region in (EAST, WEST, LONDON)}
    assert left_by(shared, active, health) == leaves
    assert takes_over(shared, health, leaves) == to
