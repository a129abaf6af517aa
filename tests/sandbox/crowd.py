"""Many sbctl processes at once: `python -m tests.sandbox.crowd N FOLDER ARGUMENTS...` runs N of them and tells their ends.

Each is a process of its own, forked when everything is imported, so that twenty of them do not take a minute to start. What
each prints goes to FOLDER/PID.json; as each ends, a line says its process id and its exit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from sbctl import main
from sbctl.core.kinds.discover import discover


def run_one(folder: Path, arguments: list[str]) -> None:
    """What a child does: be sbctl, with its output in a file."""
    for stream, name in ((1, f"{os.getpid()}.json"), (2, f"{os.getpid()}.err")):
        os.dup2(os.open(folder / name, os.O_CREAT | os.O_WRONLY, 0o600), stream)
    sys.argv = ["sbctl", *arguments]
    code = 70
    try:
        main.main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


def run_all(number: int, folder: Path, arguments: list[str]) -> Iterator[tuple[int, int]]:
    """Process id and exit code of each, as it ends; negative is the signal that ended it."""
    for _ in range(number):
        if os.fork() == 0:
            run_one(folder, arguments)
    for _ in range(number):
        child, status = os.wait()
        yield child, os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    discover("sbctl.resources", "RESOURCE")
    __import__("sbctl.commands.deploy.deploy")
    for pid, code in run_all(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]):
        sys.stdout.write(f"{pid} {code}\n")
        sys.stdout.flush()
