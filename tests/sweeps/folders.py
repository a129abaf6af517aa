"""What a run wrote, copied for another process."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def copy_written(folder: Path, *, held: bool) -> None:
    """Copy what the run wrote. The lock is the same file for whoever goes on holding it; for anybody else it is free."""
    folder.mkdir()
    for part in Path().iterdir():
        shutil.copytree(part, folder / part, copy_function=_linking if held else shutil.copy)


def _linking(source: str, target: str) -> None:
    if source.endswith(".lock"):
        os.link(source, target)
    else:
        shutil.copy(source, target)
