"""A screen that is drawn anew until somebody presses Ctrl-C; off a terminal, one drawing after the other."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from sbctl.core.events import Event, PairMeasured, PairStarted
from sbctl.ui.console import out, plain
from sbctl.ui.streams import unread

if TYPE_CHECKING:
    from types import TracebackType


def watched() -> bool:
    """Whether somebody still reads what is drawn again and again."""
    return not unread(sys.stdout) and not unread(sys.stderr)


class Watch:
    """`show` replaces what was shown before; below it stands what is being waited for, told to `hear` as it happens.

    On a terminal it has the alternate screen, so nothing scrolls away. `shown` False draws nothing at all.
    """

    def __init__(self, *, shown: bool = True) -> None:
        self._shown = shown
        self._lock = threading.Lock()
        self._drawing: RenderableType = Text()
        self._awaited: dict[str, None] = {}
        on_screen = shown and sys.stdout.isatty()
        self._live = Live(console=out(), screen=True, get_renderable=self._draw) if on_screen else None

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
        """Put up the result of another round."""
        with self._lock:
            self._drawing = drawing
        if self._live is None and self._shown:
            out().print(drawing)

    def hear(self, event: Event) -> None:
        """Take note of pairs that are waited for."""
        with self._lock:
            match event:
                case PairStarted(subject, source, target):
                    self._awaited[f"{subject} {source} → {target}"] = None
                case PairMeasured(subject, source, target, _):
                    self._awaited.pop(f"{subject} {source} → {target}", None)

    def _draw(self) -> RenderableType:
        with self._lock:
            pairs = list(self._awaited)
            more = f" and {len(pairs) - 1} more" if len(pairs) > 1 else ""
            said = f"waiting for {pairs[0]}{more}" if pairs else "Ctrl-C ends"
            return Group(self._drawing, plain(said, "quiet"))
