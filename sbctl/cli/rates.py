"""Rates as people write them: 60/min, 2/s, 3600/h; a bare number is a minute's."""

from __future__ import annotations

import re
from math import inf
from typing import Any

import click

PER_MINUTE = {"s": 60.0, "sec": 60.0, "m": 1.0, "min": 1.0, "h": 1 / 60.0, "": 1.0}
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*(?:/\s*(s|sec|m|min|h))?")


class Rate(click.ParamType[float]):
    """Converts to a number a minute, as a float above 0."""

    name = "rate"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = _FORM.fullmatch(str(value).strip().lower())
        rate = float(found[1]) * PER_MINUTE[found[2] or ""] if found else 0.0
        if not 0 < rate < inf:
            self.fail(f"{value!r} is no rate. Write 60/min, 2/s or 3600/h.", param, ctx)
        return rate


RATE = Rate()
