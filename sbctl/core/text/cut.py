"""Values cut to the room that there is: one at its end, several beside each other so that what differs is seen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

CUT = "…"
CONTEXT = 8
"""So much of what is common is kept before what differs, where there is room."""


def cut(text: str, room: int) -> str:
    """The text, or its beginning."""
    return text if len(text) <= room else text[: max(room - 1, 0)] + CUT


def cut_apart(texts: Sequence[str], room: int) -> list[str]:
    """The texts, each in so much room. Where their beginnings would look alike, what they have in common there is left out."""
    if len(texts) < 2 or all(len(text) <= room for text in texts):
        return [cut(text, room) for text in texts]
    alike = (len(set(letters)) == 1 for letters in zip(*texts, strict=False))
    common = sum(1 for _ in takewhile(bool, alike))
    start = common - min(CONTEXT, room // 3)
    # What differs has to be seen in the room that is left, and not at its very end.
    if common + room // 3 < room or start <= 1:
        return [cut(text, room) for text in texts]
    return [CUT + cut(text[start:], room - 1) for text in texts]
