"""A terminal of 80x24 with bash in it, and somebody who types and reads."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

ROWS, COLUMNS = 24, 80
SILENT_SECONDS = 240.0
"""After so long without a character a command hangs, or waits for an answer that the page does not announce."""
END_BYTES = 2000
"""Where a prompt or a question is looked for: the end of what is shown."""
PROMPTS = {"PS1": "@@$?@@ ", "PS2": "@@more@@ "}
PROMPT = re.compile(r"@@(?P<status>\d+|more)@@ $")
QUESTION = re.compile(r"(?:Type (?P<word>\S+) to go on|\[y/N\]): $")
"""What sbctl asks; the question itself says what is to be typed."""
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b[()][A-Z0-9]")
BASH = ("bash", "--norc", "--noprofile", "--noediting", "-i")
OWN_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)


class Terminal:
    """Bash on a pseudo-terminal. `shown` is all that it has shown, without colours."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.shown = ""
        self._keys, inside = pty.openpty()
        termios.tcsetwinsize(inside, (ROWS, COLUMNS))
        self._process = subprocess.Popen(
            [sys.executable, "-c", OWN_TERMINAL, *BASH],
            cwd=folder, env={**environment, **PROMPTS}, stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
        )  # fmt: skip
        os.close(inside)

    def __enter__(self) -> Terminal:
        self._read()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it: bash and what runs in it are hung up, as by a window that is closed."""
        os.close(self._keys)
        self._process.wait()

    def enter(self, line: str) -> tuple[int | None, str]:
        """Type a line and read to the next prompt: the exit status, None while bash wants more of a command, and what was shown."""
        seen = len(self.shown)
        self._send(line)
        while (found := PROMPT.search(self._read())) is None:
            asked = QUESTION.search(self.shown)
            assert asked is not None
            self._send(asked["word"] or "y")
        status = None if found["status"] == "more" else int(found["status"])
        return status, self.shown[seen : len(self.shown) - len(found[0])]

    def _send(self, line: str) -> None:
        os.write(self._keys, line.encode() + b"\n")
        self.shown += "\n"

    def _read(self) -> str:
        """All that is shown when bash or a question of sbctl waits for the next line."""
        raw = b""
        while True:
            ready, _, _ = select.select([self._keys], [], [], SILENT_SECONDS)
            assert ready, f"nothing more is shown for {SILENT_SECONDS:.0f} s after:\n{self.shown}{text(raw)}"
            try:
                raw += os.read(self._keys, 65536)
            except OSError as error:  # Linux: nobody is left at the other end
                raise AssertionError(f"the shell ended:\n{self.shown}{text(raw)}") from error
            end = text(raw[-END_BYTES:])
            if PROMPT.search(end) or QUESTION.search(end):
                self.shown += text(raw)
                return self.shown


def text(raw: bytes) -> str:
    """What is left to read of bytes for a terminal."""
    return ESCAPES.sub("", raw.decode("utf-8", "replace")).replace("\r\n", "\n")
