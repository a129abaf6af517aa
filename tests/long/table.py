"""What came of all stages: for people, and as a line of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

from tests.long.run import Ended


def table(ended: Sequence[Ended]) -> Iterator[str]:
    """Lines; what wrong stages said last; the last line counts stages, as pytest counts tests."""
    yield f"{'stage':<24}{'share':>8}{'tried':>10}{'wrong':>8}{'seconds':>10}"
    for one in ended:
        yield f"{one.name:<24}{one.share:>8.3g}{one.tried:>10}{one.wrong:>8}{one.seconds:>10.1f}"
    failed = sum(bool(one.wrong) for one in ended)
    yield f"{'all':<42}{sum(one.wrong for one in ended):>8}{sum(one.seconds for one in ended):>10.1f}"
    for one in ended:
        yield from (f"{one.name}: {line}" for line in one.said)
    yield f"long: {len(ended) - failed} passed, {failed} failed"


def as_line(started: datetime, share: float, seed: int, ended: Sequence[Ended]) -> str:
    """One run as one line of JSON."""
    figures = {"started": started.isoformat(timespec="seconds"), "seed": seed, "share": share}
    return json.dumps({**figures, "stages": [asdict(one) for one in ended]}) + "\n"
