"""What an observation found, and what stands in its way, told once for each region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sbctl.core.address import Address, Ref
from sbctl.core.problem import Problem
from sbctl.core.resource import Live
from sbctl.core.tree import Unknown


@dataclass
class World:
    """What was found. `unread` regions did not answer; what lives there is neither present nor absent."""

    live: dict[Address, Live[Any]] = field(default_factory=dict)
    absent: set[Address] = field(default_factory=set)
    unread: dict[Address, str] = field(default_factory=dict)
    unready: set[Address] = field(default_factory=set)
    """Begun by an earlier run and still being made: nothing is in it yet, and AWS refuses to be asked."""
    problems: list[Problem] = field(default_factory=list)
    others: dict[tuple[str, str, str], dict[str, Live[Any]]] = field(default_factory=dict)
    """By (kind, region, container) and key: what nobody looked for, where whole containers were read."""

    def lookup(self, ref: Ref) -> Any:
        """The value of a reference as AWS has it now; Unknown when its resource is absent or was not looked at yet."""
        live = self.live.get(ref.address)
        if ref.address in self.unready:
            return Unknown(ref)
        if live is not None:
            try:
                return live.output(ref.output)
            except KeyError:
                return Unknown(ref)
        return Unknown(ref, pending=ref.address not in self.absent and ref.address not in self.unread)


def one_a_region(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, with all that say that a region does not answer as one for each region."""
    silent: dict[str, list[Problem]] = {}
    others: list[Problem] = []
    for problem in problems:
        region = problem.at.rpartition(".")[2]
        if problem.code == "region-unreachable":
            silent.setdefault(region, []).append(problem)
        else:
            others.append(problem)
    return [*(_silence(region, found) for region, found in sorted(silent.items())), *others]


def _silence(region: str, found: list[Problem]) -> Problem:
    kinds = ", ".join(sorted({problem.at.partition(".")[0] for problem in found}))
    return found[0].model_copy(update={"at": region, "detail": f"{found[0].detail}. Not read there: {kinds}"})
