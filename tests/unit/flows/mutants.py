"""Flows that were damaged at random, the same for the same seed: values of other types, keys left out, misspelt, repeated."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sbctl.flows.language.facts import actions
from tests.unit.flows.samples import flow, flow_type, sample

CASES = Path(__file__).parent / "cases"
NASTY: tuple[Any, ...] = (
    None, True, 0, -1, 10**40, 1.5, "", " ", "x" * 300, "$.", "$.Attributes.", "${queue:", "${queue:a}", "\u202e", "end", "a",
    [], {}, [[]], [None], {"": ""}, {"Operator": 1}, ["1", "1"], "2019-10-30", "arn:aws:connect:us-east-1:1:instance/i",
)  # fmt: skip


def bases() -> list[dict[str, Any]]:
    """Sound flows of every type of action, and what was exported."""
    made = [flow(sample(name), kind=flow_type(facts)) for name, facts in actions().items()]
    return [*made, *(json.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.json")))]


def mutants(seed: int, count: int) -> Iterator[Any]:
    """So many damaged flows."""
    chance = random.Random(seed)
    originals = bases()
    for _ in range(count):
        tree = copy.deepcopy(chance.choice(originals))
        for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
            tree = _damaged(tree, chance)
        yield tree


def _damaged(tree: Any, chance: random.Random) -> Any:
    places = [*_places(tree)]
    if not places:
        return tree
    holder, name = chance.choice(places)
    chance.choice(_DAMAGES)(holder, name, chance)
    return tree


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each member of each object and list, as (holder, name)."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in members:
        yield value, name
        yield from _places(one)


def _replace(holder: Any, name: Any, chance: random.Random) -> None:
    holder[name] = copy.deepcopy(chance.choice(NASTY))


def _remove(holder: Any, name: Any, _: random.Random) -> None:
    del holder[name]


def _misspell(holder: Any, name: Any, chance: random.Random) -> None:
    if isinstance(holder, dict):
        place = chance.randrange(len(name) + 1)
        holder[f"{name[:place]}{chance.choice('xX_.')}{name[place + 1 :]}"] = holder.pop(name)
    elif isinstance(holder[name], str):
        holder[name] = holder[name][:-1]


def _double(holder: Any, name: Any, _: random.Random) -> None:
    if isinstance(holder, list):
        holder.insert(name, copy.deepcopy(holder[name]))
    else:
        holder[f"{name}2"] = copy.deepcopy(holder[name])


def _wrap(holder: Any, name: Any, chance: random.Random) -> None:
    holder[name] = [holder[name]] if chance.random() < 0.5 else {str(name): holder[name]}


_DAMAGES: tuple[Callable[[Any, Any, random.Random], None], ...] = (
    _replace,
    _replace,
    _remove,
    _misspell,
    _double,
    _wrap,
)
