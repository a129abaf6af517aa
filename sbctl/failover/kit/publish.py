"""Keeps the failover kit where it can be had in an event: beside the state, and in a bucket of every region."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.place import SharedPlace
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.failover.kit.kit import FILE, Kit, read_kit
from sbctl.store.files.atomic import DISK, Disk, read_bytes, remove_unfinished, write_atomic
from sbctl.store.media.bucket import BucketObjects

PREFIX = "sbctl/kit/"
CALLS: frozenset[str] = frozenset({"s3:PutObject"})
FRESH = timedelta(days=1)
"""Buckets expire what is old, so that copies are renewed although nothing changed."""


def keep_kit(kit: Kit, folder: Path, calls: AwsCalls, disk: Disk = DISK) -> list[Problem]:
    """Write the kit where it is missing, differs or is old; the problems of copies that could not be written.

    For whoever holds the lock on the state: what a killed write left beside the file is taken away.
    Raises SbctlError when the local file cannot be written.
    """
    path = folder / FILE
    if _is_fresh(kit, path):
        return []
    problems = [problem for region in kit.regions if (problem := _copy(kit, region.region, calls)) is not None]
    # A kit that is made too early looks old to the next run, which then tries the failed copies again.
    kept = kit.model_copy(update={"made_at": kit.made_at - FRESH}) if problems else kit
    remove_unfinished(folder, FILE, disk)
    write_atomic(path, kept.as_text().encode(), disk)
    return problems


def shared_kits(place: SharedPlace, calls: AwsCalls) -> list[BucketObjects]:
    """Where a shared state keeps the kit: under `FILE` in its first place, and in each copy."""
    return [BucketObjects(calls, location) for location in (place.first, *place.copies)]


def keep_shared(kit: Kit, place: SharedPlace, calls: AwsCalls) -> list[Problem]:
    """Put the kit beside a shared state and its copies; what could not be written, as notes."""
    notes = []
    for objects in shared_kits(place, calls):
        try:
            kept = objects.get(FILE)
            if kept is None or not _same(kit, kept.content):
                objects.write(FILE, kit.as_text().encode())
        except SbctlError as error:
            notes += [replace(one, code="kit-not-copied", exit=Exit.DONE) for one in error.problems]
    return notes


def _same(kit: Kit, content: bytes) -> bool:
    try:
        return read_kit(content, FILE).model_copy(update={"made_at": kit.made_at}) == kit
    except SbctlError:
        return False


def key_of(region: str) -> str:
    """The object that is a region's own copy; copies of other regions reach its bucket by replication."""
    return f"{PREFIX}{region}.json"


def _is_fresh(kit: Kit, path: Path) -> bool:
    try:
        kept = read_kit(read_bytes(path) or b"", str(path))
    except SbctlError:
        return False
    return kept.model_copy(update={"made_at": kit.made_at}) == kit and kit.made_at - kept.made_at < FRESH


def _copy(kit: Kit, region: str, calls: AwsCalls) -> Problem | None:
    buckets = kit.region(region).buckets
    if not buckets:
        return None
    try:
        body = kit.as_text().encode()
        key, kind = key_of(region), "application/json"
        calls.call("s3", "PutObject", region, Bucket=buckets[0], Key=key, Body=body, ContentType=kind)
    except AwsError as error:
        # A copy that is refused is no reason to call a deploy half done: the kit beside the state is what is used first.
        worth = Exit.PARTIAL if error.unreachable else Exit.DONE
        return Problem(
            code="kit-not-copied",
            summary="The failover kit could not be put into a region's bucket",
            detail=f"{error.code}: {error.message}",
            at=f"s3://{buckets[0]}/{key_of(region)}",
            fix="Run sbctl deploy again when the region answers or lets it; the other copies are written.",
            exit=worth,
        )
    return None
