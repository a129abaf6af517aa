"""What the service takes of each type of action, from accepted.json (connect-api 7.2 to 7.4).

The product has a table of its own, sbctl/flows/language: none reads the other's, so that a wrong belief shows where they meet.

https://docs.aws.amazon.com/connect/latest/APIReference/flow-language-actions.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("accepted.json")
MUST = "must"
SHOULD = "should"
NEVER = "never"


@dataclass(frozen=True)
class Parameter:
    """What a parameter holds. `low` and `high` bound a number, `fewest` and `most` the entries of a map or list.

    `words_only`, `bounds_only`, `count_only`: whether the service was seen to refuse what is outside.
    """

    holds: str
    need: str = ""
    need_unless: str = ""
    words: tuple[str, ...] = ()
    words_only: bool = False
    low: int | None = None
    high: int | None = None
    bounds_only: bool = False
    fewest: int = 0
    most: int | None = None
    count_only: bool = False
    reference_only: bool = False
    inner_need: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Parameters of which there are at least `fewest` and at most `most`. The last two say how sure that is."""

    of: tuple[str, ...]
    fewest: int
    most: int
    too_few: str
    too_many: str


@dataclass(frozen=True)
class Branches:
    """The conditions of an action: which operators and operands, and which there must be."""

    operators: tuple[str, ...]
    operands: tuple[str, ...] = ()
    need: str = ""
    each: tuple[str, ...] = ()
    operands_only: bool = False
    fewest: int = 0
    perhaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Accepted:
    """One type of action. `goes_on`: its next action; `wires`: its errors, by name; `spurns`: parameters seen refused.

    `lacks`: what it uses and the sandbox has nothing of, so that it is taken without.
    """

    goes_on: str
    takes: Mapping[str, Parameter] = field(default_factory=dict)
    spurns: tuple[str, ...] = ()
    sets: tuple[Choice, ...] = ()
    wires: Mapping[str, str] = field(default_factory=dict)
    branches: Branches | None = None
    never_in: tuple[str, ...] = ()
    modules_only: bool = False
    lacks: str = ""

    @property
    def ends(self) -> bool:
        return self.goes_on == NEVER


@cache
def actions() -> Mapping[str, Accepted]:
    """Every type of action that is known, by its name."""
    return {name: _accepted(row) for name, row in _read()["actions"].items()}


def without_resource() -> str:
    """The types of action that are taken without what they use, as a sentence of the page of coverage."""
    found: dict[str, list[str]] = {}
    for name, accepted in sorted(actions().items()):
        if accepted.lacks:
            found.setdefault(accepted.lacks, []).append(name)
    listed = "; ".join(f"{what} ({', '.join(names)})" for what, names in sorted(found.items(), key=_caseless))
    return f"Actions of flows are taken without what they use where the sandbox has nothing of it: {listed}."


def _caseless(found: tuple[str, list[str]]) -> str:
    return found[0].lower()


@cache
def no_types() -> frozenset[str]:
    """Names that the service was seen to refuse as types. Any other unknown name may be one that AWS has added since."""
    return frozenset(_read()["no_types"])


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def _accepted(row: Mapping[str, Any]) -> Accepted:
    found = _tuples(row)
    found["takes"] = {name: Parameter(**_tuples(one)) for name, one in row.get("takes", {}).items()}
    found["sets"] = tuple(Choice(**_tuples(one)) for one in row.get("sets", ()))
    found["branches"] = Branches(**_tuples(row["branches"])) if "branches" in row else None
    return Accepted(**found)


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
