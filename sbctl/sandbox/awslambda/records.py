"""What the sandbox knows of a function beside moto: its states on the world's clock, its revision, its package.

https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.time.clock import WorldClock

PENDING_SECONDS = 4.0
"""From CreateFunction to Active."""
UPDATE_SECONDS = 2.0
"""From an update to LastUpdateStatus Successful."""
BUSY = "The operation cannot be performed at this time."
CREATING = "The function is being created."
KEPT = ("DeadLetterConfig", "EphemeralStorage", "FileSystemConfigs", "KMSKeyArn", "LoggingConfig", "TracingConfig")
"""Settings that moto does not change, or does not have."""
STATES = (
    "State",
    "StateReason",
    "StateReasonCode",
    "LastUpdateStatus",
    "LastUpdateStatusReason",
    "LastUpdateStatusReasonCode",
)


@dataclass
class Record:
    """One function. `package` is the zip as it was uploaded; times are the world clock's seconds."""

    active_at: float
    package: bytes
    updated_at: float = 0.0
    modified: str = ""
    revision: str = field(default_factory=lambda: str(uuid4()))
    settings: dict[str, Any] = field(default_factory=dict)
    failure: str = ""
    """Why it does not become active; it can only be deleted."""

    def keep(self, params: Mapping[str, Any]) -> None:
        """Keep those settings of a request that moto would lose."""
        self.settings.update({name: params[name] for name in KEPT if name in params})

    def states(self, now: float) -> dict[str, str]:
        """The members that tell what Lambda is still busy with."""
        if now < self.active_at:
            return {"State": "Pending", "StateReason": CREATING, "StateReasonCode": "Creating"}
        if self.failure:
            return {"State": "Failed", "StateReason": self.failure, "StateReasonCode": "InternalError"}
        if now < self.updated_at:
            return {"State": "Active", "LastUpdateStatus": "InProgress", "LastUpdateStatusReason": CREATING}
        return {"State": "Active", "LastUpdateStatus": "Successful"}

    def refuse_busy(self, arn: str, now: float) -> None:
        """Raise ApiError while the function is being made or updated."""
        if now < self.active_at:
            state = "The function is currently in the following state: Pending"
            raise ApiError("ResourceConflictException", f"{BUSY} {state}", 409)
        if self.failure:
            state = "The function is currently in the following state: Failed"
            raise ApiError("ResourceConflictException", f"{BUSY} {state}", 409)
        if now < self.updated_at:
            message = f"{BUSY} An update is in progress for resource: {arn}"
            raise ApiError("ResourceConflictException", message, 409)

    def refuse_stale(self, params: Mapping[str, Any]) -> None:
        """Raise ApiError when the request was made for another revision."""
        if params.get("RevisionId") not in (None, self.revision):
            message = (
                "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to "
                "retrieve the latest RevisionId"
            )
            raise ApiError("PreconditionFailedException", message, 412)


class Records:
    """The functions of one account by region and name. Not thread-safe: its users hold a lock."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._of: dict[tuple[str, str], Record] = {}

    def clear(self) -> None:
        self._of.clear()

    def taken(self) -> Any:
        """All of them, to be kept."""
        return self._of

    def restore_state(self, state: Any) -> None:
        """What was kept."""
        self._of = state

    def get(self, region: str, name: str) -> Record | None:
        return self._of.get((region, name))

    def start(self, region: str, name: str, package: bytes) -> Record:
        """A new function, pending."""
        record = Record(self._clock.seconds() + PENDING_SECONDS, package, modified=self._moment())
        self._of[(region, name)] = record
        return record

    def updated(self, record: Record) -> None:
        """An update of a function has begun."""
        record.updated_at = self._clock.seconds() + UPDATE_SECONDS
        record.revision = str(uuid4())
        record.modified = self._moment()

    def forget(self, region: str, name: str) -> None:
        self._of.pop((region, name), None)

    def _moment(self) -> str:
        return self._clock.now().strftime("%Y-%m-%dT%H:%M:%S.000+0000")
