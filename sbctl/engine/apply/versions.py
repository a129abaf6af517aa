"""What was deployed becomes a version, where AWS keeps versions; where it refuses that, a deploy says so once and goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.spec import Spec
from sbctl.core.plan import Step
from sbctl.core.problem import Exit, Problem
from sbctl.core.state import Record
from sbctl.core.text.counted import counted


@dataclass
class Versions:
    """Keeps versions during one run. Thread-safe."""

    aws: AwsCalls
    _refused: list[tuple[str, AwsError]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(
        self,
        kind: Kind[Any, Any],
        region: str,
        step: Step,
        record: Record,
        live: Live[Any],
        applied: Spec,
        *,
        new: bool,
    ) -> None:
        """Keep what a step has just applied. `new`: the run has made the resource itself.

        Raises AwsError where the region no longer answers: the next run finds the step unfinished and does this again.
        """
        if not kind.versioned or getattr(applied, kind.versioned) is None or not _is_of_note(kind, step, record):
            return
        try:
            kind.keep_version(self.aws, region, live, applied, new=new)
        except AwsError as error:
            if error.unreachable or error.throttled:
                raise
            with self._lock:
                self._refused.append((step.address, error))

    def notes(self) -> Iterator[Problem]:
        """One note for each way in which AWS refused."""
        codes = sorted({error.code for _, error in self._refused})
        for code in codes:
            found = sorted(
                ((address, error) for address, error in self._refused if error.code == code), key=lambda one: one[0]
            )
            yield Problem(
                code="no-version",
                summary="AWS made no version of what was deployed",
                detail=f"{counted(len(found), 'resource')}, first {found[0][0]}: {found[0][1]}",
                fix="Nothing is missing in the deployment. A rollback uses the contents that the state keeps.",
                exit=Exit.DONE,
            )


def _is_of_note(kind: Kind[Any, Any], step: Step, record: Record) -> bool:
    """Whether the step made or changed what versions are kept of, or goes on with one that may have."""
    if step.action in ("create", "replace"):
        return True
    changed = any(change.field == kind.versioned for change in step.changes)
    return changed or (step.action == "adopt" and record.origin == "created")
