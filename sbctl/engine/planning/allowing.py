"""The options that let guards pass, in one command: what allows the one is refused by the other.

A remedy ends with them, after "the same command with". Every command whose plan is guarded has these options.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sbctl.core.problem import AGAIN, Problem

ALLOW = "--allow"
MOST = "--max-deletes"


def again(allowed: Iterable[str], most: int | None = None) -> str:
    """The same command with these addresses allowed, and so many deletes besides."""
    options = [word for address in dict.fromkeys(allowed) for word in (ALLOW, address)]
    return f"{AGAIN} {shlex.join([*options, *([MOST, str(most)] if most is not None else [])])}"


def together(problems: Sequence[Problem]) -> list[Problem]:
    """The problems, each with the one command that passes all guards that an option passes."""
    asked = [pair for problem in problems for pair in _options(problem.fix)]
    if not asked:
        return list(problems)
    most = [int(value) for option, value in asked if option == MOST]
    whole = again((value for option, value in asked if option == ALLOW), max(most, default=None))
    return [
        replace(problem, fix=problem.fix.partition(AGAIN)[0] + whole) if [*_options(problem.fix)] else problem
        for problem in problems
    ]


def _options(fix: str) -> Iterator[tuple[str, str]]:
    """The options and their values at the end of a remedy."""
    words = shlex.split(fix.partition(AGAIN)[2]) if f"{AGAIN} --" in fix else []
    if words and words[0] in (ALLOW, MOST):
        yield from zip(words[::2], words[1::2], strict=True)
