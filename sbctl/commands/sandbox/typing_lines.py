"""Lines that are typed on a terminal while something else goes on."""

from __future__ import annotations

import queue
import sys
import threading


class TypedLines:
    """Reads stdin in a thread of its own, which ends with the process."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, name="keyboard", daemon=True).start()

    def line(self, seconds: float | None) -> str | None:
        """The next line; None when none comes in time. Raises EOFError when stdin has ended."""
        try:
            found = self._lines.get(timeout=seconds) if seconds != 0.0 else self._lines.get_nowait()
        except queue.Empty:
            return None
        if found is None:
            self._lines.put(None)
            raise EOFError
        return found

    def _read(self) -> None:
        try:
            for line in sys.stdin:
                self._lines.put(line.rstrip("\r\n"))
        except (OSError, ValueError):  # closed, or no text: nobody types any more
            pass
        self._lines.put(None)
