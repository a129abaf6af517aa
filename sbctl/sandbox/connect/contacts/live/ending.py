"""How contacts end: by the customer, the agent, a flow, an operation, or because their region is lost.

https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html (DisconnectReason)
"""

from __future__ import annotations

from collections.abc import Callable

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.control import Outcome
from sbctl.sandbox.connect.contacts.live.driver import Driver
from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.contacts.live.joining import Joining
from sbctl.sandbox.connect.contacts.live.progress import Leg, Progress
from sbctl.sandbox.connect.contacts.live.queueing import Queueing
from sbctl.sandbox.connect.running.contract import Ended

BY_FLOW = "CONTACT_FLOW_DISCONNECT"
BY_CUSTOMER = "CUSTOMER_DISCONNECT"
BY_AGENT = "AGENT_DISCONNECT"
BY_THIRD_PARTY = "THIRD_PARTY_DISCONNECT"
NO_ANSWER = "OUTBOUND_ATTEMPT_FAILED"
TELECOM = "TELECOM_PROBLEM"
LOST_BY = frozenset({TELECOM, BY_CUSTOMER, "EXPIRED", "OTHER"})
"""Reasons for which a call that no agent answered is lost."""


class Ending:
    """Ends contacts. Used under Connect's lock."""

    def __init__(self, ground: Ground, driver: Driver, queueing: Queueing, joining: Joining) -> None:
        self._ground = ground
        self._driver = driver
        self._queueing = queueing
        self._joining = joining
        self.queued: Callable[[Progress], object] = lambda _progress: None
        """A contact is in a queue, and the flow that put it there is over."""
        self.over: Callable[[Progress], object] = lambda _progress: None
        """A call is over, as far as its customer goes."""
        self.remain: Callable[[Progress, str], object] = lambda _progress, _flow: None
        """The agent has left: a flow is to run for the customer who is still there."""
        joining.leave = self.leave
        driver.ended |= {
            "inbound": self._flow_ended,
            "disconnect": self._flow_ended,
            "queue": self._queue_flow_ended,
            "hold": self._hold_flow_ended,
        }

    def _flow_ended(self, progress: Progress, _leg: Leg, turn: Ended) -> None:
        if turn.how == "queued" and self._queueing.waits(progress.contact):
            self.queued(progress)
        elif progress.contact.id in self._ground.progress:
            if turn.how == "error":
                progress.outcome = progress.outcome or "lost"  # nobody chose that end for the caller
                progress.failure = turn.why
            self.end(progress, BY_THIRD_PARTY if turn.how == "third-party" else BY_FLOW)

    def _queue_flow_ended(self, progress: Progress, _leg: Leg, turn: Ended) -> None:
        """The customer waits on in silence, unless the flow hangs up or has sent the call elsewhere."""
        progress.customer = None
        if progress.silent:
            return
        if turn.how in ("disconnect", "third-party"):
            self.end(progress, BY_THIRD_PARTY if turn.how == "third-party" else BY_FLOW)

    def _hold_flow_ended(self, progress: Progress, _leg: Leg, _turn: Ended) -> None:
        progress.customer = None

    def leave(self, progress: Progress, reason: str) -> None:
        """One side of a conversation hangs up. Where the agent does, a disconnect flow may run for the customer."""
        contact = progress.contact
        flow = contact.hooks.get("CustomerRemaining", "")
        stays = reason == BY_AGENT or (contact.channel != "VOICE" and reason == BY_CUSTOMER)
        if flow and stays and progress.state == "connected":
            self.remain(progress, flow)
        else:
            self.end(progress, reason)

    def end(self, progress: Progress, reason: str) -> None:
        """It is over for the customer: its flows, its place in a queue, its timers. The agent goes on to after-call work."""
        contact = progress.contact
        if contact.ended is not None:
            return
        state, progress.state = progress.state, "ended"
        progress.stop()
        if self._queueing.waits(contact):
            self._queueing.leave(contact, "ended")
        contact.ended, contact.reason = self._ground.now(), reason
        self._ground.progress.pop(contact.id, None)
        if contact.channel == "VOICE" and contact.initiation != "CALLBACK":
            self._ground.calls[contact.instance] = max(0, self._ground.calls.get(contact.instance, 0) - 1)
        progress.outcome = progress.outcome or _outcome(contact, state, reason)
        if state in ("ringing", "connected"):
            self._joining.part(progress)
        self._ground.tell("ended", contact)
        if progress.silent:
            return
        self.over(progress)
        if progress.script.on_change is not None:
            progress.script.on_change(progress, "ended")

    def lose(self, region: str) -> int:
        """A region is lost: all its contacts end at once. How many they were."""
        lost = [one for one in self._ground.progress.values() if one.contact.region == region]
        for progress in lost:
            self.end(progress, TELECOM)
        return len(lost)


def _outcome(contact: Contact, state: str, reason: str) -> Outcome:
    """How a call went that no agent answered."""
    if reason in LOST_BY or (contact.queued is not None and reason != BY_FLOW and state != "flow"):
        return "lost"
    return "served"
