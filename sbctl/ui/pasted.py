"""The command in a remedy that can be pasted as it is: whole, no word of the sentence around it, nothing left to fill in."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

BEGIN = re.compile(r"(?<![\w/.-])sbctl (?=[a-z-])")
WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""")
OTHERS = re.compile(r"(?:^|: )((?:aws|eval|curl|dig|pip) [^\n;]+?)\.?$")
"""Lines of other programs end where the remedy ends."""
FILL_IN = re.compile(r"[A-Z][A-Z-]+")
"""`FILE`, `REGION`: what whoever pastes the line would have to say first."""
PLAIN = re.compile(r"[a-z]+")
"""A word of a sentence, or a subcommand."""
ENDS = ".,;:)`"


class Shape(NamedTuple):
    """What may follow a command: its subcommands, and its options that take a value."""

    inner: Collection[str] = ()
    valued: Collection[str] = ()


Shapes = Callable[[tuple[str, ...]], Shape]
"""The shape of a command by its words; of sbctl itself by none."""


def pasted(fix: str, shape: Shapes) -> str:
    """The first command in a remedy; "" where there is none, or where it is not complete."""
    for found in BEGIN.finditer(fix):
        words = _words(fix[found.start() :], shape)
        if words:
            return "" if _is_open(words) else " ".join(words)
    other = OTHERS.search(fix)
    return other.group(1) if other and not _is_open(other.group(1).split()) else ""


def _words(text: str, shape: Shapes) -> list[str]:
    """Those of the command, up to the end of a clause or a word that is no part of it; none where no command is named."""
    given = WORD.findall(text)
    words: list[str] = []
    path: tuple[str, ...] = ()
    for place, word in enumerate(given):
        bare = word.rstrip(ENDS)
        if place and not _belongs(bare, given, place, shape(path)):
            break
        words.append(bare)
        if bare in shape(path).inner:
            path = (*path, bare)
        if bare != word:
            break
    return words if path else []


def _belongs(word: str, given: Sequence[str], place: int, shape: Shape) -> bool:
    """A subcommand, an option and its value, an argument before an option, or what no sentence has: an address, a number."""
    if word in shape.inner or not PLAIN.fullmatch(word):
        return bool(word)
    return given[place - 1] in shape.valued or any(after.startswith("-") for after in given[place + 1 : place + 2])


def _is_open(words: Sequence[str]) -> bool:
    return any(FILL_IN.fullmatch(word) for word in words)
