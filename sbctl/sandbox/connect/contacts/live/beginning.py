"""How contacts begin: calls in and out, chats, tasks, callbacks, transfers, and what follows when an agent leaves.

https://docs.aws.amazon.com/connect/latest/adminguide/contact-initiation-methods.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sbctl.sandbox.connect.contacts.contact import Channel, Contact, Initiation
from sbctl.sandbox.connect.contacts.live.driver import ANSWER_SECONDS, Driver
from sbctl.sandbox.connect.contacts.live.ending import BY_FLOW, NO_ANSWER, Ending
from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.contacts.live.hooks import hook_flow
from sbctl.sandbox.connect.contacts.live.joining import Joining
from sbctl.sandbox.connect.contacts.live.progress import Progress, Script
from sbctl.sandbox.connect.contacts.live.queueing import UNKNOWN, Queueing
from sbctl.sandbox.connect.contacts.live.router import Router
from sbctl.sandbox.connect.store import Instance, bare

MOST_IN_CHAIN = 12
"""Contacts of one chain of queue transfers.
https://docs.aws.amazon.com/connect/latest/adminguide/queue-to-queue-transfer.html"""


class Beginning:
    """Begins contacts and lets their flows run. Used under Connect's lock."""

    def __init__(
        self, ground: Ground, driver: Driver, queueing: Queueing, joining: Joining, ending: Ending, router: Router
    ) -> None:
        self._ground = ground
        self._driver = driver
        self._queueing = queueing
        self._ending = ending
        self._router = router
        self._joining = joining
        self.went_on: Callable[[Contact, Progress], object] = lambda _old, _new: None
        """The call goes on as another contact."""
        joining.wait_on = self._waits_on
        joining.agent_free = router.agent_free
        joining.unanswered = self.unanswered
        ending.queued = self._queued
        ending.remain = self._remain

    def contact(self, instance: Instance, channel: Channel, initiation: Initiation, **values: Any) -> Contact:
        """A new contact, of which nothing runs yet."""
        now = self._ground.now()
        named = str(uuid4())
        given = {"initial": named, **values}
        return Contact(
            id=named,
            region=instance.region,
            instance=instance.id,
            channel=channel,
            initiation=initiation,
            begun=now,
            **given,
        )

    def begin(self, contact: Contact, flow: str, script: Script | None = None, *, dial: bool = False) -> Progress:
        """Let a contact begin: its flow runs as soon as what is being answered now is answered. `dial`: the customer is called."""
        progress = self._in(contact, script)
        when = self._ground.now() if contact.scheduled is None else contact.scheduled

        def run() -> None:
            if contact.ended is None:
                self.run(progress, flow)

        def call() -> None:
            if contact.ended is None:
                self._ground.tell("dialled", contact)
                progress.plan("dial", self._ground.after(ANSWER_SECONDS, run if progress.script.answers else hang_up))

        def hang_up() -> None:
            self._ending.end(progress, NO_ANSWER)

        progress.plan("begin", self._ground.at(when, call if dial else run))
        return progress

    def _in(self, contact: Contact, script: Script | None) -> Progress:
        self._ground.store.add(contact)
        progress = Progress(contact, script or Script())
        self._ground.progress[contact.id] = progress
        if contact.channel == "VOICE" and contact.initiation != "CALLBACK":
            self._ground.calls[contact.instance] = self._ground.calls.get(contact.instance, 0) + 1
        self._ground.tell("begun", contact)
        return progress

    def reschedule(self, progress: Progress, when: float) -> None:
        """Let a contact that has not begun begin at another time."""
        begin = progress.timers["begin"].act
        progress.contact.scheduled = when
        progress.plan("begin", self._ground.around.scheduler.at(when, begin))
        self._ground.tell("attributes", progress.contact)

    def stand_for(self, contact: Contact, *, joined: bool, over: bool) -> None:
        """A contact that is handled elsewhere: no flow runs for it. `joined`: its agent has it; `over`: it has ended."""
        progress = self._in(contact, Script(interactive=True))
        user = self._ground.instance(contact).all("agent").get(contact.agent)
        if joined and user is not None:
            self._joining.take(progress, self._ground.roster.user(self._ground.instance(contact), user))
        elif over:
            self._ending.end(progress, "API")

    def run(self, progress: Progress, flow: str) -> None:
        """Run the flow with which a contact begins."""
        progress.state = "flow"
        if progress.script.on_change is not None:
            progress.script.on_change(progress, "taken")
        self._driver.start(progress, "inbound", flow)

    def _queued(self, progress: Progress) -> None:
        """It waits: the customer queue flow runs, and an agent is looked for. A caller has so much patience."""
        contact = progress.contact
        progress.state = "queued"
        if progress.script.on_change is not None:
            progress.script.on_change(progress, "queued")
        if progress.script.patience is not None and contact.initiation != "CALLBACK":
            progress.plan("patience", self._ground.after(progress.script.patience, lambda: self._give_up(progress)))
        flow = hook_flow(self._ground.instance(contact), contact, "CustomerQueue")
        if flow and contact.initiation != "CALLBACK":
            self._driver.start(progress, "queue", flow)
        if progress.state == "queued":
            self._router.contact_waits(progress)

    def _give_up(self, progress: Progress) -> None:
        if progress.state in ("queued", "ringing"):
            self._ending.end(progress, "CUSTOMER_DISCONNECT")

    def _waits_on(self, progress: Progress) -> None:
        if self._queueing.waits(progress.contact):
            self._router.contact_waits(progress)
        else:  # the offer came after it had left its queue
            self._ending.end(progress, "OTHER")

    def waits(self, progress: Progress) -> None:
        """A contact without a flow waits for an agent from now on."""
        self._queued(progress)

    def enqueue(self, contact: Contact, queue: str, agent: str) -> str:
        """Put a contact into a queue for its flow: "" done, else the error. One that waits already moves, as another contact."""
        instance = self._ground.instance(contact)
        progress = self._ground.progress.get(contact.id)
        if progress is None or progress.state in ("ringing", "connected", "ended"):
            return UNKNOWN
        if queue and agent:
            return self._interrupt(progress, instance, agent)
        error = self._queueing.refused(instance, queue, agent)
        if error:
            return error
        if not self._queueing.waits(contact):
            self._queueing.enter(contact, queue, agent)
            return ""
        if len(self._ground.store.chain(contact.initial)) >= MOST_IN_CHAIN:
            return UNKNOWN
        self._move(progress, queue, agent)
        return ""

    def _interrupt(self, progress: Progress, instance: Instance, named: str) -> str:
        """RouteContactToAgent: a contact that waits is offered to one user, whatever they do, but not when they are offline."""
        user = instance.all("agent").get(bare(named))
        agent = self._ground.roster.user(instance, user) if user is not None else None
        if agent is None or not agent.is_staffed or not self._queueing.waits(progress.contact):
            return UNKNOWN
        if any(one.state in ("CONNECTING", "MISSED") for one in agent.contacts.values()):
            return UNKNOWN
        self._joining.offer(progress, agent)
        return ""

    def _move(self, progress: Progress, queue: str, agent: str) -> None:
        """From queue to queue: the customer queue flow goes on to its end, and one runs for the next contact."""
        old = progress.contact
        progress.silent = True
        new = self.successor(old, "QUEUE_TRANSFER")
        moved = self._in(new, progress.script)
        self.went_on(old, moved)
        progress.drop("patience")
        self._queueing.leave(old, "transfer")
        self._queueing.enter(new, queue, agent)
        self._ground.at(self._ground.now(), lambda: self._moved(progress, moved))

    def _moved(self, old: Progress, new: Progress) -> None:
        self._ending.end(old, BY_FLOW)
        if new.contact.ended is None:
            self._queued(new)

    def successor(self, old: Contact, initiation: Initiation) -> Contact:
        """The next contact of a chain: what belongs to the customer goes on with it."""
        now = self._ground.now()
        return replace(
            old,
            id=str(uuid4()),
            initiation=initiation,
            begun=now,
            previous=old.id,
            agent="",
            attributes=dict(old.attributes),
            hooks=dict(old.hooks),
            tags=dict(old.tags),
            references={name: dict(one) for name, one in old.references.items()},
            queued=None,
            dequeued=None,
            connected=None,
            acw_begun=None,
            acw_ended=None,
            ended=None,
            reason="",
            offers=0,
            holds=0,
            hold_seconds=0.0,
            scheduled=None,
        )

    def _remain(self, progress: Progress, flow: str) -> None:
        """The agent has left: the disconnect flow runs for the customer, as a contact of its own."""
        new = self.successor(progress.contact, "DISCONNECT")
        new.hooks.pop("CustomerRemaining", None)
        new.queue = ""
        progress.silent = True
        script = progress.script
        self._ending.end(progress, "AGENT_DISCONNECT")
        after = self._in(new, script)
        self.went_on(progress.contact, after)
        after.outcome = progress.outcome
        self._driver.start(after, "disconnect", bare(flow))

    def transfer(self, progress: Progress, flow: str, queue: str, agent: str) -> Contact:
        """Move a contact on from whoever has it: another contact runs `flow`, with its target set."""
        new = self.successor(progress.contact, "TRANSFER")
        new.queue, new.agent = ("", bare(agent)) if agent else (bare(queue), "")
        progress.silent = True
        script = progress.script
        self._ending.end(progress, BY_FLOW)
        self.went_on(progress.contact, self.begin(new, flow, script))
        return new

    def call_back(self, contact: Contact, number: str, queue: str, settings: Mapping[str, Any]) -> str:
        """Make a callback: it waits in a queue after its delay, or runs a flow first. "" done, else an error name."""
        instance = self._ground.instance(contact)
        agent, flow = bare(str(settings.get("agent") or "")), str(settings.get("flow") or "")
        error = "" if flow else self._queueing.refused(instance, queue, agent)
        if error:
            return UNKNOWN
        new = self.successor(contact, "CALLBACK")
        new.customer = new.callback_number = number or contact.callback_number or contact.customer
        new.queue, new.agent = ("", agent) if agent else (bare(queue), "")
        script = (
            Script(answers=True, talk=self._ground.progress[contact.id].script.talk) if self._known(contact) else None
        )
        progress = self._in(new, script)
        progress.attempts = int(float(settings.get("attempts") or 0))
        progress.retry = float(settings.get("retry") or 0)
        new.scheduled = self._ground.now() if flow else self._ground.now() + float(settings.get("delay") or 0)
        act = (lambda: self.run(progress, flow)) if flow else (lambda: self._call_is_due(progress))
        progress.plan("begin", self._ground.at(new.scheduled, act))
        return ""

    def _known(self, contact: Contact) -> bool:
        return contact.id in self._ground.progress

    def _call_is_due(self, progress: Progress) -> None:
        contact = progress.contact
        error = self._queueing.refused(self._ground.instance(contact), contact.queue, contact.agent)
        if error:
            self._ending.end(progress, "OTHER")
            return
        self._queueing.enter(contact, contact.queue, contact.agent)
        self._queued(progress)

    def unanswered(self, progress: Progress) -> None:
        """A callback's customer did not answer: it is tried once more later, as another contact, or never."""
        contact, agent = progress.contact, progress.contact.agent
        if contact.initiation == "CALLBACK" and progress.attempts > 0:
            new = self.successor(contact, "CALLBACK")
            new.agent = "" if new.queue else agent
            progress.silent = True
            after = self._in(new, progress.script)
            after.attempts, after.retry = progress.attempts - 1, progress.retry
            new.scheduled = self._ground.now() + progress.retry
            after.plan("begin", self._ground.at(new.scheduled, lambda: self._call_is_due(after)))
        self._ending.end(progress, NO_ANSWER)
