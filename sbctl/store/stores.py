"""State stores by where they keep the state: a folder, or objects that runs on many machines share."""

from __future__ import annotations

from pathlib import Path

from sbctl.core.clock import Clock
from sbctl.core.resource import AwsCalls
from sbctl.store.atomic import DISK, Disk
from sbctl.store.bucket import BucketObjects
from sbctl.store.folder import Folder
from sbctl.store.place import SharedPlace
from sbctl.store.shared import Shared
from sbctl.store.state_store import AT_ONCE, StateStore
from sbctl.store.waiting import Waiting


def file_store(
    folder: Path, clock: Clock, command: str, *, call: str = "sbctl", patience: Waiting = AT_ONCE, disk: Disk = DISK
) -> StateStore:
    """The store of the state in a folder. `command`, `call` and `patience` as StateStore has them."""
    return StateStore(Folder(folder, clock, command, disk), clock, command, call=call, patience=patience)


def shared_store(
    place: SharedPlace, aws: AwsCalls, clock: Clock, command: str, *, call: str = "sbctl", patience: Waiting = AT_ONCE
) -> StateStore:
    """The store of a state in S3. `aws` should be quick to give up: a copy may answer instead."""
    copy = f"To read and write a copy from now on: --state {place.copies[0]}" if place.copies else ""
    first = BucketObjects(aws, place.first, copy)
    copies = [BucketObjects(aws, location) for location in place.copies]
    return StateStore(Shared(first, copies, clock, command), clock, command, call=call, patience=patience)
