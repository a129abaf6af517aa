"""The program of a function's own process: imports the handler once, then answers one event after the other.

Started with the file descriptors of requests and answers, one JSON object a line each way. What the handler prints goes to
the process's own output, which is the function's log. Uses the standard library alone
and imports nothing of the sandbox; zygote.py runs it in a process that it has forked.
"""

from __future__ import annotations

import importlib
import json
import os
import queue  # noqa: F401 - with threading, before the world's time is installed: their time-outs are of real time
import socket
import sys
import time
import traceback
from concurrent import futures
from typing import Any

REAL = time.monotonic
STANDING_SLACK = 60.0
"""How much longer a second of a handler's is while the world's clock stands."""


class WorldTime:
    """The sandbox's time in place of this machine's, for handlers that ask the time module: what is kept for five seconds is old
    after five of the world's. Within an event it runs as fast as the world's clock, and at least as fast as real time; while that
    stands, as much slower as time-outs are longer."""

    def __init__(self) -> None:
        self._real = time.monotonic
        self._seconds, self._rate, self._since = time.time(), 1.0, self._real()
        self._shown = 0.0

    def set(self, seconds: float, speed: float) -> None:
        """An event begins at this time of the world, in seconds since the epoch."""
        rate = max(1.0, speed) if speed else 1.0 / STANDING_SLACK
        self._seconds, self._rate, self._since = seconds, rate, self._real()

    def seconds(self) -> float:
        """Seconds since the epoch; never less than before."""
        self._shown = max(self._shown, self._seconds + (self._real() - self._since) * self._rate)
        return self._shown

    def install(self) -> None:
        """For handlers, and libraries that look when they are called; what took its clock before keeps real time."""
        time.time, time.monotonic = self.seconds, self.seconds
        time.time_ns = time.monotonic_ns = lambda: int(self.seconds() * 1e9)


class Slack:
    """Longer time-outs for handlers while the world's clock stands: a busy machine must not look like an AWS that is silent.

    The sandbox itself ends what hangs then.
    """

    def __init__(self) -> None:
        self._times = 1.0

    def set(self, speed: float) -> None:
        """An event begins while the world's clock runs so fast."""
        self._times = 1.0 if speed else STANDING_SLACK

    def install(self) -> None:
        """For sockets, and for those who wait for what other threads have in hand; not for pauses."""
        settimeout, wait, result = socket.socket.settimeout, futures.wait, futures.Future.result

        def standard(of: Any, timeout: float | None = None, **how: Any) -> Any:
            return wait(of, self._long(timeout), **how)

        socket.socket.settimeout = lambda of, value: settimeout(of, self._long(value))  # type: ignore[method-assign]
        futures.Future.result = lambda of, timeout=None: result(of, self._long(timeout))  # type: ignore[method-assign,assignment]
        futures.wait = standard  # type: ignore[assignment]

    def _long(self, seconds: float | None) -> float | None:
        return None if seconds is None else seconds * self._times


class Context:
    """What a handler gets beside the event. https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, request: dict[str, Any]) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.invoked_function_arn = request["arn"]
        self.aws_request_id = request["id"]
        self.identity = None
        self.client_context = None
        self._until = REAL() + request["seconds"]

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the time-out."""
        return max(0, int((self._until - REAL()) * 1000))


def load(handler: str) -> Any:
    """The function that a handler setting such as "package/module.function" names."""
    module, _, function = handler.rpartition(".")
    return getattr(importlib.import_module(module.replace("/", ".")), function)


def failed(error: BaseException, request_id: str) -> dict[str, Any]:
    """An unhandled error as Lambda answers it."""
    frames = traceback.format_exception(error)[1:-1]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": frames,
    }


def answer(function: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Run one request."""
    try:
        return {"payload": json.dumps(function(request["event"], Context(request)))}
    except BaseException as error:  # noqa: BLE001 - whatever a handler raises, SystemExit too, is its answer
        traceback.print_exc()
        return {"error": failed(error, request["id"])}


def log(line: str) -> None:
    """A line of the platform's own in the log, after all that the handler printed."""
    sys.stderr.flush()
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until the requests end."""
    requests = os.fdopen(int(sys.argv[1]), "rb")
    answers = os.fdopen(int(sys.argv[2]), "wb", buffering=0)
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    begun: dict[str, Any] = {}
    world, slack = WorldTime(), Slack()
    world.install()
    slack.install()
    function: Any = None
    try:
        function = load(os.environ["_HANDLER"])
    except BaseException as error:  # noqa: BLE001 - reported as the answer to every event, as Lambda does
        traceback.print_exc()
        begun = {"error": failed(error, "")}
    for line in requests:
        request = json.loads(line)
        world.set(request["now"], request["speed"])
        slack.set(request["speed"])
        log(f"START RequestId: {request['id']} Version: $LATEST")
        found = begun or answer(function, request)
        log(f"END RequestId: {request['id']}")
        answers.write(json.dumps(found).encode() + b"\n")


if __name__ == "__main__":
    main()
