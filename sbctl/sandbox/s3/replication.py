"""Copies versions to the buckets that the rules name, after a lag, and keeps the status of the source.

What is due is done on the world's scheduler. A pair of buckets between which nothing gets through keeps its queue and its
versions PENDING; when it heals, everything that is due goes at once. FAILED is for what waiting does not cure: the role, a
destination that is gone or lost its versioning. A failed copy is not tried again, as on AWS.
What was queued is copied under the rule as it was when the version was written.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sbctl.sandbox.moto_bridge.backends import MotoBackends
from sbctl.sandbox.moto_bridge.s3 import MotoObjects, ObjectVersion
from sbctl.sandbox.s3.encryption import KMS, Encryption
from sbctl.sandbox.s3.peers import CopyScheduler, Faults
from sbctl.sandbox.s3.permissions import BucketRoles, Copying
from sbctl.sandbox.s3.rules import WantedRule
from sbctl.sandbox.s3.tasks import Copied, CopyBacklog, CopyQueue, Kind, Task
from sbctl.sandbox.snapshot.part import Owned, Part, Pieces, Whole
from sbctl.sandbox.time.clock import WorldClock


@dataclass(frozen=True)
class CopyLag:
    """How long a copy takes, in world seconds: evenly spread over `mean` ± `jitter`, never less than nothing."""

    mean: float = 3.0
    jitter: float = 2.0

    def draw(self) -> float:
        return max(0.0, random.uniform(self.mean - self.jitter, self.mean + self.jitter))


@dataclass(frozen=True)
class CopyOutcome:
    """One copy that was made or, with a `reason` in AWS's words, failed. `seconds` since the version was written."""

    task: Task
    seconds: float
    reason: str = ""


class ObjectReplication:
    """The copying of one account. `lag` may be set at any time and holds for what is written from then on."""

    def __init__(
        self,
        clock: WorldClock,
        moto: MotoBackends,
        objects: MotoObjects,
        roles: BucketRoles,
        encryption: Encryption,
        scheduler: CopyScheduler,
        faults: Faults,
    ) -> None:
        self.lag = CopyLag()
        self._clock = clock
        self._moto = moto
        self._objects = objects
        self._roles = roles
        self._encryption = encryption
        self._agenda = scheduler
        self._faults = faults
        self._queue = CopyQueue()
        self._listeners: list[Callable[[CopyOutcome], None]] = []
        # whoever changes the faults does not wait for the copying
        faults.listen(lambda: scheduler.after(0.0, self.run_due))

    def listen(self, callback: Callable[[CopyOutcome], None]) -> None:
        """Call with each copy that was made or failed."""
        self._listeners.append(callback)

    def reset(self) -> None:
        self._queue.clear()
        self._roles.clear()

    @property
    def parts(self) -> Iterable[Part]:
        """What is on its way, and the lag, to be kept."""
        return [
            Pieces("s3.queue", lambda: {"": self._queue.taken_down()[0]}, self._put_back),
            Whole("s3.replication", lambda: (self.lag, self._queue.taken_down()[1]), self._put_back_rest),
        ]

    def _put_back(self, pieces: Owned) -> None:
        for task in pieces.get("", {}).values():
            self._queue.add(task)
            self._agenda.at(task.due, self.run_due)

    def _put_back_rest(self, state: tuple[CopyLag, set[Copied]]) -> None:
        self.lag, failed = state
        self._queue.mark_failed(failed)

    def queue(self, kind: Kind, version: ObjectVersion, wanted: Iterable[WantedRule]) -> None:
        """Plan the copies of a version just written. The caller holds moto's lock of S3."""
        now = self._clock.seconds()
        source_region = self._objects.region(version.bucket)
        for one in wanted:
            delay = self.lag.draw()
            target_region = self._objects.region(one.destination)
            self._queue.add(
                Task(
                    kind=kind,
                    bucket=version.bucket,
                    key=version.key,
                    version=version.id,
                    size=version.size if kind == "object" else 0,
                    written=now,
                    due=now + delay,
                    source_region=source_region,
                    target_region=target_region,
                    wanted=one,
                )
            )
            self._agenda.after(delay, self.run_due)
            if kind == "object":
                version.mark("PENDING")

    def run_due(self) -> None:
        """Make every copy that is due and can get through. May run in several threads at once."""
        while (found := self._queue.take(self._clock.seconds(), self._held_back)) is not None:
            number, task = found
            self._run(number, task)

    def backlog(self) -> list[CopyBacklog]:
        """What is pending for each pair of buckets and rule: count, bytes, age of the oldest."""
        return self._queue.backlog(self._clock.seconds())

    def _held_back(self, task: Task) -> bool:
        return self._faults.replication_paused("s3", task.source_region, task.target_region, task.bucket)

    def _run(self, number: int, task: Task) -> None:
        # the role is read through IAM and keys through KMS, so outside the lock of S3
        destination = task.wanted.destination
        reason = self._refusal(task)
        with self._moto.alone("s3"):
            source = self._objects.find(task.bucket, task.key, task.version)
            reason = reason or self._unfit(destination)
            if source is not None and not reason:
                self._copy(task, source)
            status = self._queue.settle(number, failed=bool(reason))
            if source is not None and status and source.status != "REPLICA":
                source.mark(status)
        if source is None:
            return  # deleted meanwhile
        outcome = CopyOutcome(task, self._clock.seconds() - task.written, reason)
        for listener in self._listeners:
            listener(outcome)

    def _refusal(self, task: Task) -> str:
        """Why the role or a key does not let this copy be made, in AWS's words."""
        opened = closed = ("", "")
        with self._moto.looking("s3"):
            source = self._objects.find(task.bucket, task.key, task.version)
        if source is not None and not source.is_marker and source.encryption.startswith(KMS):
            opened = self._encryption.source_key(task.source_region, source.kms_key)
            closed = self._encryption.target_key(task.target_region, task.wanted.kms_key)
        copying = Copying(task.kind, task.bucket, task.wanted.destination, task.key, opened[0], closed[0])
        return opened[1] or closed[1] or self._roles.refusal(task.wanted.role, copying)

    def _unfit(self, bucket: str) -> str:
        if not self._objects.region(bucket):
            return "DstBucketNotFound"
        return "" if self._objects.is_versioned(bucket) else "DstBucketUnversioned"

    def _copy(self, task: Task, source: ObjectVersion) -> None:
        bucket = task.wanted.destination
        if task.kind == "object":
            kms_key = task.wanted.kms_key if source.encryption.startswith(KMS) else ""
            self._objects.copy(source, bucket, task.wanted.storage_class, kms_key)
        elif task.kind == "marker":
            self._objects.copy_marker(source, bucket)
        elif (target := self._objects.find(bucket, task.key, task.version)) is not None:
            self._objects.copy_changes(source, target)
