"""What an observation found, and what stands in its way, told once for each region."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sbctl.core.address import Address, Ref
from sbctl.core.aws.problem import NOT_ENABLED, SILENT_REGION, SILENT_SERVICE
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.values import Unknown
from sbctl.core.problem import Exit, Problem


@dataclass
class ObservedWorld:
    """What was found. `unread` regions did not answer; what lives there is neither present nor absent."""

    live: dict[Address, Live[Any]] = field(default_factory=dict)
    absent: set[Address] = field(default_factory=set)
    unread: dict[Address, str] = field(default_factory=dict)
    unready: set[Address] = field(default_factory=set)
    """Begun by an earlier run and still being made: nothing is in it yet, and AWS refuses to be asked."""
    moved: dict[Address, Live[Any] | None] = field(default_factory=dict)
    """Found by its recorded id, under another natural key than is wanted; with what others have under the wanted one."""
    holders: dict[Address, Address] = field(default_factory=dict)
    """Whose recorded resource has the natural key that another address wants."""
    skipped: set[Address] = field(default_factory=set)
    """Taken as recorded and not read; of `live`."""
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


def one_a_region(
    problems: Iterable[Problem], answering: Collection[str] = (), alive: Collection[str] = ()
) -> list[Problem]:
    """The problems, with all that say that a region does not answer, or is not enabled, as one for each region.

    `answering` are regions that did answer: where there is one, a region that refuses every caller is left out like a silent one.
    `alive` are those of them of which a service of their own has answered, and not a global one alone.
    """
    left_out: dict[tuple[str, str], list[Problem]] = {}
    others: list[Problem] = []
    for problem in problems:
        if problem.code == "region-unreachable" or problem.cause.startswith(NOT_ENABLED):
            left_out.setdefault((problem.code, problem.at.rpartition(".")[2]), []).append(problem)
        else:
            others.append(problem)
    told = [_left_out(region, found, answering, alive) for (_, region), found in sorted(left_out.items())]
    return [*told, *others]


def _left_out(region: str, found: list[Problem], answering: Collection[str], alive: Collection[str]) -> Problem:
    kinds = ", ".join(sorted({problem.at.partition(".")[0] for problem in found}))
    exit_code = Exit.PARTIAL if any(other != region for other in answering) else found[0].exit
    # The shortest is of the call that was made; the others say of themselves that they were not.
    told = min((one.detail for one in found), key=len)
    detail = f"{told.rstrip('.')}. Not read there: {kinds}"
    update: dict[str, Any] = {"at": region, "detail": detail, "exit": exit_code}
    if region in alive and found[0].summary == SILENT_REGION:
        update["summary"] = SILENT_SERVICE
    return replace(found[0], **update)
