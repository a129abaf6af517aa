"""The state in a folder on the local disk, as most projects keep it."""

from __future__ import annotations

from pathlib import Path

from sbctl.core.clock import Clock
from sbctl.store.atomic import DISK, Disk
from sbctl.store.folder import Folder
from sbctl.store.state_store import StateStore


def file_store(
    folder: Path, clock: Clock, command: str, *, call: str = "sbctl", patience: float = 0, disk: Disk = DISK
) -> StateStore:
    """The store of the state in a folder. `command`, `call` and `patience` as StateStore has them."""
    return StateStore(Folder(folder, clock, command, disk), clock, command, call=call, patience=patience)
