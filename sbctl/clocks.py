"""The clocks that a run is given: time as it passes, and the sandbox's, by which a run waits when it talks to the sandbox."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from sbctl.core.clock import Clock

SLICE_SECONDS = 0.5
"""Of real time: how often a long wait looks whether somebody has advanced the sandbox's clock."""
ANSWER_SECONDS = 5.0
STANDING_SECONDS = 0.005
"""Of real time, that a clock which stands is believed to stand still: it is not moved while somebody asks anything."""
TOKEN_HEADER = "X-Sbctl-Token"
WAIT_SECONDS = 600.0
"""Of real time, for a wait by a clock that stands: a day of health checks on the way is a minute of real work."""


class RealClock:
    """Time as it passes."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(frozen=True)
class WorldTime:
    """What the sandbox's clock shows, and how many times as fast as real time it runs."""

    now: datetime
    speed: float


def _stands(seconds: float) -> WorldTime:
    raise ValueError(f"a clock that stands cannot be waited for, {seconds} s")


class SandboxClock:
    """Sleeps by the sandbox's clock: as long as its world takes, and no longer when somebody advances it meanwhile.

    What it shows is real time: stamps are compared with those of other runs, and a deadline must not pass because a clock
    was advanced. `read` asks the sandbox; when it does not answer, the wait goes on at the last known speed. A sandbox whose
    clock stands (speed 0) is asked to move it: `wait` returns when it has gone on by so many seconds.
    """

    def __init__(
        self, real: Clock, read: Callable[[], WorldTime], wait: Callable[[float], WorldTime] = _stands
    ) -> None:
        self._real = real
        self._read = read
        self._wait = wait
        self._speed = 1.0

    def now(self) -> datetime:
        return self._real.now()

    def monotonic(self) -> float:
        return self._real.monotonic()

    def sleep(self, seconds: float) -> None:
        self.waited(seconds)

    def waited(self, seconds: float) -> WorldTime | None:
        """Sleep; what a sandbox whose clock stands says of its time then."""
        begun = self._asked() if self._speed else None
        if not self._speed:
            return self._moved(seconds)
        left = seconds
        while left > 0:
            whole = left / self._speed
            self._real.sleep(min(whole, SLICE_SECONDS))
            if whole <= SLICE_SECONDS:
                break
            seen = self._asked()
            passed = SLICE_SECONDS * self._speed
            left = seconds - (seen - begun).total_seconds() if seen and begun else left - passed
        return None

    @property
    def stands(self) -> bool:
        """Whether the sandbox's clock moves only when somebody waits for it."""
        return not self.speed()

    def speed(self) -> float:
        """How many times as fast as real time the sandbox's clock runs; as last known, where the sandbox does not answer."""
        self._asked()
        return self._speed

    def _moved(self, seconds: float) -> WorldTime | None:
        try:
            found = self._wait(seconds)
        except (OSError, ValueError, KeyError):
            self._real.sleep(SLICE_SECONDS)  # it may be gone, and whoever waits must not ask without a pause
            return None
        self._speed = found.speed  # it may be another one by now, whose clock runs
        return found

    def _asked(self) -> datetime | None:
        try:
            found = self._read()
        except (OSError, ValueError, KeyError):
            return None
        self._speed = found.speed
        return found.now


class WorldClock:
    """The world's time: what the sandbox's clock shows, and real time where there is no sandbox to ask.

    Figures that a failover or a replication check reports are on this clock; a sandbox may run fast. What the sandbox said
    is believed for `believed` seconds of real time and carried on at its speed: many threads look at the clock many times
    a second, and asking would slow down what they measure. Thread-safe.
    """

    def __init__(
        self, waiting: SandboxClock, real: Clock, read: Callable[[], WorldTime], believed: float = 0.0
    ) -> None:
        self._waiting = waiting
        self._real = real
        self._read = read
        self._believed = believed
        self._lock = threading.Lock()
        self._asking = False
        self._last: tuple[WorldTime, float] | None = None
        self._begun = self.now()
        self._highest = 0.0

    def now(self) -> datetime:
        """As the sandbox says; when it does not answer, its last word and what passed since at its last known speed.

        What stood goes on as real time does then.
        """
        if self._is_mine_to_ask():
            self._ask()
        last = self._last
        if last is None:
            return self._real.now()
        found, at = last
        return found.now + timedelta(seconds=(self._real.monotonic() - at) * found.speed)

    def monotonic(self) -> float:
        passed = (self.now() - self._begun).total_seconds()
        with self._lock:
            # two answers may disagree by the time that they were on their way
            self._highest = max(self._highest, passed)
            return self._highest

    def _is_mine_to_ask(self) -> bool:
        """Whether it is time to ask again and nobody does: meanwhile the others go by the last answer."""
        with self._lock:
            last = self._last
            due = last is None or self._real.monotonic() - last[1] >= self._believed_of(last[0])
            mine = due and not (self._asking and self._last is not None)
            self._asking = self._asking or mine
            return mine

    def _believed_of(self, said: WorldTime) -> float:
        return self._believed if said.speed else min(self._believed, STANDING_SECONDS)

    def _ask(self) -> None:
        asked = self._real.monotonic()
        try:
            found = self._read()
            # the sandbox looked at its clock somewhere between question and answer
            self._last = found, (asked + self._real.monotonic()) / 2
        except (OSError, ValueError, KeyError):
            if self._last is not None and not self._last[0].speed:
                # nobody moves it any more, and what has a deadline must end
                self._last = replace(self._last[0], speed=1.0), asked
        finally:
            self._asking = False

    def sleep(self, seconds: float) -> None:
        told = self._waiting.waited(seconds)
        if told is not None:
            self._last = told, self._real.monotonic()


class ExactClock:
    """The sandbox's clock as it is at this instant, asked each time: for what a connection cost, where the clock stands."""

    def __init__(self, real: Clock, read: Callable[[], WorldTime]) -> None:
        self._real = real
        self._read = read

    def now(self) -> datetime:
        """Real time where the sandbox does not answer."""
        try:
            return self._read().now
        except (OSError, ValueError, KeyError):
            return self._real.now()

    def monotonic(self) -> float:
        return self.now().timestamp()

    def sleep(self, seconds: float) -> None:
        self._real.sleep(seconds)


def read_world_time(endpoint: str, token: str) -> WorldTime:
    """What the sandbox at an endpoint says to those who have the token of its note.

    Raises OSError, ValueError or KeyError when it says nothing."""
    return _asked(endpoint, token, "GET", "status", "", ANSWER_SECONDS)


def wait_world_time(endpoint: str, token: str, seconds: float) -> WorldTime:
    """Wait until the clock of the sandbox at an endpoint has gone on by so many seconds. Raises as `read_world_time` does."""
    return _asked(endpoint, token, "POST", "wait", json.dumps({"seconds": seconds}), WAIT_SECONDS)


def _asked(endpoint: str, token: str, method: str, action: str, body: str, patience: float) -> WorldTime:
    from http.client import HTTPConnection, HTTPException  # TLS with it, which most commands need not load

    connection = HTTPConnection(urlsplit(endpoint).netloc, timeout=patience)
    try:
        connection.request(method, f"/_sandbox/{action}", body or None, {TOKEN_HEADER: token})
        found = json.loads(connection.getresponse().read())
    except HTTPException as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    return WorldTime(datetime.fromisoformat(found["time"]), float(found["speed"]))
