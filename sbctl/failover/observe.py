"""Looks at the world once, all regions side by side, and waits for nobody longer than a moment.

A region that is being left by force is not asked anything. What does not answer in time is silent, and said so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sbctl.core.clock import Clock
from sbctl.core.problem import AwsError
from sbctl.core.resource import AwsCalls
from sbctl.failover.kit import Kit, KitRegion
from sbctl.failover.signal import Signal, read_signal
from sbctl.failover.world import Health, RegionView, World

HEALTH_PATH = "/health"
PATIENCE_SECONDS = 2.0
"""Of real time, for all regions together."""
MOMENT_SECONDS = 0.8
"""For regions that are not needed: they are shown, but nothing waits for them."""


class Answered(Protocol):
    """What an HTTP probe brought back."""

    @property
    def status(self) -> int: ...
    @property
    def failure(self) -> str: ...
    @property
    def ok(self) -> bool: ...
    @property
    def seconds(self) -> float: ...
    @property
    def body(self) -> str: ...


class Endpoints(Protocol):
    def get(self, host: str, path: str) -> Answered: ...


class Named(Protocol):
    """What a DNS probe brought back."""

    @property
    def values(self) -> tuple[str, ...]: ...
    @property
    def ttl(self) -> int | None: ...
    @property
    def failure(self) -> str: ...


class Names(Protocol):
    def ask(self, name: str, type_: str) -> Named: ...


@dataclass(frozen=True)
class Eyes:
    """What the world is seen with: calls with short time-outs, endpoints, DNS, the world's clock."""

    aws: AwsCalls
    http: Endpoints
    dns: Names
    clock: Clock
    world: Clock


def look(eyes: Eyes, kit: Kit, spare: frozenset[str] = frozenset(), needed: str = "") -> World:
    """The world now. Regions in `spare` are not asked anything at all, and count as unknown.

    With `needed` set, only DNS and that region are waited for as long as it takes; the others are granted a moment.
    """
    now = eyes.clock.now()
    views: dict[str, RegionView] = {}
    names: list[Named] = []

    def ask_dns() -> None:
        names.append(eyes.dns.ask(kit.public_name, kit.record_type))

    def ask(region: KitRegion) -> Callable[[], None]:
        def act() -> None:
            views[region.region] = _view(eyes, kit, region, now)

        return act

    asked = [region for region in kit.regions if region.region not in spare]
    first = [ask(region) for region in asked if needed in ("", region.region)]
    _side_by_side([ask_dns, *first], [ask(region) for region in asked if needed not in ("", region.region)])
    regions = tuple(views.get(region.region) or _unseen(region.region, spare, now) for region in kit.by_priority)
    answer = names[0] if names else None
    active, how = _active(kit, answer, regions)
    return World(
        at=now,
        active=active,
        active_how=how,
        answer=answer.values if answer else (),
        ttl=answer.ttl if answer else None,
        regions=regions,
    )


def active_region(eyes: Eyes, kit: Kit) -> tuple[str, str]:
    """The region that DNS answers now, and the answer or why there is none."""
    answer = eyes.dns.ask(kit.public_name, kit.record_type)
    found = kit.answering(answer.values)
    return found, ", ".join(answer.values) or answer.failure


def _side_by_side(needed: Iterable[Callable[[], None]], others: Iterable[Callable[[], None]]) -> None:
    """Run all, and wait a moment for them together. Daemons, so that a hanging region holds up nobody, not even the end."""
    threads = [threading.Thread(target=act, daemon=True) for act in needed]
    rest = [threading.Thread(target=act, daemon=True) for act in others]
    for thread in (*threads, *rest):
        thread.start()
    begun = time.monotonic()
    _join(threads, begun + PATIENCE_SECONDS)
    _join(rest, begun + MOMENT_SECONDS)


def _join(threads: Iterable[threading.Thread], deadline: float) -> None:
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _view(eyes: Eyes, kit: Kit, region: KitRegion, now: datetime) -> RegionView:
    found: list[Signal | None] = []

    def ask_signal() -> None:
        found.append(_signal(eyes.aws, kit, region.region))

    reader = threading.Thread(target=ask_signal, daemon=True)
    reader.start()
    health, detail, seconds = _health(eyes.http, region)
    reader.join(PATIENCE_SECONDS)
    signal = found[0] if found else None
    return RegionView(region=region.region, health=health, detail=detail, seconds=seconds, signal=signal, at=now)


def _signal(aws: AwsCalls, kit: Kit, region: str) -> Signal | None:
    if not kit.signal_table:
        return None
    try:
        return read_signal(aws, kit.signal_table, region)
    except AwsError:
        return None


def _health(http: Endpoints, region: KitRegion) -> tuple[Health, str, float]:
    if not region.health_host:
        return "unknown", "the region has no health function", 0.0
    answer = http.get(region.health_host, HEALTH_PATH)
    if not answer.status:
        return "silent", answer.failure, answer.seconds
    if answer.ok:
        return "healthy", f"HTTP {answer.status}", answer.seconds
    return "failing", f"HTTP {answer.status} {answer.body}".strip(), answer.seconds


def _unseen(region: str, spare: frozenset[str], now: datetime) -> RegionView:
    if region in spare:
        return RegionView(region=region, health="unknown", detail="not asked: it is being left by force", at=now)
    return RegionView(region=region, health="silent", detail="no answer in time", at=now)


def _active(kit: Kit, answer: Named | None, regions: tuple[RegionView, ...]) -> tuple[str, str]:
    """The active region, and in words how that is known. DNS first: it is what callers get."""
    if answer is not None and answer.values:
        found = kit.answering(answer.values)
        said = f"DNS answers {', '.join(answer.values)} for {kit.public_name}"
        return (found, said) if found else ("", f"{said}, which is no region's answer or several regions'")
    why = answer.failure if answer else "no answer in time"
    signal = max((view.signal for view in regions if view.signal), key=lambda one: one.generation, default=Signal())
    if signal.region:
        return "", f"DNS says nothing ({why}); the newest signal names {signal.region}"
    return "", f"DNS says nothing ({why}), and no region has taken over by a signal"
