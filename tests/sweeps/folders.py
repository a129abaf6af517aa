"""What a run wrote, copied for another process."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path


def copy_written(folder: Path, *, held: bool) -> None:
    """Copy what the run wrote. The lock is the same file for whoever goes on holding it; for anybody else its holder has died."""
    folder.mkdir()
    for part in Path().iterdir():
        shutil.copytree(part, folder / part, copy_function=_linking if held else _left_behind)


def _linking(source: str, target: str) -> None:
    if source.endswith(".lock"):
        os.link(source, target)
    else:
        shutil.copy(source, target)


def _left_behind(source: str, target: str) -> None:
    """The note of a lock names this process, which is to count as dead: one of its number that began at another time."""
    shutil.copy(source, target)
    if source.endswith("lock.json"):
        with suppress(ValueError):
            note = Path(target).read_text(encoding="utf-8")
            Path(target).write_text(json.dumps({**json.loads(note), "begun": "before"}), encoding="utf-8")
