"""One process's share of `make fuzz`; apart from the program's start, so that another process can import it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.fuzz.campaign import Tally, campaign
from tests.fuzz.project import bench
from tests.fuzz.say import say
from tests.fuzz.writes import Writes


def share(seed: int, inputs: int, only: str) -> Tally:
    """One process's share, with a seed and a sandbox of its own."""
    with tempfile.TemporaryDirectory(prefix="sbctl-fuzz-") as folder, bench(Path(folder)) as on:
        return campaign(on, Writes(), seed, inputs, say=say, only=only)
