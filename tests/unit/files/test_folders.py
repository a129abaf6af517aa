"""Folders of what only their owner may read, whatever the umask."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sbctl.files import folders
from sbctl.sandbox.snapshot import private

MAKERS = (folders.make_private, private.make_private)


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """A user whose umask takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.parametrize("make", MAKERS, ids=["sbctl", "sandbox"])
def test_every_folder_that_is_made_is_the_owners_alone(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """Those above the last one too; those that are there already stay as they are."""
    (tmp_path / "there").mkdir(0o755)
    make(tmp_path / "there" / "a" / "b" / "c")
    found = [path.stat().st_mode & 0o777 for path in (tmp_path / "there", *sorted((tmp_path / "there").rglob("*")))]
    assert found == [0o755, 0o700, 0o700, 0o700]
    make(tmp_path / "there")


@pytest.mark.parametrize("make", MAKERS, ids=["sbctl", "sandbox"])
def test_a_file_in_the_way_is_an_error(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """And is left as it is."""
    (tmp_path / "a").write_text("mine", encoding="utf-8")
    for place in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(OSError, match="a"):
            make(place)
    assert (tmp_path / "a").read_text(encoding="utf-8") == "mine"
