"""From the offer to an agent to the end of its after-call work.

Offered, accepted, the agent's whisper, out of the queue, the customer's whisper, joined; callbacks are dialled in between.
https://docs.aws.amazon.com/connect/latest/adminguide/contact-initiation-methods.html
"""

from __future__ import annotations

from collections.abc import Callable

from sbctl.sandbox.connect.agents.agent import Agent, AgentContact
from sbctl.sandbox.connect.contacts.live.driver import ANSWER_SECONDS, Driver
from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.contacts.live.hooks import hook_flow
from sbctl.sandbox.connect.contacts.live.progress import Leg, Progress
from sbctl.sandbox.connect.contacts.live.queueing import Queueing
from sbctl.sandbox.connect.running.contract import Ended

RING_SECONDS = {"VOICE": 20.0, "CHAT": 20.0, "TASK": 30.0}
"""How long an agent has to accept. https://docs.aws.amazon.com/connect/latest/adminguide/concepts-missed-call.html"""
Left = Callable[[Progress, str], object]


class Joining:
    """Joins contacts and agents, and parts them. Used under Connect's lock."""

    def __init__(self, ground: Ground, driver: Driver, queueing: Queueing) -> None:
        self._ground = ground
        self._driver = driver
        self._queueing = queueing
        self.wait_on: Callable[[Progress], object] = lambda _progress: None
        """A contact that was offered is free for other agents again."""
        self.agent_free: Callable[[Agent], object] = lambda _agent: None
        self.leave: Left = lambda _progress, _reason: None
        """The customer's side is over: by whom (a DisconnectReason)."""
        self.unanswered: Callable[[Progress], object] = lambda _progress: None
        """The customer of a callback did not answer."""
        driver.ended |= {
            "agent-whisper": self._whispered,
            "customer-whisper": self._whispered_to_customer,
            "outbound-whisper": self._outbound_whispered,
        }

    def agent_of(self, progress: Progress) -> Agent | None:
        """The agent that has a contact, or at whom it rings."""
        return self._ground.roster.of(progress.contact.instance).get(progress.contact.agent)

    def offer(self, progress: Progress, agent: Agent) -> None:
        """Let a contact ring at an agent."""
        contact, now = progress.contact, self._ground.now()
        progress.state = "ringing"
        contact.agent = agent.id
        contact.offers += 1
        agent.contacts[contact.id] = AgentContact(
            contact.id, contact.channel, contact.queue, contact.initiation, "CONNECTING", now
        )
        self._ground.tell("offered", contact)
        if agent.answers:
            progress.plan("ring", self._ground.after(agent.accept, lambda: self.accept(progress)))
        else:
            ring = RING_SECONDS[contact.channel]
            progress.plan("ring", self._ground.after(ring, lambda: self._miss(progress, agent)))

    def accept(self, progress: Progress) -> None:
        """The agent takes what rings."""
        progress.drop("ring")
        self._ground.tell("accepted", progress.contact)
        self._run(progress, "AgentWhisper")

    def _miss(self, progress: Progress, agent: Agent) -> None:
        contact = progress.contact
        held = agent.contacts[contact.id]
        held.state, held.since = "MISSED", self._ground.now()
        agent.missed += 1
        self._ground.tell("missed", contact, agent=agent.id)
        self.withdraw(progress)
        self.wait_on(progress)

    def withdraw(self, progress: Progress) -> None:
        """It rings no more: it waits as before."""
        progress.drop("ring")
        if progress.agent is not None:
            progress.agent.stop()
            progress.agent = None
        progress.state = "queued"
        if progress.contact.queue:
            progress.contact.agent = ""

    def _run(self, progress: Progress, hook: str) -> None:
        """Run the flow of a whisper; without one go on as if it had ended."""
        flow = hook_flow(self._ground.instance(progress.contact), progress.contact, hook)
        after: dict[str, Callable[[Progress], None]] = {
            "AgentWhisper": self._out_of_queue,
            "CustomerWhisper": self.join,
            "Outbound": self.join,
        }
        if not flow:
            after[hook](progress)
        elif hook == "AgentWhisper":
            self._driver.start(progress, "agent-whisper", flow)
        else:
            self._driver.start(progress, "customer-whisper" if hook == "CustomerWhisper" else "outbound-whisper", flow)

    def _whispered(self, progress: Progress, _leg: Leg, _turn: Ended) -> None:
        progress.agent = None
        self._out_of_queue(progress)

    def _out_of_queue(self, progress: Progress) -> None:
        contact = progress.contact
        self._queueing.leave(contact, "agent")
        if progress.customer is not None:
            progress.customer.stop()
            progress.customer = None
        if contact.initiation == "CALLBACK":
            self._dial(progress)
        else:
            self._run(progress, "CustomerWhisper")

    def _dial(self, progress: Progress) -> None:
        self._ground.tell("dialled", progress.contact)
        answered = progress.script.answers
        act = (lambda: self._run(progress, "Outbound")) if answered else (lambda: self.unanswered(progress))
        progress.plan("dial", self._ground.after(ANSWER_SECONDS, act))

    def _whispered_to_customer(self, progress: Progress, _leg: Leg, _turn: Ended) -> None:
        self.join(progress)

    def _outbound_whispered(self, progress: Progress, leg: Leg, turn: Ended) -> None:
        if turn.how == "dial":  # the customer of a callback is on the line already
            self._driver.go_on(progress, leg)
        else:
            self.join(progress)

    def join(self, progress: Progress) -> None:
        """Agent and customer talk from now on."""
        contact, now = progress.contact, self._ground.now()
        agent = self.agent_of(progress)
        progress.customer = None
        progress.state = "connected"
        contact.connected = now
        if agent is not None:
            held = agent.contacts[contact.id]
            held.state, held.since, held.connected = "CONNECTED", now, now
            agent.answered += 1
        progress.outcome = "answered"
        self._ground.tell("connected", contact)
        if progress.script.on_change is not None:
            progress.script.on_change(progress, "answered")
        talk = progress.script.talk
        if talk is not None:
            progress.plan("talk", self._ground.after(talk, lambda: self.leave(progress, "CUSTOMER_DISCONNECT")))
        elif agent is not None and agent.talk is not None:
            by = "CUSTOMER_DISCONNECT" if contact.channel == "VOICE" else "AGENT_DISCONNECT"
            if progress.script.interactive:
                by = "AGENT_DISCONNECT"
            progress.plan("talk", self._ground.after(agent.talk, lambda: self.leave(progress, by)))

    def take(self, progress: Progress, agent: Agent) -> None:
        """An agent has a contact at once, without an offer."""
        contact, now = progress.contact, self._ground.now()
        contact.agent = agent.id
        agent.contacts[contact.id] = AgentContact(
            contact.id, contact.channel, contact.queue, contact.initiation, "CONNECTED", now
        )
        self.join(progress)

    def hold(self, progress: Progress) -> None:
        """The agent puts the customer on hold."""
        agent, contact = self.agent_of(progress), progress.contact
        if progress.state != "connected" or progress.held_since is not None or agent is None:
            return
        progress.held_since = self._ground.now()
        contact.holds += 1
        agent.contacts[contact.id].state = "CONNECTED_ONHOLD"
        self._ground.tell("held", contact)
        flow = hook_flow(self._ground.instance(contact), contact, "CustomerHold")
        if flow:
            self._driver.start(progress, "hold", flow)

    def resume(self, progress: Progress) -> None:
        """The agent takes the customer off hold."""
        agent, contact = self.agent_of(progress), progress.contact
        if progress.held_since is None:
            return
        contact.hold_seconds += self._ground.now() - progress.held_since
        progress.held_since = None
        if progress.customer is not None:
            progress.customer.stop()
            progress.customer = None
        if agent is not None and contact.id in agent.contacts:
            agent.contacts[contact.id].state = "CONNECTED"
        self._ground.tell("resumed", contact)

    def part(self, progress: Progress) -> None:
        """The agent is no longer with the customer: after-call work, or free at once where they were never joined."""
        agent, contact = self.agent_of(progress), progress.contact
        if agent is None or contact.id not in agent.contacts:
            return
        self.resume(progress)
        held = agent.contacts[contact.id]
        if held.connected is None:
            self._free(agent, contact.id)
            return
        held.state, held.since = "ENDED", self._ground.now()
        contact.acw_begun = held.since
        self._ground.tell("left", contact)
        if agent.acw is not None:
            self._ground.after(agent.acw, lambda: self.wrap(agent, contact.id))

    def wrap(self, agent: Agent, named: str) -> None:
        """After-call work is over, or a missed contact dismissed."""
        held, contact = agent.contacts.get(named), self._ground.store.all.get(named)
        if held is None or held.state not in ("ENDED", "MISSED"):
            return
        if held.state == "ENDED" and contact is not None:
            contact.acw_ended = self._ground.now()
            self._ground.tell("wrapped", contact, agent=agent.id)
        self._free(agent, named)

    def _free(self, agent: Agent, named: str) -> None:
        del agent.contacts[named]
        self._ground.roster.released(agent)
        self.agent_free(agent)
