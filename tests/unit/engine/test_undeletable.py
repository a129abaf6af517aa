"""Kinds that AWS cannot delete: they are disabled or left, the plan says so, and they are taken over when wanted again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.spec import Desired
from sbctl.core.plan import Step
from sbctl.engine.planning.planner import Scope
from sbctl.engine.session import Session
from sbctl.store.media.memory import MemoryStore

from .cloud import Cloud, ThingKind, session, shelf

DISABLED = 0


class StatusKind(ThingKind):
    """As agent statuses are: there is no call that deletes one; a size of 0 disables it."""

    deletion = "disabled"

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        aws.call("cloud", "Update", region, kind=self.name, id=ids["id"], size=DISABLED)


class LastingKind(ThingKind):
    """What AWS keeps as it is."""

    deletion = "left"


def running(kind: ThingKind, cloud: Cloud, store: MemoryStore, *desired: Desired) -> Session:
    return replace(session(cloud, store, *desired), kinds={"shelf": kind})


def done(run: Session, *, destroy: bool = False) -> list[Step]:
    plan = run.plan(Scope(), destroy=destroy).plan
    assert run.apply(plan).problems == []
    return list(plan.pending)


def test_what_cannot_be_deleted_is_disabled_and_the_plan_says_so() -> None:
    """It stays in AWS, disabled; the state forgets it, and the next plan is empty."""
    kind, cloud, store = StatusKind("shelf"), Cloud(), MemoryStore()
    done(running(kind, cloud, store, shelf("lunch", size=3)))
    (step,) = done(running(kind, cloud, store))
    assert (step.action, step.reason) == ("delete", "no longer wanted; AWS cannot delete it, so sbctl disables it")
    assert cloud.things["us-east-1", "shelf", "lunch"]["size"] == DISABLED
    assert "Delete" not in [operation for _, operation in cloud.calls]
    assert done(running(kind, cloud, store)) == []


def test_destroy_says_it_too() -> None:
    """Destroy disables it, and does not claim that it is gone."""
    kind, cloud, store = StatusKind("shelf"), Cloud(), MemoryStore()
    wanted = shelf("lunch", size=3)
    done(running(kind, cloud, store, wanted))
    (step,) = done(running(kind, cloud, store, wanted), destroy=True)
    assert "AWS cannot delete it" in step.reason


def test_what_was_disabled_is_taken_over_when_it_is_wanted_again() -> None:
    """The same resource is enabled again; a second one of its name is not made."""
    kind, cloud, store = StatusKind("shelf"), Cloud(), MemoryStore()
    wanted = shelf("lunch", size=3)
    done(running(kind, cloud, store, wanted))
    done(running(kind, cloud, store))
    (step,) = done(running(kind, cloud, store, wanted))
    assert step.action == "adopt"
    assert [thing["size"] for thing in cloud.things.values()] == [3]
    assert done(running(kind, cloud, store, wanted)) == []


def test_what_is_left_is_forgotten_and_not_touched() -> None:
    """No call is made about it."""
    kind, cloud, store = LastingKind("shelf"), Cloud(), MemoryStore()
    done(running(kind, cloud, store, shelf("lunch", size=3)))
    (step,) = done(running(kind, cloud, store))
    assert (step.action, step.reason) == ("forget", "no longer wanted; AWS cannot delete it, so it stays")
    assert cloud.things["us-east-1", "shelf", "lunch"]["size"] == 3
