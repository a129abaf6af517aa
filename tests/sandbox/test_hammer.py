"""A short stroke of the hammer: many threads on all services at once get no failure of the sandbox itself."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

BENCH = Path(__file__).parent.parent.parent / "bench"
SERVICES = {"cloudwatch", "connect", "dns", "dynamodb", "iam", "lambda", "route53", "s3", "sns", "sqs", "sts"}
MOST_STROKES = 10
"""A busy machine does less in each."""


def asked(answers: Iterable[str]) -> set[str]:
    """The services of answers by their names."""
    return {name.split()[0] for name in answers}


def test_twenty_threads_get_no_failure() -> None:
    """Strokes of three seconds until each service had its turn: every answer is one of AWS's, none a 5xx, a SERVFAIL or a
    broken connection.
    """
    sys.path.insert(0, str(BENCH))
    try:
        from hammer import hammer
    finally:
        sys.path.remove(str(BENCH))
    with hammer(threads=20) as struck:
        for _ in range(MOST_STROKES):
            struck.strike(3.0)
            if asked(struck.answers) >= SERVICES:
                break
    assert asked(struck.answers) >= SERVICES
    assert dict(struck.failures) == {}
