"""Functions for flows that wait: invoked beside the world's acts where its clock runs, within one where it stands still.

Connect's lock is never held meanwhile: the function may call Connect itself.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.running.contract import FunctionAnswered, FunctionRequest
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.time.scheduler import Entry

LOG = logging.getLogger("sbctl.sandbox")
AT_ONCE = 8
"""Functions that run side by side for all contacts; AWS's quota is 1,000, which no laptop carries."""
TRIES = 4
"""One and up to three retries of throttling and of Lambda's own errors.
https://docs.aws.amazon.com/connect/latest/adminguide/invoke-lambda-function-block.html"""
Answered = Callable[[FunctionAnswered], object]
FAILED = FunctionAnswered(error="NoMatchingError")
LATE = FunctionAnswered(error="TimeLimitExceeded")


class Functions:
    """Invokes functions and tells their answers, under Connect's lock."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._pool: ThreadPoolExecutor | None = None

    def ask(self, region: str, request: FunctionRequest, answered: Answered) -> list[Entry]:
        """Invoke; `answered` is called once at least, with the answer, or with a time-out first. The timers to be forgotten."""
        scheduler = self._ground.around.scheduler

        def run() -> None:
            self._tell(self._invoked(region, request), answered)

        if not self._ground.clock.speed:
            scheduler.at(self._ground.now(), run)  # it is late only by a clock that runs
            return []
        if self._pool is None:
            self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="connect-function")
        self._pool.submit(run)
        limit = request.seconds * max(1.0, self._ground.clock.speed)  # functions run in real time
        return [self._ground.after(limit, lambda: answered(LATE))]

    def close(self) -> None:
        """Invoke nothing any more."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def _tell(self, answer: FunctionAnswered, answered: Answered) -> None:
        with self._ground.resources.lock:
            try:
                answered(answer)
            except Exception:  # nobody else would hear of it in a pool's thread
                LOG.exception("a contact failed at a function's answer")

    def _invoked(self, region: str, request: FunctionRequest) -> FunctionAnswered:
        for left in reversed(range(TRIES)):
            try:
                payload, error = self._ground.around.invoke(region, request.arn, dict(request.event))
            except ApiError as refusal:
                if refusal.code == LATE.error:
                    return LATE
                if left and (refusal.status == 429 or refusal.status >= 500):
                    continue
                LOG.info("function %s: %s", request.arn, refusal)
                return FAILED
            except Exception:  # whatever the runner has: the flow takes its error branch
                LOG.exception("function %s could not be run", request.arn)
                return FAILED
            return FAILED if error else _read(payload)
        return FAILED


def _read(payload: bytes) -> FunctionAnswered:
    try:
        found: Any = json.loads(payload or b"null")
    except ValueError:
        return FAILED
    return FunctionAnswered(found)
