"""Numbers with what they count, for people to read."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """`1 run`, `2 runs`: the plural is the noun with an s."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
