"""Brings contacts that wait and agents who are free together.

A contact goes to the agent who was idle longest. An agent gets, by its routing profile, the contact of the queue that goes
first there; within one priority that of the highest contact priority (1 first), and then the one that waits longest.
https://docs.aws.amazon.com/connect/latest/adminguide/concepts-routing-profiles-priority.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sbctl.sandbox.connect.agents.agent import Agent
from sbctl.sandbox.connect.agents.routing import has_slot, rules_of
from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.contacts.live.progress import Progress
from sbctl.sandbox.connect.contacts.live.queueing import OF_AGENT, Queueing, age

Offer = Callable[[Progress, Agent], object]
Rank = tuple[int, int, float, float]


class Router:
    """Looks for a match whenever a contact begins to wait, and whenever an agent becomes free."""

    def __init__(self, ground: Ground, queueing: Queueing, offer: Offer) -> None:
        self._ground = ground
        self._queueing = queueing
        self._offer = offer

    def contact_waits(self, progress: Progress) -> None:
        """Offer a contact to an agent now, or when a delay of a routing profile is over."""
        contact = progress.contact
        if self._try(progress):
            return
        now = self._ground.now()
        waited = age(contact, now)
        for delay in self._ground.roster.delays(self._ground.instance(contact), contact):
            if delay > waited:
                self._ground.at(now + delay - waited, lambda: self._try(progress))

    def _try(self, progress: Progress) -> bool:
        contact, now = progress.contact, self._ground.now()
        if progress.state != "queued" or contact.paused or self._ground.around.is_down(contact.region):
            return False
        agent = self._ground.roster.free_for(self._ground.instance(contact), contact, age(contact, now))
        if agent is None:
            return False
        self._offer(progress, agent)
        return True

    def agent_free(self, agent: Agent) -> None:
        """Offer an agent what waits for it, as long as it has a slot."""
        while not self._ground.around.is_down(agent.region):
            best = min(self._candidates(agent), key=lambda one: one[0], default=None)
            if best is None:
                self._look_again(agent)
                return
            self._offer(best[1], agent)

    def _look_again(self, agent: Agent) -> None:
        """When the next contact will have waited as long as the agent's routing profile wants."""
        instance = self._ground.resources.instances.get(agent.instance)
        if instance is None or not agent.is_routable:
            return
        now = self._ground.now()
        soon = [
            turn.delay - age(contact, now)
            for (queue, channel), turn in rules_of(instance, agent).turns.items()
            if turn.delay
            for contact in self._queueing.waiting(queue)
            if contact.channel == channel and age(contact, now) < turn.delay
        ]
        if soon:
            self._ground.after(min(soon), lambda: self.agent_free(agent))

    def _candidates(self, agent: Agent) -> Iterator[tuple[Rank, Progress]]:
        instance = self._ground.resources.instances.get(agent.instance)
        if instance is None or not agent.is_routable:
            return
        found, now = rules_of(instance, agent), self._ground.now()
        for contact in self._queueing.waiting(f"{OF_AGENT}{agent.id}"):
            progress = self._ready(contact)
            if progress is not None and has_slot(agent, found, contact.channel):
                yield _rank(0, contact, now), progress
        for (queue, channel), turn in found.turns.items():
            if not has_slot(agent, found, channel):
                continue
            for contact in self._queueing.waiting(queue):
                progress = self._ready(contact)
                if progress is not None and contact.channel == channel and age(contact, now) >= turn.delay:
                    yield _rank(turn.priority, contact, now), progress

    def _ready(self, contact: Contact) -> Progress | None:
        progress = self._ground.progress.get(contact.id)
        return progress if progress is not None and progress.state == "queued" and not contact.paused else None


def _rank(priority: int, contact: Contact, now: float) -> Rank:
    return priority, contact.priority, -age(contact, now), contact.begun
