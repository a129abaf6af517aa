"""The how-tos, each typed from top to bottom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typed.fresh import ROOT
from tests.typed.reader import follow_page

PAGES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/how-to/*.md"))


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES)
def test_a_how_to_can_be_typed(page: str, tmp_path: Path) -> None:
    """Every block of a how-to ends as it says, in a fresh clone that knows no other page."""
    follow_page(page, tmp_path)
