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

    `object`: region, bucket, key, body and content type; whether it was taken. `has_group`: whether a region has a log group.
    """

    figures: Callable[[str, Figures], object]
    lines: Callable[[str, str, str, Lines], object]
    object: Callable[[str, str, str, bytes, str], bool]
