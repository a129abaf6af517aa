"""Names that are nearly alike: one or two letters differ, or only case and separators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

MOST = 20_000
"""Pairs that are compared; a flow of sane size has far fewer."""
SHORTEST = 4
"""Below, a letter more is another name."""
LONG = 8
"""From here on two letters may differ."""


def near(words: Iterable[str], known: Iterable[str]) -> Mapping[str, str]:
    """Those of the words that are nearly a known name → that name."""
    names = [(name, _plain(name), _lettered(name)) for name in sorted(known)]
    found: dict[str, str] = {}
    left = MOST
    for word in sorted(words):
        left -= len(names)
        if left < 0:
            break
        plain, lettered = _plain(word), _lettered(word)
        for name, other, letters in names:
            if other == plain or (letters != lettered and _alike(word, name)):  # line1 and line2 are two names
                found[word] = name
                break
    return found


def _alike(word: str, name: str) -> bool:
    shorter = min(len(word), len(name))
    if shorter < SHORTEST or abs(len(word) - len(name)) > 2:
        return False
    return _distance(word, name) <= (2 if shorter >= LONG else 1)


def _plain(name: str) -> str:
    return re.sub(r"[\s_.-]", "", name).lower()


def _lettered(name: str) -> str:
    """The name without its digits."""
    return re.sub(r"\d+", "", name)


def _distance(one: str, other: str) -> int:
    """Letters to change, add, remove or swap with their neighbour; 3 for all that is more than 2."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i, *([3] * len(other))]
        for j in range(max(1, i - 2), min(len(other), i + 2) + 1):
            same = letter == other[j - 1]
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (not same), 3)
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other[j - 1]:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > 2:
            return 3
    return row[-1]
