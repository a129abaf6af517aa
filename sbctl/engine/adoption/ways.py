"""Which kinds are taken over in which way, and in which order: as the kinds say. No kind is named here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sbctl.core.kinds.facts import SINGLE, WITHIN, Way
from sbctl.engine.matching.targets import Kinds

FOLDERS: Mapping[Way, str] = {"flow": "flows", "module": "flows/modules"}
"""Ways whose content is a file, and the folder of these files."""


def named(kinds: Kinds) -> dict[Way, str]:
    """Way → the one kind that has it."""
    return {kind.adoption.way: name for name, kind in kinds.items() if kind.adoption.way in SINGLE}


def all_of(kinds: Kinds, *ways: Way) -> list[str]:
    """The kinds with one of these ways, by name."""
    return sorted(name for name, kind in kinds.items() if kind.adoption.way in ways)


def within(kinds: Kinds) -> list[str]:
    """What is taken over of an instance, each kind after those whose names its items use."""
    return _after(kinds, all_of(kinds, *WITHIN))


def sections(kinds: Kinds) -> list[str]:
    """The sections of the config: that of instances, those of what stands in them, then the others."""
    order = [*all_of(kinds, "instance"), *within(kinds), *sorted(kinds)]
    return list(dict.fromkeys(kinds[name].section for name in order if kinds[name].section))


def _after(kinds: Kinds, names: Iterable[str]) -> list[str]:
    order: list[str] = []
    waiting = list(names)
    while waiting:
        ready = [name for name in waiting if not {*kinds[name].adoption.after} & {*waiting}]
        if not ready:
            raise ValueError(f"kinds that are adopted after each other: {', '.join(waiting)}")
        order.append(ready[0])
        waiting.remove(ready[0])
    return order
