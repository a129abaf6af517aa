"""Every kind states its facts in its own file: the one that is left out fails here, by the kind's name and its own."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, get_args

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.facts import LEVELS, SINGLE, WITHIN, Deletion, Resiliency, Way
from sbctl.core.kinds.resource import Kind
from sbctl.desired.config.flow_names import SECTION_OF
from sbctl.engine.adoption.ways import sections, within
from sbctl.flows.names.placeholders import KINDS

SHELF: dict[str, Kind[Any, Any]] = discover("sbctl.resources", "RESOURCE")
FACTS = ("connect_only", "resiliency", "adoption", "dependent_actions", "quotas", "impact_rank", "impacts")
every_kind = pytest.mark.parametrize("name", sorted(SHELF))


def unstated(kind: type[Kind[Any, Any]]) -> list[str]:
    """The facts that a kind leaves to the contract's defaults."""
    own = [one for one in kind.__mro__ if one is not Kind and issubclass(one, Kind)]
    return [fact for fact in FACTS if not any(fact in one.__dict__ for one in own)]


@every_kind
def test_every_fact_is_stated(name: str) -> None:
    """A default would be a decision that nobody took: what a failover or a policy does with the kind depends on it."""
    assert unstated(type(SHELF[name])) == [], f"sbctl/resources/{name}.py does not state these facts"


def test_what_is_left_out_is_named() -> None:
    """The check can fail: a kind that states one fact lacks each of the others."""
    forgetful: type[Kind[Any, Any]] = type("Forgetful", (Kind,), {"quotas": ()})
    assert unstated(forgetful) == [fact for fact in FACTS if fact != "quotas"]


@every_kind
def test_severity_covers_the_whole_resource(name: str) -> None:
    """The fields exist, the last row is that of all others, and no row is shadowed by it."""
    kind = SHELF[name]
    rows = [one for one in kind.impacts if not one.named]
    assert [one.field for one in rows].index("") == len(rows) - 1, f"{name}: the last impact is that of other fields"
    assert {one.field for one in rows} - {""} <= set(kind.spec.model_fields), name
    assert {one.level for one in kind.impacts} <= set(LEVELS), name
    assert all(one.why and "TODO" not in one.why for one in kind.impacts), f"{name}: say what a difference would do"


def test_every_kind_has_a_rank_of_its_own() -> None:
    """Two kinds of one rank would be shown in no order that anybody chose."""
    ranks = sorted((kind.impact_rank, name) for name, kind in SHELF.items())
    shared = [pair for pair in pairwise(ranks) if pair[0][0] == pair[1][0]]
    assert shared == [], "impact_rank: choose a free one"
    assert all(0 < rank < 100 for rank, _ in ranks)


@every_kind
def test_dependent_actions_are_of_its_own_calls(name: str) -> None:
    """What AWS asks for on top is said where the call is declared; all kinds that make a call say the same of it."""
    kind = SHELF[name]
    assert set(kind.dependent_actions) <= kind.calls, name
    for call, actions in kind.dependent_actions.items():
        others = {other.name: other.dependent_actions.get(call) for other in SHELF.values() if call in other.calls}
        assert {said == actions for said in others.values()} == {True}, (call, others)


@every_kind
def test_what_global_resiliency_mirrors_stands_in_an_instance(name: str) -> None:
    """Global kinds are there once; only what is of Connect can be mirrored, or be in no list of AWS."""
    kind = SHELF[name]
    assert kind.resiliency in get_args(Resiliency), name
    assert (kind.resiliency == "global") == (kind.scope == "global"), name
    assert kind.connect_only or kind.resiliency not in ("mirrored", "unconfirmed"), name
    assert kind.deletion in get_args(Deletion), name


@every_kind
def test_what_is_adopted_of_an_instance_stands_in_one(name: str) -> None:
    """Its way fits where it is, and what it comes after is adopted too."""
    kind = SHELF[name]
    assert kind.adoption.way in get_args(Way), name
    assert (kind.adoption.way in WITHIN) == (kind.connect_only and bool(kind.within)), f"{name}: adoption"
    assert {*kind.adoption.after} <= {*within(SHELF)}, name


def test_one_way_has_one_kind_and_every_section_is_written() -> None:
    """Two kinds of a way with rules of its own would hide each other; a section that is not written would get defaults."""
    single = [kind.adoption.way for kind in SHELF.values() if kind.adoption.way in SINGLE]
    assert sorted(single) == sorted(SINGLE)
    assert sorted(sections(SHELF)) == sorted({kind.section for kind in SHELF.values() if kind.section})
    order = within(SHELF)
    assert all(order.index(first) < order.index(name) for name in order for first in SHELF[name].adoption.after)


@every_kind
def test_what_cannot_be_deleted_is_never_replaced(name: str) -> None:
    """A replacement deletes first: what stays would stand in the way of its successor of the same name."""
    kind = SHELF[name]
    assert kind.deletion == "deleted" or kind.spec.replace_on <= {kind.within}, name


@every_kind
def test_the_word_for_flows_is_one_that_flows_know(name: str) -> None:
    """The linter and the renderer read words from flows/names/placeholders.py, which knows no kinds: both say the same."""
    words = {kind: word for word, (kind, _) in KINDS.items()}
    assert SHELF[name].flow_word == words.get(name, ""), f"{name}: flow_word, and KINDS in flows/names/placeholders.py"
    if SHELF[name].flow_word in SECTION_OF:
        assert SECTION_OF[SHELF[name].flow_word] == SHELF[name].section, (
            f"{name}: SECTION_OF in desired/config/flow_names.py"
        )


@every_kind
def test_a_quota_is_one_that_service_quotas_knows(name: str) -> None:
    """Codes look like AWS's, and a quota of an instance is Connect's."""
    for quota in SHELF[name].quotas:
        assert quota.code.startswith("L-"), quota
        assert quota.per_instance == (quota.service == "connect"), quota


@every_kind
def test_what_has_room_is_counted(name: str) -> None:
    """A limit that nothing is held against would never be told; `in_use` without one is never called."""
    kind = SHELF[name]
    if kind.room is not None:
        assert kind.connect_only, name
        assert type(kind).in_use is not Kind.in_use, name
        assert kind.room.code.startswith("L-"), kind.room
        assert kind.room.default > 0, kind.room
