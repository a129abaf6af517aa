"""Lambda packages beyond AWS's limits: told by config check, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sbctl.desired.files.packages import LARGEST_ZIP, PackageTooLarge, pack
from tests.unit.desired.conftest import Folder

MEBIBYTE = 1024 * 1024


def sparse(path: Path, size: int) -> None:
    """A file of that size that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(size)


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ({"model.bin": 51 * MEBIBYTE}, "51.0 MiB in 2 files"),
        ({"a.bin": 20 * MEBIBYTE, "b.bin": 31 * MEBIBYTE}, "b.bin (31.0 MiB), a.bin (20.0 MiB)"),
        ({"huge.bin": 260 * MEBIBYTE}, "huge.bin (260.0 MiB)"),
    ],
)
def test_a_package_beyond_the_limits_is_a_problem(
    folder: Callable[[], Folder], sizes: dict[str, int], said: str
) -> None:
    """With the function, how large it is, its largest files and what to do."""
    project = folder()
    for name, size in sizes.items():
        sparse(project.root / "lambdas/lookup" / name, size)
    (problem,) = project.problems()
    assert problem.code == "lambda-too-large"
    assert problem.at.startswith("config/regions.json:")
    assert "lambdas/lookup has" in problem.detail
    assert said in problem.detail
    assert "50.0 MiB" in problem.detail
    assert "layer" in problem.fix


def test_a_package_at_the_limit_is_packed(tmp_path: Path) -> None:
    """The archive counts, and not the files alone."""
    folder = tmp_path / "lookup"
    folder.mkdir()
    sparse(folder / "handler.py", 0)
    around = len(pack(folder).zip)
    sparse(folder / "handler.py", LARGEST_ZIP - around)
    assert len(pack(folder).zip) == LARGEST_ZIP
    sparse(folder / "handler.py", LARGEST_ZIP - around + 1)
    with pytest.raises(PackageTooLarge):
        pack(folder)
