"""What doing one action comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sbctl.sandbox.connect.running.context import Frame
from sbctl.sandbox.connect.running.contract import Waiting

NO_MATCH = "NoMatchingCondition"
ERROR = "NoMatchingError"
TIMEOUT = "InputTimeLimitExceeded"
TOO_LATE = "TimeLimitExceeded"


@dataclass(frozen=True)
class Done:
    """It succeeded. With a `result` its conditions are asked; without one (None) the next action follows."""

    result: Any = None


@dataclass(frozen=True)
class Asked:
    """It looked at a value, which may be none (None): its conditions are asked in either case."""

    value: Any


@dataclass(frozen=True)
class Failed:
    """It failed: the branch of this error follows."""

    error: str = ERROR
    why: str = ""


@dataclass(frozen=True)
class Paused:
    """It waits for an event."""

    turn: Waiting


@dataclass(frozen=True)
class Moved:
    """Another flow runs in place of this one, or a module until it returns."""

    frame: Frame


@dataclass(frozen=True)
class Over:
    """The flow, or the module with what invoked it, is over. `goes_on`: an `Elapsed` may take it up again at the next action."""

    how: Literal["disconnect", "end", "queued", "third-party", "dial", "error"]
    why: str = ""
    goes_on: bool = False


@dataclass(frozen=True)
class Returned:
    """A module returns to what invoked it, with a result ("" for none) and data."""

    result: str = ""
    data: Any = None


Outcome = Done | Asked | Failed | Paused | Moved | Over | Returned
