"""A change of a document taken apart into what differs, so that the eye finds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Leaf = tuple[str, Any, Any]
MARKS = {"$ref", "$unknown"}
"""Keys of maps that stand for one value."""
NAMES = ("id", "Sid", "name", "Name", "region", "queue", "day")
"""Members by which the items of a list are known."""


def leaves(field: str, before: Any, after: Any) -> Iterator[Leaf]:
    """(path, before, after) of everything that differs; None where one side has nothing."""
    if _is_map(before) and _is_map(after):
        for name in _either(before, after):
            if before.get(name) != after.get(name):
                yield from leaves(f"{field}.{name}", before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(field, before, after)
    else:
        yield field, before, after


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping) and not set(value) & MARKS


def _either(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [*before, *(name for name in after if name not in before)]


def _of_lists(field: str, before: list[Any], after: list[Any]) -> Iterator[Leaf]:
    """Items by their name where they have one; of plain values only those that came and went; else the lists whole."""
    named = _named(before, after)
    if named is not None:
        yield from leaves(field, *named)
        return
    gone = [item for item in before if item not in after]
    come = [item for item in after if item not in before]
    if not gone and not come:
        yield field, before, after
    elif len(gone) == len(come) and any(_is_map(item) or isinstance(item, list) for item in gone):
        for old, new in zip(gone, come, strict=True):
            yield from leaves(f"{field}[{after.index(new)}]", old, new)
    else:
        yield from ((field, item, None) for item in gone)
        yield from ((field, None, item) for item in come)


def _named(before: list[Any], after: list[Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The lists as maps by the first member that names every item uniquely; None when there is none."""
    items = [*before, *after]
    if not items or not all(_is_map(item) for item in items):
        return None
    for name in NAMES:
        if all(isinstance(item.get(name), str) for item in items):
            found = tuple({item[name]: item for item in side} for side in (before, after))
            if len(found[0]) == len(before) and len(found[1]) == len(after):
                return found[0], found[1]
    return None
