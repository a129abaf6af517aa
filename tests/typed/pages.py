"""What a page asks its reader to do: type a shell block, save a file, or add an entry to a config file. The rest is to be read.

The page says so in words: "Save … as `FILE`:" or "Add … to `SECTION` in `FILE`:" stands right before the block.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[^\n]*)\n(?P<body>.*?)^ *```$", re.M | re.S)
SAVE = re.compile(r"\b[Ss]ave\b[^`]* as `(?P<file>[^`]+)`[^`]*:\s*$")
ADD = re.compile(r"\b[Aa]dd\b[^`]* to `(?P<section>\w+)` in `(?P<file>[^`]+)`[^`]*:\s*$")
EXIT = re.compile(r"#.*\bexit (?P<status>\d+)")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins, its text without indentation, and the paragraph before it on one line."""

    line: int
    language: str
    text: str
    before: str

    @property
    def save(self) -> str | None:
        """The file that the reader saves it as."""
        found = SAVE.search(self.before)
        return found and found["file"]

    @property
    def add(self) -> tuple[str, str] | None:
        """The file and section that the reader adds it to."""
        found = ADD.search(self.before)
        return (found["file"], found["section"]) if found else None


def blocks(page: str) -> Iterator[Block]:
    """All blocks of a page, in order."""
    end = 0
    for found in FENCE.finditer(page):
        before = " ".join(page[end : found.start()].rstrip().rpartition("\n\n")[2].split())
        end = found.end()
        line = page.count("\n", 0, found.start()) + 1
        yield Block(line, found["language"].strip(), textwrap.dedent(found["body"]), before)


def announced(line: str) -> int:
    """The exit status that a typed line has by its own comment; 0 where it says none."""
    found = EXIT.search(line)
    return int(found["status"]) if found else 0
