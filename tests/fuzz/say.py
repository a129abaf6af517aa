"""Where the long forms say what they do: line by line, at once."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Write a line; what a trial broke may hold anything, so nothing of it reaches the terminal as it is."""
    sys.stdout.write(text.encode("ascii", "backslashreplace").decode().replace("\x1b", "\\x1b") + "\n")
    sys.stdout.flush()
