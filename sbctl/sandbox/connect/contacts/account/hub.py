"""All that moves contacts, put together: one for each account, made anew by a reset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.agents.agent import Agent
from sbctl.sandbox.connect.agents.simulated import SimulatedAgents
from sbctl.sandbox.connect.contacts.account.engine import Engine
from sbctl.sandbox.connect.contacts.account.overview import Overview
from sbctl.sandbox.connect.contacts.account.watching import Watching
from sbctl.sandbox.connect.contacts.callers.board import CallersBoard
from sbctl.sandbox.connect.contacts.contact import Channel, Contact
from sbctl.sandbox.connect.contacts.happenings import Happening, Happenings
from sbctl.sandbox.connect.contacts.live.beginning import Beginning
from sbctl.sandbox.connect.contacts.live.calling import Calling
from sbctl.sandbox.connect.contacts.live.centre import ContactCentre
from sbctl.sandbox.connect.contacts.live.driver import Driver
from sbctl.sandbox.connect.contacts.live.ending import Ending
from sbctl.sandbox.connect.contacts.live.ground import Ground, Surroundings
from sbctl.sandbox.connect.contacts.live.joining import Joining
from sbctl.sandbox.connect.contacts.live.numbers import Lines
from sbctl.sandbox.connect.contacts.live.progress import Progress
from sbctl.sandbox.connect.contacts.live.queueing import Queueing
from sbctl.sandbox.connect.contacts.live.router import Router
from sbctl.sandbox.connect.contacts.participants import Participants
from sbctl.sandbox.connect.running.bots import Scripts, heard
from sbctl.sandbox.connect.running.contract import BotRequest, LexAnswered
from sbctl.sandbox.connect.store import ResourceStore


class LiveContacts:
    """Contacts and agents of one account. All of it is used under `ground.resources.lock`.

    Those who keep records, metrics and logs subscribe to `happenings`.
    """

    def __init__(self, resources: ResourceStore, around: Surroundings, engine: Engine) -> None:
        self.happenings = Happenings()
        self.ground = Ground(resources, around, self.happenings)
        self.roster = self.ground.roster
        self.store = self.ground.store
        self.lines = Lines(self.ground)
        self.participants = Participants()
        self.centre = ContactCentre(self.ground, engine.hours)
        self.bots: Scripts = {}
        """What bots answer, by their names."""
        self.driver = Driver(self.ground, self.centre, engine.runs, self._bot)
        self.queueing = Queueing(self.ground)
        self.joining = Joining(self.ground, self.driver, self.queueing)
        self.ending = Ending(self.ground, self.driver, self.queueing, self.joining)
        self.router = Router(self.ground, self.queueing, self.joining.offer)
        self.beginning = Beginning(self.ground, self.driver, self.queueing, self.joining, self.ending, self.router)
        self.calling = Calling(self.ground, self.lines, self.beginning)
        self.callers = CallersBoard(self.ground, self.calling)
        self.watching = Watching(self.happenings)
        self.overview = Overview(self.ground, self.queueing, self.calling)
        self.simulated = SimulatedAgents(self.roster)
        self._down: set[str] = set()
        self._wire()

    def _wire(self) -> None:
        self.centre.to_agent = lambda: self.driver.stepping is not None and self.driver.stepping.role == "agent-whisper"
        self.centre.put = self.beginning.enqueue
        self.centre.back = self.beginning.call_back
        self.centre.new = self._new
        self.roster.on_change = self._agent_changed
        self.beginning.went_on = self.watching.went_on
        self.ending.over = self.overview.ended

    def _bot(self, contact: Contact, request: BotRequest, said: str) -> LexAnswered | None:
        return heard(self.bots, contact, request, said)

    def _new(self, contact: Contact, channel: Channel, flow: str, settings: Mapping[str, Any]) -> str:
        """A flow begins another contact: a task or a chat."""
        instance = self.ground.instance(contact)
        values = {
            "name": str(settings.get("name") or ""),
            "description": str(settings.get("description") or ""),
            "attributes": dict(settings.get("attributes") or {}),
            "references": dict(settings.get("references") or {}),
            "scheduled": settings.get("at"),
            "related": contact.id,
            "customer": str(settings.get("to") or ""),
            "system": str(settings.get("source") or ""),
        }
        made = self.beginning.contact(instance, channel, "API", **values)
        self.beginning.begin(made, flow)
        return made.id

    def _agent_changed(self, agent: Agent) -> None:
        told = Happening(
            "agent", self.ground.now(), agent.region, agent.instance, agent=agent.id, detail=agent.status.name
        )
        self.happenings.tell(told)
        if agent.is_routable:
            self.router.agent_free(agent)

    def progress(self, contact: Contact) -> Progress | None:
        """The contact while it goes on; None once it has ended for the customer."""
        return self.ground.progress.get(contact.id)

    def look_at_regions(self) -> None:
        """Something was broken or healed: calls of a region that is lost end, agents of one that is back take contacts."""
        with self.ground.resources.lock:
            regions = {one.region for one in self.ground.resources.instances.values()}
            down = {region for region in regions if self.ground.around.is_down(region)}
            for region in sorted(down - self._down):
                self.ending.lose(region)
            back, self._down = self._down - down, down
            for agent in self.roster.all():
                if agent.region in back and agent.is_routable:
                    self.router.agent_free(agent)

    def close(self) -> None:
        """Invoke no functions any more."""
        self.driver.functions.close()
