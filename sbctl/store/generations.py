"""The last twenty state files, by serial."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from sbctl.core.problem import SbctlError
from sbctl.store.atomic import cannot_write

KEPT = 20


def keep(path: Path, folder: Path) -> None:
    """Copy the present state file into `folder` before it is replaced, and let the oldest go."""
    if not path.exists():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{_serial(path):08d}.json"
        shutil.copy2(path, target)
        for old in sorted(folder.glob("*.json"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise SbctlError(cannot_write(folder, error)) from error


def _serial(path: Path) -> int:
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["state"]["serial"])
    except (ValueError, KeyError, TypeError):
        return 0
