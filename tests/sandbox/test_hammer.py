"""A short stroke of the hammer: many threads on all services at once get no failure of the sandbox itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent.parent / "bench"


@pytest.mark.served
def test_twenty_threads_get_no_failure() -> None:
    """Three seconds of whatever comes: every answer is one of AWS's, none a 5xx."""
    sys.path.insert(0, str(BENCH))
    try:
        from hammer import Hammer
        from server_rate import free_port, prepare, running
    finally:
        sys.path.remove(str(BENCH))
    port = free_port()
    with running([sys.executable, "-m", "sbctl.sandbox", "--port", str(port), "--no-limits"], port):
        prepare(port)
        hammer = Hammer(port, 20)
        hammer.strike(3.0)
    assert len(hammer.statuses) > 10
    assert hammer.failures == 0
