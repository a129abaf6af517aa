"""What came of one run, read from what pytest said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

SUMMARY = re.compile(r"^=* ?((?:\d+ [a-z]+,? ?)+in [\d.]+s.*?)(?: =+)?$")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?::.+?)(?: - .*)?$")


@dataclass(frozen=True)
class Outcome:
    """One run of all tests. `load`: it had other work beside it. `summary` is pytest's last line."""

    started: str
    seed: int
    load: bool
    exit: int
    seconds: float
    summary: str
    failed: tuple[str, ...]

    def as_line(self) -> str:
        return json.dumps(asdict(self)) + "\n"


def summary_of(said: str) -> str:
    """Empty when pytest did not get that far."""
    found = [match[1] for line in said.splitlines() if (match := SUMMARY.match(line))]
    return found[-1] if found else ""


def failed_of(said: str) -> tuple[str, ...]:
    """The tests that failed, each once."""
    return tuple(dict.fromkeys(match[1] for line in said.splitlines() if (match := FAILED.match(line))))


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """All runs, a line each, with the failed tests below."""
    yield f"{'run':>4}{'seed':>12}{'load':>6}{'exit':>6}{'seconds':>9}  summary"
    for number, one in enumerate(outcomes, 1):
        load = "yes" if one.load else "no"
        yield f"{number:>4}{one.seed:>12}{load:>6}{one.exit:>6}{one.seconds:>9.0f}  {one.summary or 'no summary'}"
        yield from (f"      {name}" for name in one.failed)
    failed = sum(bool(one.exit) for one in outcomes)
    yield f"soak: {len(outcomes) - failed} passed, {failed} failed"
