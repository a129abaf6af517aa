"""The known name that a misspelt one is near to."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 3
"""Letters of a word that can be misspelt; a shorter one is another word."""
NEAR = 2
"""Letters added, left out or exchanged. Further apart, two names have likely nothing to do with each other."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest of the known names within the distance, upper and lower case being alike first; "" where none is near."""
    names = list(known)
    by_case = next((name for name in names if name.lower() == word.lower()), "")
    if by_case:
        return by_case
    short = len(word) // 2 if len(word) >= SHORTEST else 0  # of a short word, two letters are most of it
    near = [(found, name) for name in names if (found := distance(word, name)) <= min(NEAR, short)]
    return min(near)[1] if near else ""


def distance(one: str, other: str, most: int = NEAR) -> int:
    """The edits between two words; `most` + 1 where there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, another in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != another))
        if min(row) > most:
            return most + 1
    return row[-1]


def did_you_mean(near: str, otherwise: str) -> str:
    """A remedy."""
    return f"Did you mean {near}?" if near else otherwise
