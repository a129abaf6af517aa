"""One of something is told without an s."""

from __future__ import annotations

import pytest

from sbctl.core.text.counted import counted


@pytest.mark.parametrize(("count", "told"), [(0, "0 runs"), (1, "1 run"), (2, "2 runs")])
def test_the_plural_follows_the_number(count: int, told: str) -> None:
    """None is many."""
    assert counted(count, "run") == told
