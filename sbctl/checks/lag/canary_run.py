"""One canary's flight: noted, written, looked for in several regions at once, removed everywhere. Whatever happens, removed.

A lag runs from the acknowledgement of the write to the end of the first read that has it: what is acknowledged and not
yet there is what a lost region takes with it. The true lag is shorter by at most `resolution`, the time between looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sbctl.checks.lag.canary_item import CanaryItem
from sbctl.checks.lag.canary_object import CanaryObject
from sbctl.checks.lag.measuring import Measuring
from sbctl.checks.lag.routes import Replicated
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.odd_answers import OUTSIDE, nonsense
from sbctl.core.moving.canary import Canary, CanaryPlace

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
PAUSE_SHARE = 0.1
"""Between looks: a tenth of what has been waited, so that the resolution is a tenth of the lag."""
LOOKS_BETWEEN_OUTLOOKS = 5
"""How often the source is asked whether waiting makes sense at all."""
MISSES = 2
"""Unanswered looks in a row after which a region counts as not answering."""


class Carrier(Protocol):
    """One way to run_canary canaries: as items of tables, as objects of buckets."""

    check: str

    def prepare(self, aws: AwsCalls, thing: Replicated, source: str) -> Canary: ...
    def write(self, aws: AwsCalls, canary: Canary, now: datetime) -> None: ...
    def arrived(self, aws: AwsCalls, canary: Canary, place: CanaryPlace) -> bool: ...
    def outlook(self, aws: AwsCalls, canary: Canary) -> str: ...
    def remove(self, aws: AwsCalls, canary: Canary, place: CanaryPlace) -> bool: ...
    def lost(self, source: str, target: str) -> str: ...


CARRIERS: Mapping[str, Carrier] = {"item": CanaryItem(), "object": CanaryObject()}


def carrier_for(thing: Replicated) -> Carrier:
    """How canaries run_canary through a table or between buckets."""
    return CARRIERS["item" if thing.kind == "table" else "object"]


@dataclass(frozen=True)
class Sighting:
    """What became of a canary in one region. `lag` None: it was not seen there; `reason` or `error` says why.

    All in seconds of the world's time.
    """

    lag: float | None = None
    resolution: float = 0.0
    waited: float = 0.0
    reason: str = ""
    error: AwsError | None = None
    stopped: bool = False


def run_canary(on: Measuring, thing: Replicated, source: str, targets: Sequence[str]) -> dict[str, Sighting]:
    """Let one canary run_canary from a region to others, and clean up behind it. Raises SbctlError when it cannot be noted."""
    carrier = carrier_for(thing)
    try:
        canary = _prepared(on, carrier, thing, source)
        on.ledger.begin(canary)
        try:
            carrier.write(on.aws, canary, on.world.now())
            return _watch(on, carrier, canary, [thing.place(target) for target in targets])
        finally:
            clear_away(on, canary)
    except AwsError as error:
        return {target: Sighting(error=error) for target in targets}


def _prepared(on: Measuring, carrier: Carrier, thing: Replicated, source: str) -> Canary:
    try:
        return carrier.prepare(on.aws, thing, source)
    except OUTSIDE as error:
        raise nonsense(error, thing.kind, (thing.kind, "prepare", source)) from error


def _watch(on: Measuring, carrier: Carrier, canary: Canary, places: Sequence[CanaryPlace]) -> dict[str, Sighting]:
    acknowledged = on.world.monotonic()
    with on.make_executor(len(places), "canary") as pool:
        looks = {place.region: pool.submit(_await, on, carrier, canary, place, acknowledged) for place in places}
        return {region: look.result() for region, look in looks.items()}


def _await(on: Measuring, carrier: Carrier, canary: Canary, place: CanaryPlace, acknowledged: float) -> Sighting:
    """Look for it in one place until it is there, or will not come, or the time is up."""
    missed, looks, misses = acknowledged, 0, 0
    while True:
        asked = on.world.monotonic()
        try:
            if carrier.arrived(on.aws, canary, place):
                seen = on.world.monotonic()
                return Sighting(lag=max(0.0, seen - acknowledged), resolution=max(0.0, seen - missed))
            misses, missed, looks = 0, asked, looks + 1
        except AwsError as error:
            misses += 1
            if misses >= MISSES or not error.unreachable:
                return Sighting(waited=asked - acknowledged, error=error)
        if on.stop.is_set():
            return Sighting(waited=asked - acknowledged, stopped=True)
        if asked - acknowledged >= on.timeout:
            return Sighting(waited=asked - acknowledged)
        if looks % LOOKS_BETWEEN_OUTLOOKS == 0 and (reason := _outlook(on, carrier, canary, place)):
            return Sighting(waited=asked - acknowledged, reason=reason)
        on.world.sleep(_pause(asked - acknowledged))


def _pause(waited: float) -> float:
    return min(LONGEST_PAUSE_SECONDS, max(FIRST_PAUSE_SECONDS, waited * PAUSE_SHARE))


def _outlook(on: Measuring, carrier: Carrier, canary: Canary, place: CanaryPlace) -> str:
    """Why waiting is in vain; "" when it is not. It may have arrived since the last look, so look once more."""
    try:
        reason = carrier.outlook(on.aws, canary)
        return "" if not reason or carrier.arrived(on.aws, canary, place) else reason
    except AwsError:
        return ""  # the source is silent now: the target may have it all the same


def clear_away(on: Measuring, canary: Canary) -> None:
    """Remove a canary wherever it may be, the copies first, and note what is left for a later run."""
    carrier, left = CARRIERS[canary.kind], []
    for place in reversed(canary.places):
        try:
            if place.region in on.avoid or not carrier.remove(on.aws, canary, place):
                left.append(place)
        except AwsError:
            left.append(place)
    on.ledger.left(canary, left)


def sweep(on: Measuring) -> int:
    """Remove what earlier runs left: how many canaries are gone for good now. Raises SbctlError when the disk refuses."""
    abandoned = on.ledger.abandoned()
    if not abandoned:
        return 0
    with on.make_executor(min(16, len(abandoned)), "sweep") as pool:
        for done in [pool.submit(clear_away, on, canary) for canary in abandoned]:
            done.result()
    left = {canary.id for canary in on.ledger.abandoned()}
    return sum(1 for canary in abandoned if canary.id not in left)
