"""How large texts are in a picture, and where they are folded: by the usual width of letters, as no font is at hand."""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass

from sbctl.core.text.cut import cut

WIDTH = 240.0
"""Of every block, in pixels."""
LETTERS, TITLE_LETTERS, FOOT_LETTERS = 33, 27, 38
"""That fit in a line of a block at 12.5 px, and of its title, which is bold and has a number beside it."""
LINES = 2
LINE = 17.0
EDGE = 11.0
"""Above and below the lines of a block."""
LABEL_LETTER, LABEL_LINE = 6.4, 16.0


@dataclass(frozen=True)
class Size:
    """In pixels."""

    width: float
    height: float


def folded(words: str, letters: int = LETTERS) -> list[str]:
    """Words in at most two lines."""
    lines = textwrap.wrap(words, letters) if columns_of(words) == len(words) else _by_columns(words, letters // 2)
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], cut(" ".join(lines[LINES - 1 :]), letters)]
    return lines


def _by_columns(words: str, half: int) -> list[str]:
    """For letters that are twice as wide: so many to a line as fit."""
    return [words[start : start + half] for start in range(0, len(words), half)]


def columns_of(text: str) -> int:
    """Columns of a text: wide letters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def block_size(title: str, words: str, feet: int = 0) -> Size:
    """The size of a block with these words below its title, and so many lines of small letters at its foot."""
    lines = len(folded(title, TITLE_LETTERS)) + len(folded(words)) + feet
    return Size(WIDTH, 2 * EDGE + LINE * lines)


def label_size(label: str) -> Size:
    """The room of an edge's label."""
    return Size(LABEL_LETTER * columns_of(label) + 8, LABEL_LINE)
