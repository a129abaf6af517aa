"""README.md, typed from top to bottom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typed.reader import follow_page


@pytest.mark.long
def test_the_readme_can_be_typed(tmp_path: Path) -> None:
    """Every block of README.md ends as it says, in a fresh clone and in one terminal."""
    follow_page("README.md", tmp_path)
