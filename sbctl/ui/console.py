"""The two consoles: stdout for data, stderr for progress, questions and problems. Text from AWS is made safe here."""

from __future__ import annotations

import json
import re
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

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
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def out() -> Console:
    """Where results go."""
    return Console(theme=THEME, highlight=False, soft_wrap=False)


def err() -> Console:
    """Where progress and problems go."""
    return Console(theme=THEME, highlight=False, stderr=True)


def safe(value: object) -> str:
    """Text without control characters: what AWS or a file holds must not steer the terminal."""
    return _CONTROL.sub("?", str(value))


def plain(value: object, style: str = "") -> Text:
    """Text that is not markup."""
    return Text(safe(value), style=style)


def short(value: Any, width: int = 60) -> str:
    """A value on one line, cut to `width`."""
    text = value if isinstance(value, str) else json.dumps(_readable(value), ensure_ascii=False, default=str)
    text = safe(text).replace("\n", " ")
    return text if len(text) <= width else text[: width - 1] + "…"


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
