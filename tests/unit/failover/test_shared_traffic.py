"""Where all regions serve: which are active, and in how many answers it is seen that one is not answered any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from sbctl.core.clock import FakeClock
from sbctl.drills.runner import takers
from sbctl.failover.decision.observe import Observer, answers_needed, look, not_moved_yet
from sbctl.failover.guidance.status import overview, readings_of
from sbctl.failover.kit.kit import Kit
from tests.unit.failover.scenes import EAST, LONDON, WEST, Reply, Table, kit, region, signalled, world


def shared(*weights: int | None, routing: str = "weighted") -> Kit:
    regions = tuple(
        region(code, place).model_copy(update={"weight": weight})
        for place, (code, weight) in enumerate(zip((EAST, WEST, LONDON), weights, strict=True), 1)
    )
    return kit(strategy="active-active", regions=regions, routing=routing, chain=())


@dataclass
class Answers:
    """DNS that answers these regions in turn, and endpoints that are well."""

    regions: Sequence[str]
    asked: int = 0
    table: Table = field(default_factory=Table)

    def ask(self, name: str, type_: str) -> Reply:  # noqa: ARG002
        self.asked += 1
        return Reply(values=(f"example-{self.regions[(self.asked - 1) % len(self.regions)]}.my.connect.aws",))

    def get(self, host: str, path: str) -> Reply:  # noqa: ARG002
        return Reply(200)

    def observer(self) -> Observer:
        clock = FakeClock()
        return Observer(aws=self.table, http=self, dns=self, clock=clock, world=clock, alone=True)


@pytest.mark.parametrize(
    ("found", "left", "needed"),
    [
        (kit(), EAST, 1),
        (shared(100, 100, 100), EAST, 12),
        (shared(None, None, None), EAST, 12),
        (shared(50, 25, 25), EAST, 7),
        (shared(90, 5, 5), EAST, 2),
        (shared(90, 5, 5), LONDON, 90),
        (shared(0, 50, 50), EAST, 1),
        (shared(1, 9999, 0), EAST, 460),
        (shared(0, 0, 0), EAST, 12),
        (shared(100, 0, 0), EAST, 1),
        (shared(None, None, None, routing="latency"), EAST, 3),
    ],
)
def test_how_many_answers_follows_from_the_share(found: Kit, left: str, needed: int) -> None:
    """The n for which (1 - share)^n is below one in a hundred."""
    assert answers_needed(found, left) == needed


@pytest.mark.parametrize("last", [EAST, ""])
def test_one_answer_that_names_the_region_left_is_enough_to_go_on_waiting(last: str) -> None:
    """Eleven of others say nothing."""
    answers = Answers([*[WEST, LONDON] * 5, WEST, last or "nowhere"])
    assert not_moved_yet(answers.observer(), shared(1, 1, 1), WEST, EAST) == f"DNS answers {EAST}" or not last
    assert answers.asked == 12
    assert not_moved_yet(Answers([WEST, LONDON]).observer(), shared(1, 1, 1), WEST, EAST) == ""


def test_where_one_region_serves_another_than_the_target_is_not_moved() -> None:
    """A third region's answer does not count either."""
    assert not_moved_yet(Answers([LONDON]).observer(), kit(), WEST, EAST)
    assert not not_moved_yet(Answers([WEST]).observer(), kit(), WEST, EAST)


def test_all_regions_that_serve_are_seen() -> None:
    """The first by priority stands for them, whichever was answered first; where one serves it is that."""
    seen = look(Answers([LONDON, WEST, EAST]).observer(), shared(1, 1, 1))
    assert (seen.serving, seen.active) == ((EAST, WEST, LONDON), EAST)
    seen = look(Answers([LONDON, WEST]).observer(), shared(1, 1, 1))
    assert (seen.serving, seen.active) == ((WEST, LONDON), WEST)
    assert look(Answers([WEST]).observer(), kit()).serving == (WEST,)


def test_by_latency_all_regions_that_are_well_serve() -> None:
    """A resolver sees the one of its own place, and status does not call that one away from the primary."""
    by_latency = shared(None, None, None, routing="latency")
    seen = look(Answers([LONDON]).observer(), by_latency)
    assert (seen.serving, seen.active) == ((EAST, WEST, LONDON), LONDON)
    data = overview(by_latency, {"status": readings_of(seen)}, (), seen.at)
    assert {row["region"]: row["role"] for row in data["regions"]} == dict.fromkeys((EAST, WEST, LONDON), "active")
    assert (data["faults"], data["next"]) == ([], "sbctl verify-replication")


@pytest.mark.parametrize(
    ("active", "signal", "found", "fits"),
    [
        (EAST, "", kit(), [WEST, LONDON]),
        (EAST, EAST, kit(), [WEST, LONDON]),
        (WEST, WEST, kit(), [LONDON]),
        (LONDON, LONDON, kit(), [EAST, WEST]),
        (EAST, "", shared(1, 1, 1), [WEST, LONDON]),
    ],
)
def test_who_takes_over_in_a_drill(active: str, signal: str, found: Kit, fits: list[str]) -> None:
    """Not a region whose traffic the active one draws to itself, unless there is no other."""
    assert takers(signalled(world(active), signal), found) == fits
