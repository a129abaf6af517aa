"""What a deploy makes or changes becomes a version; a refusal is one note, and silence leaves the step unfinished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.problem import Exit
from sbctl.engine.apply.applier import Outcome
from sbctl.engine.planning.planner import Scope
from sbctl.store.media.memory import MemoryStore

from .cloud import Cloud, PlayKind, ThingSpec, play, session

ALL = Scope()


class VersionedKind(PlayKind):
    """Plays of which the cloud keeps versions. `failure` is what it answers to that."""

    versioned = "friends"

    def __init__(self, failure: AwsError | None = None) -> None:
        super().__init__("play")
        self.kept: list[tuple[str, bool]] = []
        self.failure = failure

    def keep_version(
        self,
        aws: AwsCalls,  # noqa: ARG002
        region: str,  # noqa: ARG002
        live: Live[ThingSpec],
        applied: ThingSpec,  # noqa: ARG002
        *,
        new: bool,
    ) -> None:
        self.kept.append((live.spec.name, new))
        if self.failure is not None:
            raise self.failure


def deploy(kind: VersionedKind, cloud: Cloud, store: MemoryStore, *desired: Any) -> Outcome:
    kinds: Mapping[str, Kind[Any, Any]] = {"play": kind}
    run = session(cloud, store, *desired, kinds=kinds)
    return run.apply(run.plan(ALL).plan)


def test_what_is_made_or_changed_becomes_a_version() -> None:
    """Not what changes only in other fields, nor what does not change; of a circle each once."""
    kind, cloud, store = VersionedKind(), Cloud(), MemoryStore()
    deploy(kind, cloud, store, play("one", "two"), play("two", "one"), play("three"))
    assert sorted(kind.kept) == [("one", True), ("three", True), ("two", True)]
    kind.kept.clear()
    deploy(kind, cloud, store, play("one", "two", size=2), play("two"), play("three"))
    assert kind.kept == [("two", False)]


def test_a_refusal_is_one_note() -> None:
    """AWS may make versions of campaign flows alone: the deploy is whole all the same, and the next plan is empty."""
    kind, cloud, store = VersionedKind(AwsError("InvalidRequestException", "not of this type")), Cloud(), MemoryStore()
    outcome = deploy(kind, cloud, store, play("one"), play("two"))
    assert (outcome.problems, outcome.failed) == ([], set())
    assert [(note.code, note.exit) for note in outcome.notes] == [("no-version", Exit.DONE)]
    assert "2 resources" in outcome.notes[0].detail
    assert session(cloud, store, play("one"), play("two"), kinds={"play": kind}).plan(ALL).plan.pending == ()


def test_silence_leaves_the_step_to_the_next_run() -> None:
    """The content is there and the version perhaps not: the next run makes sure, and writes nothing else."""
    kind, cloud, store = VersionedKind(AwsError("Timeout", "no answer")), Cloud(), MemoryStore()
    assert deploy(kind, cloud, store, play("one")).failed == {"play.us-east-1.one"}
    kind.failure, before = None, [name for _, name in cloud.calls if name in ("Create", "Update")]
    assert deploy(kind, cloud, store, play("one")).problems == []
    assert kind.kept == [("one", True), ("one", False)]
    assert [name for _, name in cloud.calls if name in ("Create", "Update")] == before


def test_what_was_there_before_gets_no_version() -> None:
    """Adopted as it is, it was deployed by nobody here."""
    kind, cloud = VersionedKind(), Cloud()
    cloud.Create("us-east-1", {"kind": "play", "name": "one", "friends": []})
    outcome = deploy(kind, cloud, MemoryStore(), play("one"))
    assert (outcome.problems, kind.kept) == ([], [])
