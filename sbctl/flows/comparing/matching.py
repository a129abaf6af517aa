"""Which block of one flow is which of another: by identifier, else by the way to it, else by what it does.

The console gives new identifiers to blocks of an import, and a FlowBuilder has its own.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sbctl.flows.comparing.meaning import spelled
from sbctl.flows.pictures.branches import ways_of
from sbctl.flows.pictures.steps import Step

Steps = Mapping[str, Step]


def matched(old: Sequence[Step], new: Sequence[Step], starts: tuple[str, str]) -> dict[str, str]:
    """Identifier of a new block → that of the old one. `starts` are the first blocks of the old and the new flow."""
    before, after = {step.id: step for step in old}, {step.id: step for step in new}
    pairs = _Pairs(before, after)
    for name in after:
        if name in before:
            pairs.take(name, name)
    pairs.take(starts[1], starts[0])
    pairs.follow(list(pairs.found.items()))
    by_content: dict[str, list[str]] = {}
    for step in old:
        by_content.setdefault(_content(step), []).append(step.id)
    for step in new:
        for name in by_content.get(_content(step), ()):
            if pairs.take(step.id, name):
                pairs.follow([(step.id, name)])
                break
    return pairs.found


def _content(step: Step) -> str:
    return json.dumps([step.type, spelled(step.parameters)], sort_keys=True, default=repr)


class _Pairs:
    def __init__(self, before: Steps, after: Steps) -> None:
        self._before = before
        self._after = after
        self._taken: set[str] = set()
        self.found: dict[str, str] = {}

    def take(self, new: str, old: str) -> bool:
        """Whether they became a pair: both are there, neither has another, and their types are one where names differ."""
        if new not in self._after or old not in self._before or new in self.found or old in self._taken:
            return False
        if new != old and self._after[new].type != self._before[old].type:
            return False
        self.found[new] = old
        self._taken.add(old)
        return True

    def follow(self, begin: Iterable[tuple[str, str]]) -> None:
        """Pairs of what the same branches of these pairs lead to, and so on."""
        left = deque(begin)
        while left:
            new, old = left.popleft()
            left += [pair for pair in self._targets(new, old) if self.take(*pair)]

    def _targets(self, new: str, old: str) -> Iterator[tuple[str, str]]:
        there = ways_of(self._before[old])
        for label, target in ways_of(self._after[new]).items():
            if label in there:
                yield target, there[label]
