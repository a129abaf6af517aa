"""Looks at the world once, all regions side by side, and waits for nobody longer than a moment.

A region that is being left by force is not asked anything. What does not answer in time is silent, and said so.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import NEVER_SENT, TOO_MANY, AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.clock import Clock
from sbctl.core.problem import Problem, SbctlError
from sbctl.failover.decision.snapshot import Health, RegionView, TrafficSnapshot
from sbctl.failover.kit.kit import Kit, KitRegion
from sbctl.failover.signal import Signal, newest, read_signal
from sbctl.probes.protocols import Endpoints, Named, NameLookup

HEALTH_PATH = "/health"
PATIENCE_SECONDS = 2.0
"""Of real time, for all regions together."""
NEEDED_SECONDS = 6.0
"""For what a decision rests on: longer than its calls' own time-outs, so that a slow machine makes no region silent."""
MOMENT_SECONDS = 0.8
"""For regions that are not needed: they are shown, but nothing waits for them."""
THROTTLED = "HTTP 429: throttled, and therefore alive"
"""What is said of a region whose function had no room: it lives, and no health check of Route 53 has a good answer of it."""
SPARED = "not asked: it is being left by force"
"""What is said of a region that was not asked on purpose."""
CHANCE = 0.01
"""That a region which still gets its share of the answers is overlooked."""
BY_LATENCY = 3
MOST_ANSWERS = 460
"""For a share of 1 %; a smaller one is not waited for."""
LOOKED_AT = 40
"""Answers that one look asks for; regions with a small share may be missing in it."""
BROKEN = 500
"""HTTP statuses from here on are a region's trouble, and no word about the question."""


@dataclass(frozen=True)
class Observer:
    """What the world is seen with: calls with short time-outs, endpoints, DNS, the world's clock."""

    aws: AwsCalls
    http: Endpoints
    dns: NameLookup
    clock: Clock
    world: Clock
    alone: bool = False
    """Whether everything is asked in the caller's own thread, for rehearsals that fork."""
    slack: float = 1.0
    """How many times as long answers are waited for."""


def look(
    observer: Observer,
    kit: Kit,
    spare: frozenset[str] = frozenset(),
    needed: frozenset[str] = frozenset(),
    patience: float = PATIENCE_SECONDS,
) -> TrafficSnapshot:
    """The world now. Regions in `spare` are not asked anything at all, and count as unknown.

    DNS and the regions in `needed` are waited for until the time-outs of their own calls; the others with `patience`.
    """
    now = observer.clock.now()
    seen = _Seen()
    asked = [region for region in kit.regions if region.region not in spare]
    first = [act for one in asked if one.region in needed for act in _asking(observer, kit, one, seen)]
    rest = [act for one in asked if one.region not in needed for act in _asking(observer, kit, one, seen)]
    acts = [lambda: _ask_names(observer, kit, seen), *first]
    if observer.alone:
        _in_turn([*acts, *rest])
    else:
        _side_by_side(acts, rest, observer.slack, patience)
    regions = tuple(_view(one.region, spare, seen, now) for one in kit.by_priority)
    names = [*seen.names]
    active, how = _active(kit, names, regions)
    answer = next((one for one in names if kit.answering(one.values) == active), names[0] if names else None)
    return TrafficSnapshot(
        at=now,
        active=active,
        active_how=how,
        serving=_served(kit, names, regions),
        answer=answer.values if answer else (),
        ttl=answer.ttl if answer else None,
        regions=regions,
    )


def _ask_names(observer: Observer, kit: Kit, seen: _Seen) -> None:
    """Ask DNS: once, or where all regions serve so often that none of them is overlooked. An answer that says nothing ends it."""
    needed = max((answers_needed(kit, region.region) for region in kit.regions), default=1)
    for _ in range(min(needed, LOOKED_AT)):
        answer = observer.dns.ask(kit.public_name, kit.record_type)
        seen.names.append(answer)
        if not answer.values:
            return


def _served(kit: Kit, names: Sequence[Named], regions: tuple[RegionView, ...]) -> tuple[str, ...]:
    """The regions that serve: those that DNS answered; by latency, where each place has its own answer, all that are well."""
    found = {*_serving(kit, names)}
    taken = any(view.signal is not None and view.signal.region for view in regions)
    if kit.shared and kit.routing == "latency" and not taken:
        found |= {view.region for view in regions if view.health == "healthy"}
    return tuple(region.region for region in kit.by_priority if region.region in found)


def _serving(kit: Kit, names: Sequence[Named]) -> tuple[str, ...]:
    """The regions that DNS answered, by priority."""
    found = {kit.answering(one.values) for one in names}
    return tuple(region.region for region in kit.by_priority if region.region in found)


@dataclass(frozen=True)
class SignalSeen:
    """The signal as a region has it, or what it said instead; `caller` where the credentials or a permission are at fault."""

    signal: Signal | None = None
    refusal: str = ""
    caller: Problem | None = None


@dataclass(frozen=True)
class _Seen:
    """What has come back so far. Whatever comes after it was looked at is lost, and hurts nobody."""

    names: list[Named] = field(default_factory=list)
    health: dict[str, tuple[Health, str, float]] = field(default_factory=dict)
    signals: dict[str, SignalSeen] = field(default_factory=dict)


def _asking(
    observer: Observer, kit: Kit, region: KitRegion, seen: _Seen
) -> tuple[Callable[[], None], Callable[[], None]]:
    """The two questions to a region. A function that hangs must not hide that the table answers."""

    def ask_health() -> None:
        seen.health[region.region] = _health(observer.http, region)

    def ask_signal() -> None:
        seen.signals[region.region] = _signal(observer.aws, kit, region.region)

    return ask_health, ask_signal


def answers_needed(kit: Kit, left: str) -> int:
    """How many answers in a row must not name a region that is left.

    One, where one region serves at a time. Where all do, so many that a region which still gets its share would be among them with
    99 %: the n for which (1 - share)^n is below 1 %. By latency a resolver gets the answer of its own place, so a few are enough.
    """
    if not kit.shared or len(kit.regions) == 1:
        return 1
    if kit.routing == "latency":
        return BY_LATENCY
    share = kit.share(left) if left else 1 / len(kit.regions)
    if not 0 < share < 1:
        return 1
    return min(MOST_ANSWERS, math.ceil(math.log(CHANCE) / math.log(1 - share)))


def not_moved_yet(observer: Observer, kit: Kit, target: str, left: str) -> str:
    """What DNS answers that it must not once traffic has moved; "" when it has.

    Where one region serves at a time, an answer other than the target. Where all do, among enough answers one of the region left.
    """
    for _ in range(answers_needed(kit, left)):
        found, said = active_region(observer, kit)
        wrong = found == left or not found if kit.shared and left not in ("", target) else found != target
        if wrong:
            return f"DNS answers {found or said}"
    return ""


def active_region(observer: Observer, kit: Kit) -> tuple[str, str]:
    """The region that DNS answers now, and the answer or why there is none."""
    answer = observer.dns.ask(kit.public_name, kit.record_type)
    found = kit.answering(answer.values)
    return found, ", ".join(answer.values) or answer.failure


def _side_by_side(
    needed: Iterable[Callable[[], None]], others: Iterable[Callable[[], None]], slack: float, patience: float
) -> None:
    """Run all, and wait a moment for them together. Daemons, so that a hanging region holds up nobody, not even the end."""
    threads = [threading.Thread(target=act, daemon=True) for act in needed]
    rest = [threading.Thread(target=act, daemon=True) for act in others]
    for thread in (*threads, *rest):
        thread.start()
    begun = time.monotonic()
    _join(threads, begun + slack * NEEDED_SECONDS)
    _join(rest, begun + slack * patience)


def _in_turn(acts: Iterable[Callable[[], None]]) -> None:
    for act in acts:
        act()


def _join(threads: Iterable[threading.Thread], deadline: float) -> None:
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _view(region: str, spare: frozenset[str], seen: _Seen, now: datetime) -> RegionView:
    if region in spare:
        return RegionView(region=region, health="unknown", detail=SPARED, at=now)
    health, detail, seconds = seen.health.get(region, ("silent", "no answer in time", 0.0))
    told = seen.signals.get(region, SignalSeen())
    return RegionView(
        region=region,
        health=health,
        detail=detail,
        seconds=seconds,
        signal=told.signal,
        refusal=told.refusal,
        caller=told.caller,
        at=now,
    )


def _signal(aws: AwsCalls, kit: Kit, region: str) -> SignalSeen:
    if not kit.signal_table:
        return SignalSeen()
    try:
        return SignalSeen(read_signal(aws, kit.signal_table, region))
    except AwsError as error:
        if error.unreachable or error.status >= BROKEN:
            return SignalSeen()
        at_fault = error.denied or error.code in NEVER_SENT
        return SignalSeen(None, f"{error.code}: {error.message}", from_aws(error) if at_fault else None)
    except SbctlError:  # the audit log cannot be written; whoever calls next in the main thread says so
        return SignalSeen()


def _health(http: Endpoints, region: KitRegion) -> tuple[Health, str, float]:
    if not region.health_host:
        return "unknown", "the region has no health function", 0.0
    answer = http.get(region.health_host, HEALTH_PATH)
    if not answer.status:
        return "silent", answer.failure, answer.seconds
    if answer.ok:
        return "healthy", f"HTTP {answer.status}", answer.seconds
    if answer.status == TOO_MANY:
        return "healthy", THROTTLED, answer.seconds
    return "failing", f"HTTP {answer.status} {answer.body}".strip(), answer.seconds


def _active(kit: Kit, names: Sequence[Named], regions: tuple[RegionView, ...]) -> tuple[str, str]:
    """The active region, and in words how that is known. DNS first: it is what callers get.

    Where several serve, the one that the newest signal names, else the first of them by priority.
    """
    serving = _serving(kit, names)
    if len(serving) > 1:
        named = newest(view.signal for view in regions if view.signal is not None).region
        said = f"{len(names)} answers of DNS for {kit.public_name} name {', '.join(serving)}"
        return (named if named in serving else serving[0]), said
    answer = names[0] if names else None
    if answer is not None and answer.values:
        found = kit.answering(answer.values)
        said = f"DNS answers {', '.join(answer.values)} for {kit.public_name}"
        return (found, said) if found else ("", f"{said}, which is no region's answer or several regions'")
    why = answer.failure if answer else "no answer in time"
    signal = max((view.signal for view in regions if view.signal), key=lambda one: one.generation, default=Signal())
    if signal.region:
        return "", f"DNS says nothing ({why}); the newest signal names {signal.region}"
    return "", f"DNS says nothing ({why}), and no region has taken over by a signal"
