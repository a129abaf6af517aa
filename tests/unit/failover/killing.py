"""The end of a process at any line of its journal."""

from __future__ import annotations

from typing import Any

from sbctl.core.moving.run import Run
from sbctl.store.runs.store import RunStore


class Killed(BaseException):
    """The process ends here."""


class Dying:
    """A journal that ends the process at its n-th line, before or after it is written."""

    def __init__(self, inner: RunStore, at: int, *, written: bool) -> None:
        self.inner, self.left, self.written = inner, at, written

    def add(self, run: Run, what: Any, move: str = "", **data: Any) -> Run:
        self.left -= 1
        if self.left == 0 and not self.written:
            raise Killed
        run = self.inner.add(run, what, move, **data)
        if self.left == 0:
            raise Killed
        return run

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)
