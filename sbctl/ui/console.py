"""The two consoles: stdout for data, stderr for progress, questions and problems. Text from AWS is made safe here."""

from __future__ import annotations

import json
import os
import re
import sys
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from sbctl.core.text.cut import cut, cut_apart
from sbctl.ui.streams import lacks

if TYPE_CHECKING:
    from collections.abc import Sequence

THEME = Theme(
    {
        "create": "green",
        "adopt": "cyan",
        "update": "yellow",
        "replace": "magenta",
        "delete": "red",
        "forget": "dim",
        "none": "dim",
        "good": "green",
        "bad": "bold red",
        "warn": "yellow",
        "quiet": "dim",
        "head": "bold",
    }
)
SIGNS = {"create": "+", "adopt": "»", "update": "~", "replace": "±", "delete": "-", "forget": "·", "none": " "}
UNFOLDED = 4000
"""Columns of a console that is no terminal."""
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Control characters, line ends that are not \\n, what turns the direction of writing (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing),
halves of surrogate pairs, which cannot be written at all, and what nobody sees: zero-width characters, fillers and tags
(https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point). Both variation selectors of emoji stay."""


class SafeConsole(Console):
    """Takes plain text for text wherever it stands: no markup, no emoji codes, and nothing that steers the terminal."""

    def render_str(self, text: str, **settings: Any) -> Text:
        return super().render_str(safe(text), **settings)


def _console(stream: TextIO, *, stderr: bool = False) -> Console:
    width = _width(stream)
    return SafeConsole(theme=THEME, highlight=False, markup=False, emoji=False, stderr=stderr, width=width)


def out() -> Console:
    """Where results go."""
    return _console(sys.stdout)


class Aside(SafeConsole):
    """A console whose drawing is kept as text, with its styles, as the terminal of another one would show it."""

    file: StringIO


def beside(console: Console) -> Aside:
    """Draws aside what is to be put on a console at once."""
    return Aside(
        file=StringIO(), theme=THEME, highlight=False, markup=False, emoji=False, force_terminal=console.is_terminal,
        no_color=console.no_color, width=console.width, height=console.height,
    )  # fmt: skip


def drawn_aside(aside: Aside) -> Text:
    """What was drawn aside, as one text: every part of it was cleaned when it was drawn."""
    return Text.from_ansi(aside.file.getvalue().rstrip("\n"), no_wrap=True, overflow="ignore")


@cache
def err() -> Console:
    """Where progress and problems go. One object, so that what is printed while progress is shown stands above it."""
    return _console(sys.stderr, stderr=True)


def _width(stream: TextIO) -> int | None:
    """The terminal's width; in a pipe or a file nothing is folded or cut, so that grep and awk see whole rows."""
    return None if stream.isatty() or "COLUMNS" in os.environ else UNFOLDED


def columns(*names: str, prose: str | None = None, title: str = "", style: str = "head") -> Table:
    """An empty table as all of sbctl's look: no frame, columns that are cut rather than folded.

    `prose` heads a last column of sentences. They fold into the room that the others leave, so that nothing is cut at all.
    """
    table = Table(title=title or None, title_justify="left", title_style=style, box=None, pad_edge=False)
    for name in names:
        table.add_column(name, no_wrap=True, overflow="ellipsis")
    if prose is not None:
        table.add_column(prose, overflow="fold")
    return table


def safe(value: object) -> str:
    """Text without control characters: what AWS or a file holds must not steer the terminal."""
    return _STEERING.sub("?", str(value))


def one_line(value: object) -> str:
    """The same on one line, so that nobody's text looks like a line of ours."""
    return " ".join(safe(value).split("\n"))


def json_text(value: Any) -> str:
    """A value as indented JSON, for people and programs: what would steer a terminal is escaped, so that nothing is lost."""
    return _STEERING.sub(_escaped, json.dumps(value, indent=2, ensure_ascii=False, default=str))


def _escaped(found: re.Match[str]) -> str:
    character = found.group()
    return f"\\u{ord(character):04x}" if character <= "\uffff" else json.dumps(character)[1:-1]


def write_json(value: Any) -> None:
    """Print a value as JSON; what the encoding of stdout lacks is escaped, so that programs read all of it."""
    text = json_text(value)
    if lacks(text, sys.stdout):
        text = json.dumps(value, indent=2, default=str)
    sys.stdout.write(text + "\n")


def plain(value: object, style: str = "") -> Text:
    """Text that is not markup."""
    return Text(safe(value), style=style)


def short(value: Any, width: int = 60) -> str:
    """A value on one line, cut to `width`."""
    return cut(_line(value), width)


def short_apart(values: Sequence[Any], width: int = 60) -> list[str]:
    """Values that differ, each on one line and cut to `width`, so that it is seen where they differ."""
    return cut_apart([_line(value) for value in values], width)


def _line(value: Any) -> str:
    found = _readable(value)
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)
    return safe(text).replace("\n", " ")


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"$ref"}:
            return f"→ {value['$ref']}"
        if set(value) == {"$unknown"}:
            return f"(known after {value['$unknown'].split('#')[0]})"
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_readable(item) for item in value]
    return value
