"""Durations as people write them."""

from __future__ import annotations

import click
import pytest

from sbctl.cli.durations import DURATION


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5m", 300), ("1h", 3600), ("1.5h", 5400), ("500ms", 0.5), ("20", 20), ("2 D", 172_800)],
)
def test_durations(text: str, seconds: float) -> None:
    """A number and a unit are seconds."""
    assert DURATION.convert(text, None, None) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "soon", "-5s", "0", "5 weeks", "m", "1e18", "NaN", "inf", "Infinity", "-inf", "0x10", "5 m 3 s", "9" * 400],
)
def test_what_is_no_duration(text: str) -> None:
    """Anything else is refused with examples of what would do."""
    with pytest.raises(click.BadParameter, match="90s, 5m or 1h"):
        DURATION.convert(text, None, None)
