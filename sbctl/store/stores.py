"""State stores, and runs, by where they are kept: a folder, or objects that runs on many machines share."""

from __future__ import annotations

from pathlib import Path

from sbctl.core.actor import Actor
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.clock import Clock
from sbctl.core.executors import MakeExecutor
from sbctl.core.place import SharedPlace
from sbctl.store.files.atomic import DISK, Disk
from sbctl.store.locks.waiting import LockWaiting
from sbctl.store.media.bucket import BucketObjects
from sbctl.store.media.folder import Folder
from sbctl.store.runs.objects import RunObjects
from sbctl.store.runs.shared import SharedRuns
from sbctl.store.runs.store import RunStore
from sbctl.store.state.shared import Shared
from sbctl.store.state.store import AT_ONCE, StateStore


def file_store(
    folder: Path,
    clock: Clock,
    command: str,
    *,
    call: str = "sbctl",
    patience: LockWaiting = AT_ONCE,
    disk: Disk = DISK,
    actor: Actor | None = None,
) -> StateStore:
    """The store of the state in a folder. `command`, `call`, `patience` and `actor` as StateStore has them."""
    return StateStore(Folder(folder, clock, command, disk), clock, command, call=call, patience=patience, actor=actor)


def shared_store(
    place: SharedPlace,
    aws: AwsCalls,
    clock: Clock,
    command: str,
    *,
    call: str = "sbctl",
    patience: LockWaiting = AT_ONCE,
    actor: Actor | None = None,
) -> StateStore:
    """The store of a state in S3. `aws` should be quick to give up: a copy may answer instead."""
    copy = f"To read and write a copy from now on: --state {place.copies[0]}" if place.copies else ""
    first = BucketObjects(aws, place.first, copy)
    copies = [BucketObjects(aws, location) for location in place.copies]
    medium = Shared(first, copies, clock, command)
    return StateStore(medium, clock, command, call=call, patience=patience, actor=actor)


def shared_runs(
    place: SharedPlace,
    aws: AwsCalls,
    here: RunStore,
    kept: Path,
    make_executor: MakeExecutor,
    clock: Clock,
    disk: Disk = DISK,
) -> SharedRuns:
    """The runs of a state in S3. `here` are those of this machine, `kept` is the folder for what was read of others.

    `aws` should ask once and give up soon.
    """
    objects = [BucketObjects(aws, location) for location in (place.first, *place.copies)]
    return SharedRuns(
        here, [RunObjects(one, kept, make_executor, disk) for one in objects], str(place), make_executor, clock
    )
