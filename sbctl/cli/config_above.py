"""The config of the project that the current folder is in, found as git finds its folder: here, else in a folder above."""

from __future__ import annotations

import os
from pathlib import Path

from sbctl.core.project_files import CONFIG_FOLDER, REGIONS_FILE

MAKES_CONFIG = frozenset({"init", "adopt"})
"""Commands that write a config: they write it here, not over one above."""


def config_above(command: str) -> Path | None:
    """The nearest config above the current folder, as seen from it; None where there is one here, or none at all."""
    default = Path(CONFIG_FOLDER)
    if command in MAKES_CONFIG or os.path.lexists(default):
        return None
    try:
        here = Path.cwd()
    except OSError:  # the folder was removed meanwhile
        return None
    for levels, folder in enumerate(here.parents, 1):
        if os.path.lexists(folder / default / REGIONS_FILE):
            return Path(*[os.pardir] * levels) / default
    return None
