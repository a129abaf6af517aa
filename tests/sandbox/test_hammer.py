"""A short stroke of the hammer: many threads on all services at once get no failure of the sandbox itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent.parent / "bench"
SERVICES = {"cloudwatch", "connect", "dns", "dynamodb", "iam", "lambda", "route53", "s3", "sns", "sqs", "sts"}


@pytest.mark.served
def test_twenty_threads_get_no_failure() -> None:
    """Three seconds of whatever comes: every answer is one of AWS's, none a 5xx, a SERVFAIL or a broken connection."""
    sys.path.insert(0, str(BENCH))
    try:
        from hammer import hammer
    finally:
        sys.path.remove(str(BENCH))
    with hammer(threads=20) as struck:
        struck.strike(3.0)
    assert {name.split()[0] for name in struck.answers} >= SERVICES
    assert dict(struck.failures) == {}
