"""What this run has made: for a while AWS may not know it everywhere, and says so as if it did not exist.

Every service does this, each in its own words, so it is waited out here, for whatever rests on something new.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from sbctl.core.address import Address
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import Clock

FRESH_SECONDS = 120.0
"""How long "not found" is taken for "not known yet": IAM's changes take longest. Terraform waits as long for them."""


class Fresh:
    """Addresses by the time at which their creation began. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._since: dict[Address, float] = {}

    def begin(self, address: Address) -> None:
        """Its creation begins, or has just ended."""
        with self._lock:
            self._since[address] = self._clock.monotonic()

    def is_new(self, address: Address) -> bool:
        """Whether its creation began a moment ago."""
        with self._lock:
            return self._clock.monotonic() - self._since.get(address, float("-inf")) < FRESH_SECONDS

    def passing(self, error: AwsError, rests_on: Iterable[Address]) -> str | None:
        """The reason to wait when what AWS does not find was made by this run a moment ago; None when it was not."""
        if not error.missing:
            return None
        new = [address for address in rests_on if self.is_new(address)]
        return f"{', '.join(map(str, new))} is not known everywhere yet" if new else None
