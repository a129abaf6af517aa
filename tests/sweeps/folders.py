"""The state of a run, copied for another process."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def copy_state(folder: Path, *, held: bool) -> None:
    """Copy the state. The lock is the same file for whoever goes on holding it; for anybody else it is free."""
    folder.mkdir()
    if Path("state").exists():
        shutil.copytree("state", folder / "state", copy_function=_linking if held else shutil.copy)


def _linking(source: str, target: str) -> None:
    if source.endswith(".lock"):
        os.link(source, target)
    else:
        shutil.copy(source, target)
