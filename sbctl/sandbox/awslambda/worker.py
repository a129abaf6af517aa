"""One execution environment: a process that holds a function's code and runs one event at a time."""

from __future__ import annotations

import json
import os
import select
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.awslambda.processes import started
from sbctl.sandbox.time.clock import WorldClock

LOG_BYTES = 4096
"""How much of the log an answer carries: the last 4 KB.
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#lambda-Invoke-response-LogResult"""
LOG_SECONDS = 1.0
STANDING_SECONDS = 120.0
"""The least that a run may take while the world's clock stands."""
START_SECONDS = 10.0
"""What a cold start may take on top of the time-out, as Lambda's own limit of the init phase."""


@dataclass(frozen=True)
class InvocationOutcome:
    """What came of one event. `error` is Lambda's FunctionError, "" when the handler returned."""

    payload: bytes
    error: str
    log: bytes


class Worker:
    """A process, used by one thread at a time. It ends when it is closed, or with the sandbox."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        theirs_in, self._requests = os.pipe()
        self._answers, theirs_out = os.pipe()
        log, theirs_log = os.pipe()
        self._log = bytearray()
        self._logged = threading.Condition()
        self._warm = False
        self._buffer = b""
        try:
            self._process = started(environment, theirs_in, theirs_out, theirs_log)
        except OSError:
            for own in (self._requests, self._answers, log):
                os.close(own)
            raise
        finally:
            for theirs in (theirs_in, theirs_out, theirs_log):
                os.close(theirs)
        threading.Thread(target=self._read_log, args=(log,), name="function-log", daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it can take another event."""
        return self._process.alive

    def run(self, arn: str, request_id: str, event: Any, seconds: float, clock: WorldClock) -> InvocationOutcome:
        """Hand over one event and wait for its answer; the process is killed at the time-out, which is of real time.

        Where the world's clock stands it is long: what a run sees then must not depend on how busy the machine is.
        """
        request: dict[str, Any] = {"arn": arn, "id": request_id, "event": event, "seconds": seconds}
        request |= {"now": clock.seconds(), "speed": clock.speed}
        allowed = seconds if self._warm else seconds + START_SECONDS
        allowed = allowed if clock.speed else max(allowed, STANDING_SECONDS)
        self._warm = True
        try:
            os.write(self._requests, json.dumps(request).encode() + b"\n")
            line = self._line(allowed)
        except BrokenPipeError:
            line = b""
        if line is None:
            self.close()
            return self._failed(f"{request_id} Task timed out after {seconds:.2f} seconds", "Sandbox.Timedout")
        if not line:
            self.close()
            text = f"RequestId: {request_id} Error: Runtime exited without providing a reason"
            return self._failed(text, "Runtime.ExitError")
        found = json.loads(line)
        log = self._tail(f"END RequestId: {request_id}".encode())
        if "error" in found:
            return InvocationOutcome(json.dumps(found["error"]).encode(), "Unhandled", log)
        return InvocationOutcome(found["payload"].encode(), "", log)

    def close(self) -> None:
        """End the process."""
        self._process.end()
        for descriptor in (self._requests, self._answers):
            if descriptor >= 0:
                os.close(descriptor)
        self._requests = self._answers = -1

    def _failed(self, message: str, kind: str) -> InvocationOutcome:
        payload = json.dumps({"errorType": kind, "errorMessage": message}).encode()
        return InvocationOutcome(payload, "Unhandled", self._tail())

    def _line(self, seconds: float) -> bytes | None:
        """The next answer; b"" when the process ended, None when there is none in time."""
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self._answers], [], [], seconds)
            if not ready:
                return None
            chunk = os.read(self._answers, 65536)
            if not chunk:
                return b""
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _read_log(self, log: int) -> None:
        with os.fdopen(log, "rb") as stream:
            for line in stream:
                with self._logged:
                    self._log += line
                    self._logged.notify_all()

    def _tail(self, until: bytes = b"") -> bytes:
        """What was printed since the last event, once `until` is among it: the pipe of the log is not that of answers."""
        with self._logged:
            self._logged.wait_for(lambda: until in self._log, timeout=LOG_SECONDS)
            found = bytes(self._log[-LOG_BYTES:])
            self._log.clear()
        return found
