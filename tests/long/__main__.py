"""`make test-long`: the long stages one after another, or a share of each; prints its seed first and a table last."""

from __future__ import annotations

import argparse
import random
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.long.browser import BROWSER, WHY_NONE
from tests.long.run import ROOT, Ended, run
from tests.long.stages import STAGES
from tests.long.table import as_line, table
from tests.run.memory import temporary_files_in_memory

INTERRUPTED = 130


def main() -> int:
    """Exit code 1 when anything was wrong."""
    chosen = _arguments()
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(2**32)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = datetime.now(UTC)
    _say(f"seed {seed}, share {chosen.share:g}")
    if BROWSER is None:
        _say(f"the test of web pages is skipped, since there is {WHY_NONE}")
    ended: list[Ended] = []
    left: list[str] = []
    try:
        with temporary_files_in_memory(left=left.append):
            _stages(chosen, seed, ended.append)
    except KeyboardInterrupt:
        _say("interrupted: stages that are not in the table did not end")
        return INTERRUPTED
    finally:
        for line in table(ended):
            _say(line)
        for command in left:
            _say(f"a stage left this process behind; it was ended: {command}")
    if chosen.json:
        with chosen.json.open("a", encoding="utf-8") as lines:
            lines.write(as_line(started, chosen.share, seed, ended))
    return int(bool(left) or any(one.wrong for one in ended))


def _stages(chosen: argparse.Namespace, seed: int, note: Callable[[Ended], None]) -> None:
    folder = ROOT / "build" / "long"
    folder.mkdir(parents=True, exist_ok=True)
    stages = [stage for stage in STAGES if not chosen.only or stage.name in chosen.only]
    for number, stage in enumerate(stages, 1):
        task = stage.task(chosen.share, seed)
        say = partial(_say, at=f"[{number}/{len(stages)}] ")
        done = run(stage, task, folder, say)
        say(f"{stage.name}: {done.tried} tried, {done.wrong} wrong, {done.seconds:.0f} s")
        note(done)


def _say(text: str, at: str = "") -> None:
    """A line, at once. What a stage printed may hold bytes that are no text for this terminal."""
    sys.stdout.write(at + text.encode("ascii", "backslashreplace").decode() + "\n")
    sys.stdout.flush()


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError("more than 0, at most 1")
    return share


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.long", description=__doc__)
    parser.add_argument("--share", type=_share, default=1.0, help="part of the whole: more than 0, at most 1")
    parser.add_argument("--seed", type=int, default=None, help="of an earlier run, to try the same")
    parser.add_argument(
        "--only", action="append", choices=[stage.name for stage in STAGES], help="repeatable; default: all"
    )
    parser.add_argument(
        "--json", type=Path, default=None, metavar="FILE", help="append the figures as one line of JSON"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
