"""Before a drill breaks anything, callers get a good answer: from the last of these on it is counted for how long they do not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.problem import SbctlError
from sbctl.drills.catalogue.region_loss import DRILL
from sbctl.drills.context import DrillContext, DrillRun
from sbctl.drills.probing import Probe, Probed, outage
from sbctl.drills.waits import find_baseline
from sbctl.store.runs.store import RunStore
from tests.unit.failover.scenes import EAST, WEST, stage

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def probes(text: str, region: str = EAST) -> Iterator[Probe]:
    """One probe a letter, two seconds apart: g for a good one, b for a bad one."""
    for place, letter in enumerate(text):
        yield Probe(BEGAN + timedelta(seconds=2 * place), region, good=letter == "g", why="HTTP 503")


def watched(folder: Path, coming: Iterator[Probe]) -> tuple[DrillRun, DrillContext]:
    """A drill of which one probe comes in whenever it waits."""
    clock, scene = FakeClock(), DrillRun(DRILL, "full", EAST, WEST)
    runs = RunStore(folder, clock, clock, "test")
    return scene, stage(runs, clock, lambda _: scene.seen.probes.extend([one for one in [next(coming, None)] if one]))


def test_bad_answers_before_a_good_one_are_no_outage(tmp_path: Path) -> None:
    """A health function that just started may have failed once: the outage that is rehearsed comes later."""
    scene, played = watched(tmp_path, probes("bbbbbbbbbg"))
    find_baseline(scene, played)
    assert [one.good for one in scene.seen.counted] == [True]
    scene.seen.probes += [*probes("bbg", WEST)]
    found = outage(scene.seen.counted)
    assert (found.failed, found.last_good) == (2, scene.seen.probes[9].at)
    assert found.seconds is not None


def test_a_bad_answer_just_after_the_good_one_counts() -> None:
    seen = Probed([*probes("bgb")])
    assert seen.settle()
    assert [one.good for one in seen.counted] == [True, False]


def test_without_a_good_answer_nothing_is_broken(tmp_path: Path) -> None:
    """The drill would prove nothing: it ends, and says what callers got."""
    scene, played = watched(tmp_path, probes("b" * 500))
    with pytest.raises(SbctlError) as caught:
        find_baseline(scene, played)
    assert caught.value.problems[0].code == "not-steady"
    assert "HTTP 503" in caught.value.problems[0].detail


def test_a_good_answer_of_another_region_is_none(tmp_path: Path) -> None:
    scene, played = watched(tmp_path, probes("g" * 500, WEST))
    with pytest.raises(SbctlError) as caught:
        find_baseline(scene, played)
    assert WEST in caught.value.problems[0].detail
