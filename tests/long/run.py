"""One stage: its process, what it says meanwhile, and its figures at the end."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.long.figures import Figures
from tests.long.stages import Stage, Task
from tests.run.started import started

ROOT = Path(__file__).parents[2]
TELL_SECONDS = 30.0
LAST_LINES = 200
SHORT_LINES = 12
"""Of each wrong stage below the table: where only the end of a log is kept, what failed still stands there."""
NO_TESTS = 5
"""pytest's exit code when it has found none: no test is long, which is not wrong."""


@dataclass(frozen=True)
class Ended:
    """A stage that has ended."""

    name: str
    share: float
    tried: int
    wrong: int
    seconds: float
    said: tuple[str, ...] = ()
    """What one with something wrong said last, and the command that repeats it."""


def run(stage: Stage, task: Task, folder: Path, say: Callable[[str], None]) -> Ended:
    """Run a stage; `folder` gets what it says and its figures. A failure is told with all it takes to see it again."""
    say(f"{stage.name}, {task.share:.3g} of the whole: {stage.busy}")
    heard, report = folder / f"{stage.name}.txt", folder / f"{stage.name}.figures"
    report.unlink(missing_ok=True)
    begun = time.monotonic()
    code = _wait((*task.command, stage.figures, str(report)), heard, lambda: _tell(stage, heard, begun, say))
    figures = _figures(stage, report, code)
    said: tuple[str, ...] = ()
    if figures.wrong:
        repeat = f"{stage.name} is repeated by: {shown(task.command)}"
        lines = _lines(heard)
        say(f"{stage.name}: {figures.wrong} wrong, exit code {code}. It said:")
        for line in lines[-LAST_LINES:]:
            say(f"    {line}")
        say(repeat)
        said = (*lines[-SHORT_LINES:], repeat)
    return Ended(stage.name, task.share, figures.tried, figures.wrong, round(time.monotonic() - begun, 1), said)


def shown(command: Sequence[str]) -> str:
    """A command as it can be typed in the project's folder. Links stay: the interpreter of a virtual environment is one."""
    program = Path(command[0])
    near = program.relative_to(ROOT) if program.is_relative_to(ROOT) else program
    return shlex.join([str(near), *command[1:]])


def _wait(command: Sequence[str], heard: Path, tell: Callable[[], None]) -> int:
    """The exit code; says now and then that it still waits."""
    with started(command, ROOT, heard) as process:
        while True:
            try:
                return process.wait(TELL_SECONDS)
            except subprocess.TimeoutExpired:
                tell()


def _tell(stage: Stage, heard: Path, begun: float, say: Callable[[str], None]) -> None:
    last = next((line for line in reversed(_lines(heard)) if line.strip()), "nothing so far")
    say(f"  {stage.name} is at work for {time.monotonic() - begun:.0f} s; it last said: {last[:100]}")


def _lines(heard: Path) -> list[str]:
    return heard.read_text(encoding="utf-8", errors="backslashreplace").splitlines()


def _figures(stage: Stage, report: Path, code: int) -> Figures:
    """Those of the stage. One that failed without figures, or in spite of good ones, is wrong once."""
    try:
        found = stage.read(report)
    except (OSError, ValueError, KeyError):
        found = Figures(0, 1)
    failed = code not in ((0, NO_TESTS) if stage.figures == "--junitxml" else (0,))
    return Figures(found.tried, max(found.wrong, 1)) if failed else found
