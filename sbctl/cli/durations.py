"""Durations as people write them: 90s, 5m, 1h, 500ms; a bare number is seconds."""

from __future__ import annotations

import re
from math import inf
from typing import Any

import click

SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)")


class Duration(click.ParamType[float]):
    """Converts to seconds, as a float above 0."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = _FORM.fullmatch(str(value).strip().lower())
        seconds = float(found[1]) * SECONDS[found[2]] if found else 0.0
        if not 0 < seconds < inf:
            self.fail(f"{value!r} is no duration. Write 90s, 5m or 1h.", param, ctx)
        return seconds


DURATION = Duration()
