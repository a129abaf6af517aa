"""What costs at once and has no way back is created only where the user named it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sbctl.core.plan import Plan
from sbctl.core.problem import AGAIN, Exit
from sbctl.engine.planning.allowing import together
from sbctl.engine.planning.guards import against_claims, against_deletes
from sbctl.engine.planning.planner import Scope
from sbctl.store.media.memory import MemoryStore

from .cloud import Cloud, ThingKind, session, shelf

WHY = "it costs from now on"
LOSS = "nobody can have it again"


class NumberKind(ThingKind):
    """As telephone numbers are."""

    claims = WHY
    loses = LOSS


KINDS = {"shelf": NumberKind("shelf", protected=True)}


def plan(*names: str, before: tuple[str, ...] = (), **values: Any) -> Plan:
    """What a deploy of these would do, after one of others."""
    cloud, store = Cloud(), MemoryStore()
    first = replace(session(cloud, store, *(shelf(name) for name in before)), kinds=KINDS)
    assert first.apply(first.plan(Scope()).plan).problems == []
    run = replace(session(cloud, store, *(shelf(name, **values) for name in names)), kinds=KINDS)
    return run.plan(Scope()).plan


def test_a_claim_is_refused_until_it_is_named() -> None:
    """The refusal says why, and has the whole command; --yes is no name."""
    (problem,) = against_claims(plan("main"), KINDS, ())
    assert (problem.code, problem.exit, problem.detail) == ("claim-not-allowed", Exit.REFUSED, WHY)
    assert problem.fix == f"{AGAIN} --allow shelf.us-east-1.main"


def test_two_claims_are_one_problem_with_both_names() -> None:
    """The reason is the same, so it is told once."""
    (problem,) = against_claims(plan("a", "b"), KINDS, ())
    assert problem.fix == f"{AGAIN} --allow shelf.us-east-1.a --allow shelf.us-east-1.b"
    assert (problem.at, "shelf.us-east-1.a, shelf.us-east-1.b" in problem.detail) == ("the plan", True)


@pytest.mark.parametrize("pattern", ["shelf.us-east-1.main", "shelf.*", "SHELF.us-east-1.MAIN"])
def test_an_address_or_a_pattern_names_it(pattern: str) -> None:
    """As for deletions."""
    assert against_claims(plan("main"), KINDS, [pattern]) == []


def test_many_claims_are_one_problem() -> None:
    """Told once, with how many, and a command that names all of the kind."""
    (problem,) = against_claims(plan("a", "b", "c", "d"), KINDS, ())
    assert problem.fix == f"{AGAIN} --allow 'shelf.*'"
    assert "4 resources (4 shelf)" in problem.detail
    assert WHY in problem.detail


def test_what_is_there_already_needs_no_name() -> None:
    """An update, and a second deploy, claim nothing."""
    assert against_claims(plan("main", before=("main",), size=2), KINDS, ()) == []


def test_a_release_says_that_there_is_no_way_back() -> None:
    """The refusal of a deletion says what is lost besides data."""
    (problem,) = against_deletes(plan(before=("main",)), KINDS, (), None)
    assert (problem.code, problem.detail) == ("protected", f"the plan would delete it: no longer wanted; {LOSS}")


def test_a_replacement_is_named_once() -> None:
    """It is guarded as the release that it begins with, and one command allows both halves."""
    found = plan("main", before=("main",), colour="blue")
    assert [problem.code for problem in against_deletes(found, KINDS, (), None)] == ["protected"]
    assert against_claims(found, KINDS, ()) == []


def test_one_command_allows_claims_and_releases() -> None:
    """What allows the one must not be refused by the other."""
    found = plan("new", before=("old",))
    problems = together([*against_claims(found, KINDS, ()), *against_deletes(found, KINDS, (), None)])
    assert {problem.fix for problem in problems} == {f"{AGAIN} --allow shelf.us-east-1.new --allow shelf.us-east-1.old"}
