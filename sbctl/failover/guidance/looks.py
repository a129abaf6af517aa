"""What was seen of the regions, as readings for the cache: by a look at the world, or by a command that asked for something else.

Every command that asks the regions renews them, so that `status --cached` right after it says what it saw.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime

from sbctl.core.problem import Problem
from sbctl.core.reading import Reading, Verdict
from sbctl.failover.decision.observe import SPARED, THROTTLED
from sbctl.failover.decision.snapshot import Health, RegionView, TrafficSnapshot
from sbctl.failover.guidance.signal_copies import COPY, copy_of

ACTIVE, ANSWER, CALLER, HEALTH, SERVING = "active", "dns-answer", "caller", "health", "serving"
MEASURED = "for a failover: "
"""Under this and a command's name the cache keeps what a failover measured in that command's place, until it has run itself."""
_VERDICTS: Mapping[Health, Verdict] = {"healthy": "ok", "failing": "bad", "silent": "bad", "unknown": "unknown"}
_MUTE = re.compile(r"(\S+) does not answer")
_UNREAD = re.compile(r"(\S+) (?:does not answer|was not read)")
"""How a reading says that it was not made since a region was silent, or since another one was that it builds on."""


def measured(kept: Mapping[str, Sequence[Reading]], name: str) -> Sequence[Reading]:
    """What a command measured last; where it never ran, what a failover measured in its place."""
    return kept.get(name) or kept.get(f"{MEASURED}{name}", ())


def readings_of(world: TrafficSnapshot) -> tuple[Reading, ...]:
    """What one look at the world says, as readings for the cache."""
    at, signal = world.at, world.signal
    known: Verdict = "ok" if world.active else "unknown"
    found = [
        Reading(check=ACTIVE, value=world.active, verdict=known, at=at, detail=world.active_how),
        Reading(check=ANSWER, value=", ".join(world.answer), verdict="ok", at=at),
        Reading(check=SERVING, value=",".join(world.serving), verdict="ok", at=at),
        Reading(check="signal", subject=signal.run, value=signal.region, verdict="ok", at=at, detail=signal.by),
        Reading(check="signal-at", value=signal.at, verdict="ok", at=at),
        Reading(check="signal-generation", value=float(signal.generation), verdict="ok", at=at),
    ]
    found += [copy_of(view, world) for view in world.regions if view.signal is not None]
    found += [_health(view) for view in world.regions]
    refused = {view.caller.code + view.caller.fix: view for view in world.regions if view.caller is not None}
    found += [_refused(view.region, view.caller, at) for view in refused.values() if view.caller is not None]
    return tuple(found)


def _health(view: RegionView) -> Reading:
    verdict = _VERDICTS[view.health]
    return Reading(check=HEALTH, source=view.region, value=view.health, verdict=verdict, at=view.at, detail=view.detail)


def _refused(region: str, problem: Problem, at: datetime) -> Reading:
    return Reading(
        check=CALLER,
        source=region,
        value=problem.code,
        verdict="unknown",
        at=at,
        detail=problem.summary,
        fix=problem.fix,
    )


def renewed(kept: Sequence[Reading], world: TrafficSnapshot) -> tuple[Reading, ...]:
    """The cache after a look. Of regions that were not asked on purpose, what was known before stays, with its age."""
    spared = {view.region for view in world.regions if view.detail == SPARED}
    left = spared & {one.source for one in kept if one.check == HEALTH}
    own = [one for one in readings_of(world) if not (one.check == HEALTH and one.source in left)]
    return (*own, *(one for one in kept if one.source in left and one.check in (HEALTH, COPY)))


def heard(kept: Sequence[Reading], silent: Set[str], answered: Set[str], at: datetime, by: str) -> tuple[Reading, ...]:
    """The cache after a command that asked the regions for something else: who was silent then, and who is no more.

    A region that answered AWS's calls is no proof of its health function: what was silent before is unknown then.
    """
    return tuple(_told(one, silent, answered - silent, at, by) if at > one.at else one for one in kept)


def _told(one: Reading, silent: Set[str], answered: Set[str], at: datetime, by: str) -> Reading:
    if one.check != HEALTH:
        return one
    if one.source in silent:
        detail = one.detail if one.value == "silent" else f"no answer to {by}"
        return one.model_copy(update={"value": "silent", "verdict": "bad", "at": at, "detail": detail})
    if one.source in answered and one.value == "silent":
        detail = f"it answered {by}; its health function was not asked since"
        return one.model_copy(update={"value": "unknown", "verdict": "unknown", "at": at, "detail": detail})
    return one


def answering(readings: Iterable[Reading]) -> set[str]:
    """The regions that gave an answer, good or bad, to what was measured."""
    return {region for one in readings if one.verdict != "unknown" for region in (one.source, one.target) if region}


def mute(readings: Iterable[Reading]) -> set[str]:
    """The regions that gave no answer to what was measured."""
    return {region for one in readings if one.verdict == "unknown" for region in _MUTE.findall(one.detail)}


def unread(reading: Reading) -> bool:
    """Whether a region's silence kept a reading from being made, in its own words."""
    return reading.verdict == "unknown" and _UNREAD.search(reading.detail) is not None


def deployed(kept: Sequence[Reading], regions: Set[str], at: datetime) -> tuple[Reading, ...]:
    """The cache after a deploy with nothing left to do: what answered badly before it may be well now, and is to be asked."""
    return tuple(
        one.model_copy(
            update={"value": "unknown", "verdict": "unknown", "at": at, "detail": "deployed, and not asked since"}
        )
        if one.check == HEALTH and one.value == "failing" and one.source in regions
        else one
        for one in kept
    )


def good_now(world: TrafficSnapshot, kept: Iterable[Reading], at_world: datetime) -> tuple[Reading, ...]:
    """When each region last answered well, on the world's clock; what is not well now keeps its older reading.

    An answer that a function had no room for is no good one: it proves that the region lives.
    """
    known = {one.source: one for one in kept}
    for view in world.regions:
        if _well(view):
            value = at_world.isoformat()
            known[view.region] = Reading(check="last-good", source=view.region, value=value, verdict="ok", at=view.at)
    return tuple(known.values())


def last_good(
    region: str, seen: TrafficSnapshot, at_world: datetime, kept: Iterable[Reading], looks: Iterable[Reading] = ()
) -> str | None:
    """When a region last answered well, on the world's clock: in this look, else as far as anybody noted it.

    `looks` are the last looks at the regions. Where one came after the good answer and proves neither that the region was well
    nor that it was not, nothing is known of the time between, and none of it is counted.
    """
    if _well(seen.view(region)):
        return at_world.isoformat()
    good = next((one for one in kept if one.source == region), None)
    unproven = (one for one in looks if one.check == HEALTH and one.source == region and _proves_nothing(one))
    return None if good is None or any(one.at > good.at for one in unproven) else str(good.value)


def _well(view: RegionView) -> bool:
    return view.health == "healthy" and view.detail != THROTTLED


def _proves_nothing(look: Reading) -> bool:
    return look.detail == THROTTLED or (look.value == "unknown" and look.detail != SPARED)


def answered_well(kept: Iterable[Reading], found: Iterable[Reading], at_world: datetime) -> tuple[Reading, ...]:
    """When each region last answered well, after a check that asked endpoints as a look does."""
    known = {one.source: one for one in kept}
    for one in found:
        if one.check == "health-function" and one.verdict == "ok" and one.target:
            value = at_world.isoformat()
            known[one.target] = Reading(check="last-good", source=one.target, value=value, verdict="ok", at=one.at)
    return tuple(known.values())
