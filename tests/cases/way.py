"""The way of a request through the house: which files it is handed to, and whether any of them hands it back up."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import FrameType
from typing import Any

from sbctl.core.moving.run import Run
from sbctl.drills.context import DrillRun
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.prepare import Prepared
from sbctl.failover.mechanism import ActionContext

ROOT = Path(__file__).parents[2] / "sbctl"
REQUEST = (FailoverRequest, Prepared, Run, ActionContext, DrillRun)
"""What was asked for, and what it is made into on its way."""


@dataclass
class Way:
    """`files` in the order in which they were entered first; `climbs` as (from, to): a file called one that is waiting for it."""

    files: list[str] = field(default_factory=list)
    climbs: list[tuple[str, str]] = field(default_factory=list)
    stays: int = 0
    ended: bool = False
    _inside: list[str] = field(default_factory=list)

    def enter(self, file: str) -> None:
        """A function of a file is called with the request."""
        last = self._inside[-1] if self._inside else ""
        if file != last:
            self.stays += 1
            if file not in self.files:
                self.files.append(file)
            if file in self._inside:
                self.climbs.append((last, file))
        self._inside.append(file)

    def leave(self) -> None:
        """The function that was called last is done."""
        self._inside.pop()


def carrying(frame: FrameType) -> str:
    """The file, below sbctl/, of a function that was given the request; "" where there is none."""
    code = frame.f_code
    path = Path(code.co_filename)
    if ROOT not in path.parents or not code.co_flags & CO_OPTIMIZED:  # bodies of modules and classes are no functions
        return ""
    given = [frame.f_locals.get(name) for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]]
    name = path.relative_to(ROOT).as_posix()
    is_value = name.startswith(("core/", "store/"))  # the run itself, and the journal in which it is written down
    return name if not is_value and any(isinstance(one, REQUEST) for one in given) else ""


@contextmanager
def followed(until: Callable[[FrameType], bool]) -> Iterator[Way]:
    """Follow this thread from here until a frame is entered that `until` names."""
    way = Way()
    frames: list[FrameType] = []

    def hear(frame: FrameType, event: str, _argument: Any) -> None:
        if way.ended:
            return
        if event == "call":
            way.ended = until(frame)
            file = carrying(frame)
            if file and not way.ended:
                frames.append(frame)
                way.enter(file)
        elif event == "return" and frames and frames[-1] is frame:
            frames.pop()
            way.leave()

    sys.setprofile(hear)
    try:
        yield way
    finally:
        sys.setprofile(None)
