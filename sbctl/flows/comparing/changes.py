"""Two flows compared block by block: what is new, gone or different, and what callers notice of it. Pure.

`plan`, `drift`, `parity` and `flow diff` tell changes of a flow in these sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.flows.comparing.matching import matched
from sbctl.flows.comparing.meaning import actions_by_name, branches, same_flow, spelled
from sbctl.flows.comparing.sentences import HEARD, MAPS, NOTHING, of_parameter, shown_text
from sbctl.flows.names.references import by_id
from sbctl.flows.pictures.branches import NEXT, ways_of
from sbctl.flows.pictures.picture import Change
from sbctl.flows.pictures.steps import Step, as_map, as_text, start_of, steps_of
from sbctl.flows.pictures.words import is_id, name_of

OTHER_ORDER = "its conditions are tried in another order, and the first that holds wins"
NEW, GONE = "new: ", "gone: "
ORDER_ALONE = "the order in which blocks follow each other differs"


@dataclass(frozen=True)
class BlockChange:
    """What differs of one block. `before` and `after` are its parts that differ, None where the block is not there.

    Parts are parameters, `Type`, and branches by their labels with the block that they lead to.
    """

    block: str
    """Its identifier; that of the newer flow where both have it."""
    name: str
    """Its title and first words."""
    change: Change
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    sentences: tuple[str, ...]
    """What callers notice, without the block's name."""

    @property
    def notice(self) -> str:
        """All of it on one line."""
        return "; ".join(self.sentences)

    @property
    def where(self) -> str:
        """The block as sentences name it."""
        return f"block {self.name if is_id(self.block) else self.block}"


@dataclass(frozen=True)
class Comparison:
    """All changes, and which new block is which old one."""

    changes: tuple[BlockChange, ...]
    pairs: Mapping[str, str]


def compared(before: Any, after: Any) -> Comparison:
    """The changes from one content to another, in the order of the newer one. None where both do the same."""
    old, new = steps_of(before), steps_of(after)
    starts = start_of(before), start_of(after)
    pairs = matched(old, new, starts)
    if same_flow(before, after):
        return Comparison((), pairs)
    sides = _Sides({step.id: step for step in old}, {step.id: step for step in new}, pairs)
    raw = actions_by_name(before), actions_by_name(after)
    found = [*sides.new(), *sides.gone(), *sides.differing(*raw)]
    if starts[1] in pairs and starts[0] in pairs.values() and pairs[starts[1]] != starts[0]:
        found.append(sides.start(*starts))
    return Comparison(tuple(found), pairs)


def flow_changes(before: Any, after: Any) -> list[str]:
    """What differs, in short sentences with the block that each is about; empty when both do the same."""
    if same_flow(before, after):
        return []
    found = [_told(change, one) for change in compared(before, after).changes for one in change.sentences]
    return found or [ORDER_ALONE]


def _told(change: BlockChange, sentence: str) -> str:
    """A sentence with its block: "block x is new: ...", "block x: callers hear ..."."""
    return f"{change.where} is {sentence}" if sentence.startswith((NEW, GONE)) else f"{change.where}: {sentence}"


class _Sides:
    def __init__(self, old: Mapping[str, Step], new: Mapping[str, Step], pairs: Mapping[str, str]) -> None:
        self._old = old
        self._new = new
        self._pairs = pairs
        self._back = {before: after for after, before in pairs.items()}

    def new(self) -> Iterator[BlockChange]:
        for step in self._new.values():
            if step.id not in self._pairs:
                said = _heard(step)
                sentence = f"callers also hear {said}" if said else f"{NEW}{_named(step)}"
                yield BlockChange(step.id, _named(step), "added", None, _whole(step), (sentence,))

    def gone(self) -> Iterator[BlockChange]:
        taken = set(self._pairs.values())
        for step in self._old.values():
            if step.id not in taken:
                said = _heard(step)
                sentence = f"callers no longer hear {said}" if said else f"{GONE}{_named(step)}"
                yield BlockChange(step.id, _named(step), "removed", _whole(step), None, (sentence,))

    def differing(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[BlockChange]:
        for new, old in self._pairs.items():
            parts = dict(self._parts(self._old[old], self._new[new], before.get(old), after.get(new)))
            sentences = [self._sentence(name, *values) for name, values in parts.items()]
            if not parts and self._reordered(before.get(old), after.get(new)):
                sentences = [OTHER_ORDER]
            if sentences:
                yield BlockChange(
                    new,
                    _named(self._new[new]),
                    "changed",
                    {name: values[0] for name, values in parts.items()},
                    {name: values[1] for name, values in parts.items()},
                    tuple(sentences),
                )

    def start(self, before: str, after: str) -> BlockChange:
        old, new = self._label(before, self._old), self._label(after, self._new)
        sentence = f"calls begin with {new} instead of {old}"
        return BlockChange(after, new, "changed", {"StartAction": old}, {"StartAction": new}, (sentence,))

    def _parts(self, old: Step, new: Step, before: Any, after: Any) -> Iterator[tuple[str, tuple[Any, Any]]]:
        if old.type != new.type:
            yield "Type", (old.type, new.type)
        there, here = _parameters(before), _parameters(after)
        there, here = _split(there), _split(here)
        for name in sorted({*there, *here}):
            if spelled(there.get(name)) != spelled(here.get(name)):
                yield name, (there.get(name), here.get(name))
        ways, others = ways_of(new), ways_of(old)
        for label in dict.fromkeys([*ways, *others]):
            target, earlier = ways.get(label), others.get(label)
            if (self._pairs.get(target, target) if target else None) != earlier:
                yield (
                    f"→ {label}",
                    (earlier and self._label(earlier, self._old), target and self._label(target, self._new)),
                )

    def _reordered(self, before: Any, after: Any) -> bool:
        """Whether the conditions are the same, and another of them may win."""
        if not isinstance(before, Mapping) or not isinstance(after, Mapping):
            return False
        one, other = (branches(action, ordered=True)[2] for action in (before, after))
        return [row[0] for row in one] != [row[0] for row in other]

    def _sentence(self, name: str, before: Any, after: Any) -> str:
        if not name.startswith("→ "):
            return f"type {after} instead of {before}" if name == "Type" else of_parameter(name, before, after)
        label = name.removeprefix("→ ")
        if label == NEXT:
            return _goes_on(before, after)
        if before is None:
            return f"{label} is new and leads to {after}"
        if after is None:
            return f"{label} is gone, which led to {before}"
        return f"{label} leads to {after} instead of {before}"

    def _label(self, identifier: str, steps: Mapping[str, Step]) -> str:
        return _named(steps[identifier]) if identifier in steps else f"the missing block {identifier}"


def _goes_on(before: Any, after: Any) -> str:
    if before is None:
        return f"calls go on to {after}"
    return f"calls no longer go on to {before}" if after is None else f"calls go on to {after} instead of {before}"


def _split(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with the members of maps by which people name values, such as attributes, each on its own."""
    found: dict[str, Any] = {}
    for name, value in parameters.items():
        inside = name in MAPS and isinstance(value, Mapping)
        found |= {f"{name}.{key}": item for key, item in value.items()} if inside else {name: value}
    return found


def _named(step: Step) -> str:
    title, words = name_of(step)
    return f"{title} {words}" if words else title


def _heard(step: Step) -> str:
    """What a block plays, in quotes; "" for one that plays nothing."""
    found = next((name for name in step.parameters if name in HEARD), None)
    return "" if found is None else of_parameter(found, None, step.parameters[found]).partition(" hear ")[2]


def _parameters(action: Any) -> Mapping[str, Any]:
    found: Any = by_id(action) if isinstance(action, Mapping) else {}
    return as_map(found)


def _whole(step: Step) -> dict[str, Any]:
    return {"Type": step.type, **step.parameters}


def parts_text(parts: Mapping[str, Any] | None) -> str:
    """The differing parts of a block in words, "" where there are none."""
    return "; ".join(
        f"{name.removeprefix('→ ')}: {NOTHING if value is None else shown_text(value)}"
        for name, value in (parts or {}).items()
        if as_text(value) or value is None or not isinstance(value, str)
    )
