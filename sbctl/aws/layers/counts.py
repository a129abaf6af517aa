"""Count every request, by service and operation, tell listeners, and write one line a call to an audit log."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sbctl.aws.layers.audit import AuditLog
from sbctl.core.actor import Actor
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import Clock
from sbctl.core.events import CallMade, Listener
from sbctl.core.problem import Problem, SbctlError

CALLER = "GetCallerIdentity"


class Counts:
    """How many requests went out. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: Counter[tuple[str, str, str]] = Counter()

    def add(self, service: str, operation: str, region: str) -> None:
        with self._lock:
            self._made[(service, operation, region)] += 1

    def operations(self) -> frozenset[str]:
        """What was called, as kinds declare it: "connect:SearchQueues"."""
        with self._lock:
            return frozenset(f"{service}:{operation}" for service, operation, _ in self._made)

    def as_json(self) -> dict[str, Any]:
        """Total, by service, and by service and region."""
        with self._lock:
            made = dict(self._made)
        by_service: Counter[str] = Counter()
        by_region: dict[str, Counter[str]] = {}
        for (service, _, region), count in made.items():
            by_service[service] += count
            by_region.setdefault(region, Counter())[service] += count
        return {
            "total": sum(made.values()),
            "by_service": dict(sorted(by_service.items())),
            "by_region": {region: dict(sorted(found.items())) for region, found in sorted(by_region.items())},
        }


class CountedCalls:
    """A layer that counts, tells, and writes the audit log. Parameters are not logged: they may hold personal data.

    Whose credentials these are is noted from an answer that was asked for anyway.
    """

    def __init__(
        self,
        inner: AwsCalls,
        counts: Counts,
        clock: Clock,
        listen: Listener,
        audit: Path | None,
        actor: Actor | None = None,
        unlogged: Callable[[Problem], bool] | None = None,
    ) -> None:
        """`unlogged` is told why the log cannot be written, and says whether calls are made all the same."""
        self._inner = inner
        self._counts = counts
        self._clock = clock
        self._listen = listen
        self._audit = None if audit is None else AuditLog(audit)
        self._actor = actor
        self._unlogged = unlogged
        self._opened = False

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        if not self._opened:
            self._append("", "no call was made")
            self._opened = True
        self._counts.add(service, operation, region)
        begun = self._clock.monotonic()
        outcome, request = "ok", ""
        try:
            answer = self._inner.call(service, operation, region, **params)
            request = answer.get("ResponseMetadata", {}).get("RequestId", "")
            if self._actor is not None and operation == CALLER:
                self._actor.caller = str(answer.get("Arn", ""))
            return answer
        except AwsError as error:
            outcome, request = error.code, error.request_id
            raise
        finally:
            seconds = self._clock.monotonic() - begun
            self._listen(CallMade(service, operation, region, outcome, seconds))
            self._write(service, operation, region, outcome, request)

    def wait(self, seconds: float, reason: str) -> None:
        self._inner.wait(seconds, reason)

    def _write(self, service: str, operation: str, region: str, outcome: str, request: str) -> None:
        line = {
            "time": self._clock.now().isoformat(),
            "call": f"{service}:{operation}",
            "region": region,
            "outcome": outcome,
            "request": request,
        }
        if self._actor is not None:
            line |= {"by": self._actor.by, "caller": self._actor.caller, "run": self._actor.run}
        self._append(json.dumps(line) + "\n", "the last call was made, its result is looked up by the next run")

    def _append(self, text: str, so_far: str) -> None:
        """Write to the audit log; with "" only try whether that is possible."""
        if self._audit is None:
            return
        try:
            self._audit.append(text)
        except OSError as error:
            problem = _unwritable(self._audit.path, error, so_far)
            if self._unlogged is None or not self._unlogged(problem):
                raise SbctlError(problem) from error


def _unwritable(path: Path, error: OSError, so_far: str) -> Problem:
    return Problem(
        code="audit-unwritable",
        summary="The audit log cannot be written",
        detail=f"{error.strerror or error}; {so_far}",
        at=str(path),
        fix="Make room or give write permission there, or choose another folder with --state; then run it again.",
    )
