"""What the life of contacts stands on: the clock, what falls due on it, the instances, and who hears of what happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sbctl.sandbox.connect.agents.roster import Roster
from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.happenings import Happening, Happenings, What
from sbctl.sandbox.connect.contacts.live.progress import Progress
from sbctl.sandbox.connect.contacts.store import ContactStore
from sbctl.sandbox.connect.store import Instance, ResourceStore
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.time.scheduler import Entry, Scheduler

CALL = "call"
"""The kind of thing that the quota of concurrent calls counts."""
Invoked = tuple[bytes, str]
"""What a function answered, and Lambda's FunctionError."""


def _no_function(_region: str, _arn: str, _event: Any) -> Invoked:
    return b"", "Unhandled"


def _up(_region: str) -> bool:
    return False


def _deaf(_callback: Callable[[], object]) -> None:
    pass


@dataclass(frozen=True)
class Surroundings:
    """What contacts need of the world around Connect. The defaults are those of an instance that stands alone, in tests."""

    scheduler: Scheduler
    invoke: Callable[[str, str, Any], Invoked] = _no_function
    """Run a function by region and ARN. Raises ApiError. May take long: never called with a lock held."""
    is_down: Callable[[str], bool] = _up
    """Whether a region is lost."""
    listen: Callable[[Callable[[], object]], None] = _deaf
    """Call back when something is broken or healed."""


@dataclass
class Ground:
    """One account's contacts and agents. All of it is used under `lock`."""

    resources: ResourceStore
    around: Surroundings
    happenings: Happenings
    store: ContactStore = field(default_factory=ContactStore)
    progress: dict[str, Progress] = field(default_factory=dict)
    """Contacts that go on, by id; those in after-call work too."""
    calls: dict[str, int] = field(default_factory=dict)
    """Instance → calls in progress."""
    chance: Random = field(default_factory=lambda: Random(0))
    roster: Roster = field(init=False)

    def __post_init__(self) -> None:
        self.roster = Roster(self.now)

    @property
    def clock(self) -> WorldClock:
        return self.resources.clock

    def now(self) -> float:
        """Seconds since the epoch, by the world's clock."""
        return self.clock.seconds()

    def instance(self, contact: Contact) -> Instance:
        """The instance in which a contact is."""
        return self.resources.instances[contact.instance]

    def is_full(self, instance: Instance) -> bool:
        """Whether an instance has as many calls in progress as its quota allows."""
        return self.calls.get(instance.id, 0) >= self.resources.most(CALL, instance)

    def tell(self, what: What, contact: Contact, *, agent: str = "", detail: str = "") -> None:
        """Note that a contact changed, and tell those who listen."""
        now = self.now()
        self.store.changed(contact, now)
        told = Happening(
            what, now, contact.region, contact.instance, contact, contact.queue, agent or contact.agent, detail
        )
        self.happenings.tell(told)

    def at(self, when: float, act: Callable[[], object]) -> Entry:
        """Act at a time of the clock, under the lock."""
        lock = self.resources.lock

        def alone() -> None:
            with lock:
                act()

        return self.around.scheduler.at(when, alone)

    def after(self, delay: float, act: Callable[[], object]) -> Entry:
        """Act so many seconds from now, under the lock."""
        return self.at(self.now() + delay, act)
