"""Where the console draws the blocks of a flow that was built: the main path left to right, other branches below, errors last.

The same flow has the same layout always. It is written as the console writes it, which other tools take for the mark of a flow:
`Metadata` with `entryPointPosition` and, for each action, `position` (the upper left corner, in pixels) and `isFriendlyName`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Action = Mapping[str, Any]
ENTRY = {"x": 40, "y": 40}
FIRST_X, FIRST_Y = 220, 40
COLUMN = 260
"""From block to block: the console draws them some 190 wide."""
HEAD, BRANCH, GAP = 100, 34, 50
"""Height of a block without its branches, of each branch, and the space below."""


def layout(start: str, actions: Sequence[Action]) -> dict[str, Any]:
    """The `Metadata` of a flow. `start` and all targets are identifiers of `actions`."""
    grid = _Grid({str(action["Identifier"]): action for action in actions})
    grid.place(start)
    return {
        "entryPointPosition": dict(ENTRY),
        "ActionMetadata": {
            identifier: {"position": position, "isFriendlyName": True} for identifier, position in grid.positions()
        },
    }


class _Grid:
    """Cells of columns and rows. A lane is a chain of blocks in one row; what branches off begins a lane of its own below."""

    def __init__(self, actions: Mapping[str, Action]) -> None:
        self._actions = actions
        self._cells: dict[str, tuple[int, int]] = {}
        self._taken: set[tuple[int, int]] = set()

    def place(self, start: str) -> None:
        """Place the main path, then what its conditions lead to, then errors, then what nothing leads to."""
        chosen: list[str] = []
        self._lane(start, 0, 0, chosen)
        self._branches(chosen, _choices)
        self._branches(list(self._cells), _errors)
        for identifier in self._actions:
            if identifier not in self._cells:
                placed: list[str] = []
                self._lane(identifier, 0, self._below(), placed)
                self._branches(placed, _targets)

    def positions(self) -> Iterator[tuple[str, dict[str, int]]]:
        """The upper left corner of each block, in the order of the actions. A row is as high as its highest block."""
        rows = sorted({row for _, row in self._cells.values()})
        tops, top = {}, FIRST_Y
        for row in rows:
            tops[row] = top
            top += max(self._height(name) for name, (_, own) in self._cells.items() if own == row) + GAP
        for identifier in self._actions:
            column, row = self._cells[identifier]
            yield identifier, {"x": FIRST_X + COLUMN * column, "y": tops[row]}

    def _branches(self, waiting: list[str], of: Callable[[Action], list[str]]) -> None:
        """Begin a lane for each branch, block by block; what these branch to comes after them. Errors stand below all others."""
        lowest = self._below() if of is _errors else 1
        for identifier in waiting:
            for target in of(self._actions[identifier]):
                if target in self._actions and target not in self._cells:
                    self._lane(target, self._cells[identifier][0] + 1, lowest, waiting)

    def _lane(self, head: str, column: int, lowest: int, placed: list[str]) -> None:
        chain = [head]
        while True:
            following = _following(self._actions[chain[-1]])
            if following not in self._actions or following in self._cells or following in chain:
                break
            chain.append(following)
        row = lowest
        while any((column + offset, row) in self._taken for offset in range(len(chain))):
            row += 1
        for offset, identifier in enumerate(chain):
            self._cells[identifier] = (column + offset, row)
            self._taken.add((column + offset, row))
        placed.extend(chain)

    def _below(self) -> int:
        return max((row for _, row in self._taken), default=-1) + 1

    def _height(self, identifier: str) -> int:
        transitions = self._actions[identifier]["Transitions"]
        return HEAD + BRANCH * (len(transitions.get("Conditions") or ()) + len(transitions.get("Errors") or ()))


def _choices(action: Action) -> list[str]:
    return [str(one["NextAction"]) for one in action["Transitions"].get("Conditions") or ()]


def _errors(action: Action) -> list[str]:
    return [str(one["NextAction"]) for one in action["Transitions"].get("Errors") or ()]


def _targets(action: Action) -> list[str]:
    return [*_choices(action), *_errors(action)]


def _following(action: Action) -> str:
    """Where the main path goes on: at the first condition of a block that repeats an error's target as its next action."""
    following = str(action["Transitions"].get("NextAction") or "")
    choices = _choices(action)
    if following in _errors(action):
        return choices[0] if choices else ""
    return following
