"""A rollback on the tiny cloud: which version is meant, its like in other regions, what the state keeps, and every kill."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.executors import sequential
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.versions import KeptVersion
from sbctl.core.moving.run import Run, RunEvent
from sbctl.core.problem import SbctlError
from sbctl.core.state import Record, State
from sbctl.engine.rollback.choose import Chooser, Target
from sbctl.engine.rollback.look import Generations, Site, look
from sbctl.engine.rollback.workflow import Order, Rollback, left_over, prepare

from .cloud import Cloud, Died, ThingKind, ThingSpec

EAST, WEST = "us-east-1", "us-west-2"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
ORDER = Order("one", "because", "kim@desk")
Versions = dict[str, list[tuple[int, str, str]]]
"""By region: number, digest of the file, and the note that it has."""


class NoteKind(ThingKind):
    """Boxes whose note has versions; `rows` are those that the cloud keeps."""

    versioned = "note"
    told_by = "colour"

    def __init__(self, rows: Versions) -> None:
        super().__init__("box")
        self.rows = rows

    def versions(self, aws: AwsCalls, region: str, live: Live[ThingSpec]) -> Iterable[KeptVersion]:  # noqa: ARG002
        return [
            KeptVersion(number, None, digest, note, note == live.spec.note)
            for number, digest, note in self.rows[region]
        ]

    def version(self, aws: AwsCalls, region: str, ids: Mapping[str, str], number: int) -> Any:
        aws.call("cloud", "Get", region, kind=self.name, id=ids["id"])
        return next((note for one, _, note in self.rows[region] if one == number), None)


class Journal:
    """Runs in memory."""

    def __init__(self) -> None:
        self.runs: dict[str, Run] = {}

    def name(self, kind: Any) -> str:
        return f"{kind}-{len(self.runs)}"

    def begin(self, kind: Any, name: str, **data: Any) -> Run:
        return self.add(Run(id=name, kind=kind, events=()), "begun", **data)

    def add(self, run: Run, what: Any, move: str = "", **data: Any) -> Run:
        event = RunEvent(at=NOW, world=NOW, what=what, move=move, data=data)
        self.runs[run.id] = run.model_copy(update={"events": (*run.events, event)})
        return self.runs[run.id]

    def all(self) -> tuple[Run, ...]:
        return tuple(self.runs.values())


class Scene:
    """A box in two regions, with its records."""

    def __init__(self, east: str, west: str, rows: Versions, history: Iterable[State] = ()) -> None:
        self.cloud, self.kind, self.journal = Cloud(), NoteKind(rows), Journal()
        self.records: dict[str, Record] = {}
        self.history = list(history)
        for region, note in ((EAST, east), (WEST, west)):
            made = self.cloud.Create(region, {"kind": "box", "name": "one", "note": note, "shelf": ""})
            self.put(Record(address=address(region), ids=made, applied={"name": "one", "note": note}))

    def put(self, record: Record) -> None:
        self.records[record.address] = record

    def chooser(self) -> Chooser:
        return Chooser(self.kind, "one", Generations(self.kind, lambda: self.history))

    def sites(self) -> list[Site]:
        return look(self.kind, self.cloud, list(self.records.values()), sequential)[0]

    def target(self, to: str = "") -> Target:
        return self.chooser().target(self.sites()[0], to)

    def roll_back(self, to: str = "") -> dict[str, str]:
        """What became of each region."""
        sites, problems = look(self.kind, self.cloud, list(self.records.values()), sequential)
        before = None if to else left_over(self.journal.all(), "one", list(self.records.values()))
        target = self.chooser().target(sites[0], to or (str(before.order["version"]) if before else ""))
        prepared = prepare(self.chooser(), self.cloud, sites, target)
        work = Rollback(self.kind, self.cloud, self, self.journal, sequential)
        _, results = work.carry_out(ORDER, prepared, sites, [one.at for one in problems], NOW)
        return {one.region: one.outcome for one in results}

    def notes(self) -> list[str]:
        return [self.cloud.things[region, "box", "one"]["note"] for region in (EAST, WEST)]


def address(region: str) -> str:
    return f"box.{region}.one"


def generation(serial: int, note: str, digest: str = "") -> State:
    """A state in which the box had this note in both regions."""
    applied = {"name": "one", "note": note, **({"colour": digest} if digest else {})}
    records = {address(region): Record(address=address(region), applied=applied) for region in (EAST, WEST)}
    return State(serial=serial, records=records, written_at=NOW)


SAME: Versions = {region: [(3, "fc", "third"), (2, "fb", "second"), (1, "fa", "first")] for region in (EAST, WEST)}


@pytest.mark.parametrize(
    ("live", "rows", "meant"),
    [
        ("third", SAME[EAST], 2),
        ("second", SAME[EAST], 1),
        ("edited in the console", SAME[EAST], 3),
        ("third", [(9, "", "of others"), *SAME[EAST]], 2),
        ("first", [(3, "fa", "first"), (2, "fb", "second"), (1, "fa", "first")], 2),
        ("second", [(3, "fb", "second"), (2, "fb", "second"), (1, "fa", "first")], 1),
    ],
)
def test_the_version_before_the_published_one_is_meant(live: str, rows: Any, meant: int) -> None:
    """Of sbctl's own; where the published content is none of them, the last one that was deployed."""
    assert Scene(live, live, {EAST: rows, WEST: rows}).target().number == meant


def test_regions_find_its_like_by_the_digest_of_the_file() -> None:
    """A region that joined later counts from one; of two of the same file the one with the same number is taken."""
    west = [(2, "fc", "third, west"), (1, "fb", "second, west")]
    scene = Scene("third", "third, west", {EAST: SAME[EAST], WEST: west})
    assert scene.roll_back() == {EAST: "done", WEST: "done"}
    assert scene.notes() == ["second", "second, west"]
    assert [record.rolled_back["to"] for record in scene.records.values()] == ["version 2", "version 2"]


def test_a_region_without_its_like_is_told_and_the_others_are_changed() -> None:
    """It keeps what it has; the record does not say otherwise, and the run is not whole."""
    scene = Scene("third", "other", {EAST: SAME[EAST], WEST: [(1, "fx", "other")]})
    assert scene.roll_back() == {EAST: "done", WEST: "failed"}
    assert scene.notes() == ["second", "other"]
    assert scene.records[address(WEST)].rolled_back == {}
    assert scene.journal.all()[0].result["outcome"] == "partial"


def test_a_version_of_others_is_brought_back_where_it_is() -> None:
    """It has no digest by which other regions would know it."""
    scene = Scene("third", "third", {EAST: [(9, "", "theirs"), *SAME[EAST]], WEST: [(9, "", "another"), *SAME[WEST]]})
    assert scene.roll_back("9") == {EAST: "done", WEST: "failed"}
    assert scene.notes() == ["theirs", "third"]


def test_without_versions_the_state_has_earlier_contents() -> None:
    """The one before the published content, of one generation for all regions; twice goes back twice."""
    history = [generation(4, "now"), generation(3, "now"), generation(2, "second"), generation(1, "first")]
    scene = Scene("now", "now", {EAST: [], WEST: []}, history)
    assert scene.target() == Target(serial=2)
    assert [one.serial for one in scene.chooser().fallback(scene.sites()[0])] == [2, 1]
    assert scene.roll_back() == {EAST: "done", WEST: "done"}
    scene.history.insert(0, generation(5, "now"))
    assert scene.roll_back() == {EAST: "done", WEST: "done"}
    assert scene.notes() == ["first", "first"]


def test_what_was_taken_over_is_told_beside_the_versions() -> None:
    """It was deployed by no one, so that AWS has no version of it; the default goes back to it."""
    history = [generation(3, "new", "d2"), generation(2, "new"), generation(1, "taken over")]
    scene = Scene("new", "new", {EAST: [(1, "d2", "new")], WEST: [(1, "d2", "new")]}, history)
    assert [(one.serial, one.digest) for one in scene.chooser().fallback(scene.sites()[0])] == [(1, "")]
    assert scene.target() == Target(serial=1)


@pytest.mark.parametrize(
    ("live", "meant"),
    [
        ("fourth", Target(serial=3, digest="fc")),
        ("third", Target(number=2, digest="fb")),
        ("second", Target(number=1, digest="fa")),
        ("edited in the console", Target(serial=4, digest="fd")),
    ],
)
def test_what_has_no_version_is_not_passed_over(live: str, meant: Target) -> None:
    """AWS refused the versions of the last two deploys."""
    rows: Versions = {region: [(2, "fb", "second"), (1, "fa", "first")] for region in (EAST, WEST)}
    history = [
        generation(serial, note, digest)
        for serial, note, digest in [(4, "fourth", "fd"), (3, "third", "fc"), (2, "second", "fb"), (1, "first", "fa")]
    ]
    assert Scene(live, live, rows, history).target() == meant


def test_before_what_was_taken_over_is_nothing() -> None:
    """A second rollback does not go forward to what the first one left."""
    rows: Versions = {region: [(2, "fb", "second"), (1, "fa", "first")] for region in (EAST, WEST)}
    history = [generation(3, "second", "fb"), generation(2, "first", "fa"), generation(1, "taken over")]
    with pytest.raises(SbctlError) as caught:
        Scene("taken over", "taken over", rows, history).target()
    assert caught.value.problems[0].code == "no-earlier-version"


def test_a_version_that_is_gone_is_taken_from_the_state() -> None:
    """A region whose version of that file was deleted has the content in a generation with the same digest."""
    history = [generation(2, "third", "fc"), generation(1, "second, kept", "fb")]
    scene = Scene("third", "third", {EAST: SAME[EAST], WEST: [(3, "fc", "third")]}, history)
    assert scene.roll_back() == {EAST: "done", WEST: "done"}
    assert scene.notes() == ["second", "second, kept"]


@pytest.mark.parametrize(
    ("to", "code"), [("7", "no-such-version"), ("serial:7", "no-such-version"), ("", "no-earlier-version")]
)
def test_what_there_is_not_is_refused(to: str, code: str) -> None:
    """Nothing is written then."""
    scene = Scene("first", "first", {EAST: [(1, "fa", "first")], WEST: []})
    with pytest.raises(SbctlError) as caught:
        scene.target(to)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_back_to_what_was_deployed_is_no_rollback_any_more() -> None:
    """The record forgets it, so that the plan is silent."""
    scene = Scene("third", "third", SAME)
    assert scene.roll_back() == {EAST: "done", WEST: "done"}
    assert scene.roll_back("3") == {EAST: "done", WEST: "done"}
    assert [record.rolled_back for record in scene.records.values()] == [{}, {}]


@pytest.mark.parametrize("how", ["before", "after", "lost"])
def test_wherever_it_dies_the_same_command_goes_on(how: str) -> None:
    """To the same version in every region; and what differs from the file is always known as rolled back."""
    clean = Scene("third", "third", SAME)
    clean.roll_back()
    for number in range(1, len(clean.cloud.calls) + 1):
        scene = Scene("third", "third", SAME)
        scene.cloud.fail = {number: how}
        with contextlib.suppress(Died, AwsError, SbctlError):
            scene.roll_back()
        scene.cloud.fail = {}
        for region, note in zip((EAST, WEST), scene.notes(), strict=True):
            assert note == "third" or scene.records[address(region)].rolled_back, f"{how} call {number}"
        if scene.notes() != ["second", "second"] or scene.journal.all()[-1].result.get("outcome") != "done":
            scene.roll_back()
        assert scene.notes() == ["second", "second"], f"{how} call {number}"
        assert scene.journal.all()[-1].result["outcome"] == "done"


def test_a_run_that_was_left_is_forgotten_when_something_was_deployed() -> None:
    """What it meant is no longer what is meant."""
    scene = Scene("third", "third", SAME)
    scene.cloud.dead = {WEST}
    assert scene.roll_back() == {EAST: "done"}
    records = list(scene.records.values())
    assert left_over(scene.journal.all(), "one", records) is not None
    later = records[0].model_copy(update={"updated_at": datetime(2026, 3, 2, tzinfo=UTC)})
    assert left_over(scene.journal.all(), "one", [later, records[1]]) is None
