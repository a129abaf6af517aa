"""Looks made side by side: asked all at once, collected by what they are of. Only those who are in no pool may ask."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import TypeVar

from sbctl.checks.lag.routes import Pair, Replicated

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

End = tuple[Replicated, str]
"""A table or bucket in one region."""


def asked(pool: Executor, look: Callable[[K], V], of: Iterable[K]) -> dict[K, Future[V]]:
    """The answers to come, by question."""
    return {key: pool.submit(look, key) for key in of}


def answers(coming: Mapping[K, Future[V]]) -> dict[K, V]:
    """Every answer by its question. Raises what the first failing look raised."""
    return {key: answer.result() for key, answer in coming.items()}


def ends_of(pairs: Sequence[Pair]) -> list[End]:
    """Both ends of all pairs, each once."""
    return list(dict.fromkeys((pair.of, region) for pair in pairs for region in (pair.source, pair.target)))


def by_thing(views: Mapping[End, V]) -> dict[Replicated, dict[str, V]]:
    """Views of ends as region → view for each table or bucket."""
    found: dict[Replicated, dict[str, V]] = {}
    for (thing, region), view in views.items():
        found.setdefault(thing, {})[region] = view
    return found
