"""Who has answered in this run, and who has not: a silent region costs one time-out, however many ask it.

Silence is noted for a service in a region, since others may answer there. It is the region's where connections to several
services time out and nothing there has ever answered.
"""

from __future__ import annotations

import threading
from collections import Counter

from sbctl.core.aws.error import AwsError

GIVE_UP_AFTER = 2
"""Misses in a row."""
NOT_CONNECTED = 2
"""To how many services of a region no connection can be made, before its other services are not asked."""
GLOBAL_SERVICES = frozenset({"route53", "iam", "cloudfront", "globalaccelerator"})
"""Their calls carry a region that says nothing about them."""
Place = tuple[str, str]
"""A service, and a region."""


class Silence:
    """The memory of one run, shared by its clients. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heard: set[Place] = set()
        self._first: set[Place] = set()
        """Where a first answer is being waited for."""
        self._misses: Counter[Place] = Counter()
        self._unconnected: dict[Place, str] = {}
        self._why: dict[Place, str] = {}

    def heard(self, place: Place) -> bool:
        """Whether it has answered in this run."""
        with self._changed:
            return place in self._heard

    def why(self, place: Place) -> str | None:
        """Why it is not asked again; None where it is."""
        with self._changed:
            return self._silent(place)

    def begin(self, place: Place) -> bool:
        """Whether the caller is the first to ask there. Others wait here until that one has an answer, or none."""
        with self._changed:
            while place in self._first and place not in self._heard and self._silent(place) is None:
                self._changed.wait()
            first = place not in self._heard and self._silent(place) is None
            if first:
                self._first.add(place)
            return first

    def end(self, place: Place) -> None:
        """The first one has come back, with whatever it has noted."""
        with self._changed:
            self._first.discard(place)
            self._changed.notify_all()

    def answered(self, place: Place) -> None:
        """Something came from there, in time or late: what was noted before is over."""
        with self._changed:
            self._heard.add(place)
            self._misses.pop(place, None)
            self._unconnected.pop(place, None)
            self._changed.notify_all()

    def missed(self, place: Place, error: AwsError, *, enough: bool = False) -> None:
        """Nothing came. With `enough` it is silent from now on, where nothing has ever come from there."""
        with self._changed:
            self._misses[place] = GIVE_UP_AFTER if enough and place not in self._heard else self._misses[place] + 1
            self._why[place] = error.message
            if error.waited == "connection" and place[0] not in GLOBAL_SERVICES:
                self._unconnected[place] = error.message
            self._changed.notify_all()

    def forget(self) -> None:
        """Begin anew: who was silent may have come back."""
        with self._changed:
            for noted in (self._heard, self._misses, self._unconnected, self._why):
                noted.clear()
            self._changed.notify_all()

    def _silent(self, place: Place) -> str | None:
        if self._misses[place] >= GIVE_UP_AFTER:
            return self._why[place]
        service, region = place
        if service in GLOBAL_SERVICES or any(one[1] == region for one in self._heard if one[0] not in GLOBAL_SERVICES):
            return None
        found = [why for (_, where), why in self._unconnected.items() if where == region]
        return found[0] if len(found) >= NOT_CONNECTED else None
