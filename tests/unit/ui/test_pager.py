"""Long lists come in the user's pager, where somebody sits at a terminal that is too small for them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.terminal import in_terminal

KINDS = (sys.executable, "-m", "sbctl", "explain")
PAGED = b"PAGED"


def sent(folder: Path, *words: str, pager: str = f"sed s/^/{PAGED.decode()}/", rows: int = 10) -> bytes:
    env = {**os.environ, "PAGER": pager, "TERM": "xterm"}
    shown = in_terminal((*KINDS, *words), folder, env, rows=rows)
    assert shown.exit == 0
    return shown.sent


def test_a_list_that_is_longer_than_the_terminal_is_paged(tmp_path: Path) -> None:
    """Each line went through it."""
    assert sent(tmp_path).count(PAGED) > 10


@pytest.mark.parametrize("words", [("--no-pager",), ("-o", "json")])
def test_a_list_is_not_paged_where_that_is_said(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Nor is what a program reads."""
    assert PAGED not in sent(tmp_path, *words)


def test_a_list_that_fits_is_printed(tmp_path: Path) -> None:
    """No key has to be pressed for it."""
    assert PAGED not in sent(tmp_path, rows=500)


def test_a_pager_that_is_not_there_hides_nothing(tmp_path: Path) -> None:
    """The list is printed."""
    assert b"connect_queue" in sent(tmp_path, pager="no-such-pager")
