"""A screen that is drawn anew until somebody presses Ctrl-C; off a terminal, one drawing after the other."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import RenderableType
from rich.live import Live

from sbctl.ui.console import out


class Watch:
    """`show` replaces what was shown before. On a terminal it stands in the alternate screen, so nothing scrolls away."""

    def __init__(self) -> None:
        self._live = Live(console=out(), screen=True, auto_refresh=False) if sys.stdout.isatty() else None

    def __enter__(self) -> Watch:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, drawing: RenderableType) -> None:
        if self._live is not None:
            self._live.update(drawing, refresh=True)
        else:
            out().print(drawing)
