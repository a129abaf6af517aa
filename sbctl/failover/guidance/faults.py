"""What is wrong, and still is: each reading that does not hold, until something proves the opposite or explains it.

A reading is explained by the silence of a region, which is told once; by a run that has come to its end since, about the
regions that it concerned; by a deploy that has put everything as wanted since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sbctl.core.moving.run import Run
from sbctl.core.reading import Reading
from sbctl.failover.guidance.looks import ACTIVE, HEALTH, unread
from sbctl.failover.guidance.signal_copies import COPY
from sbctl.failover.kit.kit import Kit

SHOWN = ("verify-replication", "parity", "doctor", "drift")
"""Commands whose last readings the overview sums up."""
DEPLOYED = "deploy"
"""Under this name the cache keeps when each region was last deployed, with nothing left to do."""
MOVED_WITH_TRAFFIC = frozenset({"dns", "record", "health-status", "health-function", "takeover-function"})
"""Checks of doctor that look at no region of their own, and whose answer a move of traffic changes."""
RECORDS = "records"
"""The mechanism that writes what the config says into the zone in another order."""
PROVEN_BY_DEPLOY = frozenset({"parity", "doctor", "drift"})

Kept = Mapping[str, tuple[Reading, ...]]


@dataclass(frozen=True)
class Event:
    """Something that came to its end. `of` are the commands whose older readings it makes obsolete."""

    at: datetime
    regions: Set[str]
    of: Set[str]


def events(kit: Kit, kept: Kept, runs: Iterable[Run], now: datetime) -> tuple[Event, ...]:
    """Everything by which older readings may be explained."""
    every = frozenset(one.region for one in kit.regions)
    ends = ((run, run.ended) for run in runs)
    found = [Event(end.when(now), _concerned(run, every), frozenset(SHOWN)) for run, end in ends if end is not None]
    found += [Event(one.at, {one.source}, PROVEN_BY_DEPLOY) for one in kept.get(DEPLOYED, ()) if one.verdict == "ok"]
    return tuple(found)


def _concerned(run: Run, every: frozenset[str]) -> frozenset[str]:
    """The regions of a run; a drill breaks and mends what it likes."""
    if run.kind == "drill":
        return every
    return frozenset({run.source, str(run.order.get("target", ""))}) & every


def counting(kit: Kit, kept: Kept, since: Sequence[Event]) -> dict[str, tuple[Reading, ...]]:
    """The readings of the commands that are summed up, without what no longer counts."""
    own = kept.get("status", ())
    told = {one.source for one in own if one.check == HEALTH}
    proofs = _proofs(kit, own)
    return {
        name: tuple(
            one
            for one in kept.get(name, ())
            if one.verdict == "ok" or not (_explained(name, one, since, told) or _disproved(name, one, proofs))
        )
        for name in SHOWN
    }


def _proofs(kit: Kit, own: Sequence[Reading]) -> dict[tuple[str, str], datetime]:
    """What a look proves the opposite of, by doctor's check and region, and when that was."""
    found = {("failover-kit", ""): kit.made_at}
    found |= {("health-function", one.source): one.at for one in own if one.check == HEALTH and one.value == "healthy"}
    found |= {("credentials", one.source): one.at for one in own if one.check == COPY}
    found |= {("dns", one.source): one.at for one in own if one.check == ACTIVE and one.value}
    return found


def _explained(name: str, one: Reading, since: Sequence[Event], told: Set[str]) -> bool:
    if told and unread(one):
        return True  # how the regions answer is the look's to say, and it says it once
    return any(name in event.of and one.at <= event.at and _touches(name, one, event) for event in since)


def _touches(name: str, one: Reading, event: Event) -> bool:
    """Whether a reading is about what an event concerned. What drifted is not put right by moving traffic."""
    regions = _regions(one)
    if name == "drift" and event.of != PROVEN_BY_DEPLOY:
        return one.subject.startswith("route53_record.")
    if regions:
        return bool(regions & event.regions)
    return event.of == PROVEN_BY_DEPLOY or one.check in MOVED_WITH_TRAFFIC


def _regions(one: Reading) -> set[str]:
    """The regions that a reading is about; of a drift, that of the address."""
    found = {one.source, one.target} - {""}
    place = one.subject.split(".")
    return found or ({place[1]} if one.check == "drift" and len(place) > 2 and place[1] != "global" else set())


def _disproved(name: str, one: Reading, proofs: Mapping[tuple[str, str], datetime]) -> bool:
    """Whether something that doctor found was seen to be well later."""
    proof = proofs.get((one.check, one.target or one.source))
    return name == "doctor" and proof is not None and proof > one.at


def faults(
    kit: Kit, own: Sequence[Reading], counted: Kept, now: datetime, *, shared: bool, ordered: str = ""
) -> list[dict[str, Any]]:
    """Everything that is not as it should be, with its age. `shared`: every region serves, so that none is out of its place.

    `ordered` is the mechanism by which somebody ordered traffic to where it is; "" for none. What was ordered is no fault.
    """
    found = [one for one in own if one.verdict != "ok" and not (shared and one.check == ACTIVE)]
    # How the copies of the signal are is the look's to say, and not an older doctor's.
    found += [one for name in SHOWN for one in counted.get(name, ()) if one.verdict != "ok" and one.check != COPY]
    rows = [{**one.as_json(now), "what": _what(one)} for one in found if not (ordered == RECORDS and _of_records(one))]
    return [*rows, *(_away(kit, own, now) if not shared and not ordered else ())]


def _of_records(one: Reading) -> bool:
    """Whether a reading finds records other than the config has them. To put them as they were would undo the order."""
    return one.check in ("drift", "record") and one.subject.startswith("route53_record.")


def _away(kit: Kit, own: Sequence[Reading], now: datetime) -> Iterator[dict[str, Any]]:
    for one in own:
        if one.check == ACTIVE and one.value and one.value != kit.primary.region:
            what = f"{one.value} is active and not the primary {kit.primary.region}"
            yield {"what": what, "verdict": "late", "age_seconds": round(one.age(now), 3)}


def _what(one: Reading) -> str:
    route = " → ".join(part for part in (one.source, one.target) if part)
    return " ".join(part for part in (one.check, one.subject, route, one.detail) if part)
