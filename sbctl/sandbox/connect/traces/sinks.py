"""Where traces of contacts go: other services of the account, as Connect itself reaches them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Figures = Sequence[Mapping[str, Any]]
"""MetricData of PutMetricData."""
Lines = Sequence[tuple[int, str]]
"""Milliseconds since the epoch, and the text."""


@dataclass(frozen=True)
class Sinks:
    """`figures`: region and MetricData of the namespace AWS/Connect. `lines`: region, log group, log stream, lines.

    `object`: region, bucket, key, body and content type; whether it was taken. Never called with Connect's lock held.
    """

    figures: Callable[[str, Figures], object]
    lines: Callable[[str, str, str, Lines], object]
    object: Callable[[str, str, str, bytes, str], bool]


def _nothing(*_all: object) -> bool:
    return False


NOWHERE = Sinks(_nothing, _nothing, _nothing)
"""Of a Connect that stands alone, in tests."""
Alone = Callable[[Callable[[], None]], None]
"""Runs an act under Connect's lock."""
