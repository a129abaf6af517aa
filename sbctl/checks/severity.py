"""How much a difference would hurt a failover: read off the facts of its kind; and the order of everything that drift shows.

What the levels mean, and the table for people: docs/reference/severity.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sbctl.core.address import Address
from sbctl.core.kinds.facts import LEVELS, Impact, Level
from sbctl.core.kinds.resource import Kind

TAGS = "tags"
TAGS_WHY = "tags are only read by people, bills and sbctl itself"
UNRANKED = Impact("medium", "this kind is not ranked")


@dataclass(frozen=True)
class Severity:
    """`rank` orders what is shown, the worst first: 0 hurts a failover most."""

    level: Level
    why: str
    rank: int


UNKNOWN = Severity(UNRANKED.level, UNRANKED.why, LEVELS.index(UNRANKED.level) * 1000 + 999)


def severity(kind: Kind[Any, Any], address: Address, field: str = "") -> Severity:
    """How much a difference hurts. `field` may be dotted (`tags.team`); "" for a resource that is missing."""
    base = field.partition(".")[0]
    if base == TAGS:
        return _ranked(kind, Impact("low", TAGS_WHY), 9)
    named = [one for one in kind.impacts if one.named == address.name]
    if named and base != "description":
        return _ranked(kind, named[0], 0)
    for position, impact in enumerate(one for one in kind.impacts if not one.named):
        if impact.field in (base, ""):
            return _ranked(kind, impact, position if impact.field else 5)
    return _ranked(kind, UNRANKED, 5)


def _ranked(kind: Kind[Any, Any], impact: Impact, position: int) -> Severity:
    rank = LEVELS.index(impact.level) * 1000 + kind.impact_rank * 10 + position
    return Severity(impact.level, impact.why, rank)
