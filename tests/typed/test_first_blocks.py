"""The first two blocks of README.md: what everybody types first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typed.reader import follow_page


@pytest.mark.long
def test_the_first_blocks_can_be_typed(tmp_path: Path) -> None:
    """The first two blocks of README.md end as they say, in a fresh clone."""
    follow_page("README.md", tmp_path, first=2)
