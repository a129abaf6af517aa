"""Problems: what went wrong, where, and what to do about it. Every message a user sees about a failure is one of these.

The summary is fixed text, so that people learn to recognise it; what varies goes into `detail`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum


class Exit(IntEnum):
    """Process exit codes; a promise to scripts (docs/reference/exit-codes.md)."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    DIFFERENCES = 3
    PARTIAL = 4
    LOCKED = 5
    STALE = 6
    REFUSED = 7
    NOT_HELD = 8
    CREDENTIALS = 9
    INTERRUPTED = 130


EXITS: dict[Exit, tuple[str, str]] = {
    Exit.DONE: ("done", ""),
    Exit.FAILED: ("failed", "Each problem on stderr says why and what to do."),
    Exit.USAGE: ("wrong usage or config", "Nothing was called. Every problem has a file and line; correct them all."),
    Exit.DIFFERENCES: ("differences found", "Only with --exit-code: what is deployed is not what the config says."),
    Exit.PARTIAL: ("partly done", "Run the same command again; it goes on where it stopped."),
    Exit.LOCKED: ("the state is locked", "The holder is named; wait for it, or free a dead one: sbctl state unlock."),
    Exit.STALE: ("the plan is stale", "Something moved since the plan was made; make a new one and look at it again."),
    Exit.REFUSED: ("refused by a guard", "The problem names the guard and the option that allows it."),
    Exit.NOT_HELD: ("a check or drill did not hold", "The report says which value missed which objective."),
    Exit.CREDENTIALS: (
        "credentials or permission",
        "Look at the profile and account; the missing permission is named.",
    ),
    Exit.INTERRUPTED: ("interrupted", "What was begun is recorded; run the same command again."),
}
"""What each exit code means, and what to do about it."""


AGAIN = "the same command with"
"""In a remedy, before options: the line that was typed, with these options more. Reports say it in full."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    `code` is a stable slug; `at` is an address or `file:line`; `fix` says what to do; `command` is the line of `fix` that can be
    pasted as it is, found when the report is told. With the exit DONE it is a note: worth knowing, and no failure.
    """

    code: str
    summary: str
    detail: str = ""
    at: str = ""
    fix: str = ""
    command: str = ""
    exit: Exit = Exit.FAILED
    cause: str = ""
    """The same for problems that have one cause: they are told once, with their number. "" for a problem of its own."""

    def as_json(self) -> dict[str, str]:
        """The form promised in JSON output."""
        told = ("code", "summary", "detail", "at", "fix", "command")
        return {name: str(getattr(self, name)) for name in told}


# When several problems meet in one run, the first code of this order that occurs becomes the exit code.
_WORST_FIRST = (
    Exit.INTERRUPTED,
    Exit.LOCKED,
    Exit.CREDENTIALS,
    Exit.STALE,
    Exit.REFUSED,
    Exit.USAGE,
    Exit.PARTIAL,
    Exit.FAILED,
    Exit.NOT_HELD,
    Exit.DIFFERENCES,
)


def worst(problems: Iterable[Problem]) -> Exit:
    """The exit code for a set of problems; DONE when there are none."""
    found = {problem.exit for problem in problems}
    return next((code for code in _WORST_FIRST if code in found), Exit.DONE)


PLACES_SHOWN = 3


def merged(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems with those of one cause told once: the first of them, with how many there are and where."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for number, problem in enumerate(_each_once(problems)):
        found.setdefault((problem.code, problem.cause or f"its own {number}"), []).append(problem)
    return tuple(_told_once(same) for same in found.values())


def _each_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """A problem of its own that is met twice at one place, as in a plan and in the check after it, is one."""
    seen: list[Problem] = []
    for problem in problems:
        if problem.cause or not problem.at or problem not in seen:
            yield problem
        seen.append(problem)


def _told_once(same: list[Problem]) -> Problem:
    first, *others = same
    places = list(dict.fromkeys(problem.at for problem in others if problem.at != first.at))
    if not others:
        return first
    where = ", ".join(places[:PLACES_SHOWN]) + (", …" if len(places) > PLACES_SHOWN else "")
    more = f"the same {len(others)} more time{'s' if len(others) > 1 else ''}" + (f", at {where}" if where else "")
    return replace(first, detail=f"{first.detail}; {more}" if first.detail else more)


class SbctlError(Exception):
    """Carries one or more problems up to the command that reports them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.summary}: {p.detail}" if p.detail else p.summary for p in problems))
        self.problems = problems
