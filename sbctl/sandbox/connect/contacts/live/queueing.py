"""Queues: who may wait in them, who waits, and for how long.

https://docs.aws.amazon.com/connect/latest/adminguide/transfer-to-queue.html
"""

from __future__ import annotations

from sbctl.sandbox.connect.agents.roster import USER
from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.store import Instance, bare

QUEUE = "queue"
FULL = "QueueAtCapacity"
UNKNOWN = "NoMatchingError"
OF_AGENT = "agent:"


def place_of(contact: Contact) -> str:
    """The name of the waiting list of a contact."""
    return contact.queue or f"{OF_AGENT}{contact.agent}"


def age(contact: Contact, now: float) -> float:
    """How long a contact has waited as routing sees it."""
    return now - (contact.queued or now) + contact.routing_age


class Queueing:
    """Lets contacts wait. Used under Connect's lock."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def refused(self, instance: Instance, queue: str, agent: str) -> str:
        """Why no contact can wait in a queue, or in that of an agent, as flows call it; "" where one can."""
        if agent:
            return "" if bare(agent) in instance.all(USER) else UNKNOWN
        found = instance.all(QUEUE).get(bare(queue)) if queue else None
        if found is None or found.values.get("Status") == "DISABLED":
            return UNKNOWN
        most = found.values.get("MaxContacts")
        return FULL if most is not None and len(self.waiting(found.id)) >= int(most) else ""

    def enter(self, contact: Contact, queue: str, agent: str) -> None:
        """Let a contact wait, from now on."""
        contact.queue, contact.agent = ("", bare(agent)) if agent else (bare(queue), "")
        contact.queued, contact.dequeued = self._ground.now(), None
        self._ground.store.waiting.setdefault(place_of(contact), {})[contact.id] = contact
        self._ground.tell("queued", contact)

    def leave(self, contact: Contact, why: str = "") -> None:
        """It waits no more: it goes to an agent (`why` "agent"), or elsewhere."""
        place = self._place(contact)
        if place is None:
            return
        del self._ground.store.waiting[place][contact.id]
        contact.dequeued = self._ground.now()
        if why != "agent":
            self._ground.tell("dequeued", contact, detail=why)

    def _place(self, contact: Contact) -> str | None:
        """Where it waits. An offer notes the agent on a contact of a queue, so both are looked at."""
        waiting = self._ground.store.waiting
        places = (contact.queue, f"{OF_AGENT}{contact.agent}")
        return next((place for place in places if place and contact.id in waiting.get(place, ())), None)

    def waits(self, contact: Contact) -> bool:
        """Whether it is in a queue, ringing at an agent or not."""
        return self._place(contact) is not None

    def waiting(self, place: str) -> list[Contact]:
        """Who waits in a queue (its id), or in an agent's, oldest first."""
        return list(self._ground.store.waiting.get(place, {}).values())

    def oldest(self, place: str) -> float:
        """Seconds that the oldest contact of a queue has waited; 0 where nobody waits."""
        now = self._ground.now()
        return max((now - (one.queued or now) for one in self.waiting(place)), default=0.0)
