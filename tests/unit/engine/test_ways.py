"""In which order kinds are adopted: after those that their items name."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.kinds.facts import Adoption
from sbctl.core.kinds.resource import Kind
from sbctl.engine.adoption.ways import named, sections, within

from .cloud import ThingKind


def kinds(**after: tuple[str, ...]) -> dict[str, Kind[Any, Any]]:
    """Kinds of items, each after some others."""
    found: dict[str, Kind[Any, Any]] = {}
    for name, others in after.items():
        own = type(name, (ThingKind,), {"adoption": Adoption("item", after=others), "section": f"{name}s"})
        found[name] = own(name)
    return found


def test_what_is_named_comes_first_and_names_decide_the_rest() -> None:
    """Whatever the alphabet says; the sections of the config follow."""
    shelf = kinds(apple=("cherry",), banana=(), cherry=("banana",))
    assert within(shelf) == ["banana", "cherry", "apple"]
    assert sections(shelf) == ["bananas", "cherrys", "apples"]
    assert named(shelf) == {}


def test_what_is_not_adopted_is_not_waited_for() -> None:
    """A kind that comes after one of another way is adopted all the same."""
    assert within(kinds(apple=("bucket",))) == ["apple"]


def test_a_circle_has_no_order() -> None:
    """It is named."""
    with pytest.raises(ValueError, match="apple, banana"):
        within(kinds(apple=("banana",), banana=("apple",)))
