"""Runs flows for contacts: hands them what happens, and plans what they wait for.

All methods are called under Connect's lock. What a flow says at its end goes to who stands in `ended` for its role.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.happenings import Said
from sbctl.sandbox.connect.contacts.live.functions import Functions
from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.contacts.live.progress import Leg, Progress, Role, Run
from sbctl.sandbox.connect.running.contract import (
    BotRequest,
    CallRequest,
    Centre,
    Elapsed,
    Ended,
    Event,
    FunctionAnswered,
    FunctionRequest,
    Keys,
    LexAnswered,
    ThirdPartyEnded,
    Turn,
    Waiting,
    Words,
)

LOG = logging.getLogger("sbctl.sandbox")
REACTION_SECONDS = 1.0
"""After which a scripted customer presses a key or says something."""
ANSWER_SECONDS = 5.0
"""After which whoever is called answers."""
THIRD_PARTY_SECONDS = 60.0
"""How long a third party talks before it hangs up."""
Runs = Callable[[Contact, Centre, str], Run]
"""Makes a run of a flow, by its id, for a contact. Raises nothing: what cannot be run ends at its first turn."""
Bots = Callable[[Contact, BotRequest, str], LexAnswered | None]
"""What a bot makes of what a customer said ("" for nothing); None while it wants to hear more."""


class Driver:
    """Runs the flows of all contacts."""

    def __init__(self, ground: Ground, centre: Centre, runs: Runs, bots: Bots) -> None:
        self._ground = ground
        self._centre = centre
        self._runs = runs
        self._bots = bots
        self.functions = Functions(ground)
        self.ended: dict[Role, Callable[[Progress, Leg, Ended], object]] = {}
        self.stepping: Leg | None = None
        """The flow that steps now."""

    def start(self, progress: Progress, role: Role, flow: str) -> None:
        """Run a flow for one side of a contact, in place of what ran for it."""
        leg = Leg(role, flow, self._runs(progress.contact, self._centre, flow))
        self._put(progress, leg)
        self._ground.tell("flow", progress.contact, detail=flow)
        self._step(progress, leg, leg.run.begin)

    def go_on(self, progress: Progress, ended: Leg) -> None:
        """Take up again a flow that ended with `dial`, now that the customer has answered."""
        leg = Leg(ended.role, ended.flow, ended.run)
        self._put(progress, leg)
        self._take(progress, leg, Elapsed())

    def _put(self, progress: Progress, leg: Leg) -> None:
        if leg.role == "agent-whisper":
            old, progress.agent = progress.agent, leg
        else:
            old, progress.customer = progress.customer, leg
        if old is not None:
            old.stop()

    def keys(self, progress: Progress, text: str) -> None:
        """The customer presses keys; a flow that does not wait for them keeps them, or not, as it was told."""
        self._hear(progress, "Keys", text)
        if progress.customer is not None:
            self._take(progress, progress.customer, Keys(text))

    def words(self, progress: Progress, text: str) -> None:
        """The customer says or writes something."""
        self._hear(progress, "Words", text)
        leg = progress.customer
        if leg is not None and leg.waiting is not None and isinstance(leg.waiting.request, BotRequest):
            self._to_bot(progress, leg, leg.waiting.request, text)
        elif leg is not None:
            self._take(progress, leg, Words(text))

    def _hear(self, progress: Progress, kind: Literal["Keys", "Words"], text: str) -> None:
        self._ground.happenings.say(Said(progress.contact, self._ground.now(), "CUSTOMER", kind, text))

    def _take(self, progress: Progress, leg: Leg, event: Event) -> None:
        self._step(progress, leg, lambda: leg.run.take(event))

    def _step(self, progress: Progress, leg: Leg, step: Callable[[], Turn]) -> None:
        before, self.stepping = self.stepping, leg
        waited = leg.waiting
        try:
            turn = step()
        except Exception:  # a fault of the interpreter ends this flow, and no other
            LOG.exception("the flow %s of contact %s failed", leg.flow, progress.contact.id)
            turn = Ended("error", why="the sandbox itself failed")
        finally:
            self.stepping = before
        if leg.over or turn is waited:
            return
        leg.rest()
        leg.serial += 1
        if isinstance(turn, Waiting):
            leg.waiting = turn
            self._await(progress, leg, turn)
            return
        leg.stop()
        if turn.how == "error":
            self._ground.tell("failed", progress.contact, detail=leg.flow)
        self.ended[leg.role](progress, leg, turn)

    def _later(self, progress: Progress, leg: Leg, event: Event) -> Callable[[], None]:
        """What hands over an event, unless the flow has gone on by then."""
        serial = leg.serial

        def act() -> None:
            if leg.serial == serial and not leg.over:
                self._take(progress, leg, event)

        return act

    def _await(self, progress: Progress, leg: Leg, wait: Waiting) -> None:
        request = wait.request
        if isinstance(request, CallRequest):
            self._call(progress, leg, wait)
            return
        if wait.until is not None:
            leg.timers.append(
                self._ground.at(self._until(progress, wait.until, wait), self._later(progress, leg, Elapsed()))
            )
        if isinstance(request, FunctionRequest):
            self._ask(progress, leg, request)
        elif leg.role != "agent-whisper":
            self._behave(progress, leg, wait)

    def _until(self, progress: Progress, until: float, wait: Waiting) -> float:
        """When a wait is over. Functions run, and people type, in real time, however fast the world's clock runs."""
        typed = progress.script.interactive and (wait.keys or wait.words)
        if not typed and not isinstance(wait.request, FunctionRequest):
            return until
        now = self._ground.now()
        return now + (until - now) * max(1.0, self._ground.clock.speed)

    def _call(self, progress: Progress, leg: Leg, wait: Waiting) -> None:
        """A third party: it answers, talks, and hangs up first; unless the flow does not wait so long for an answer."""
        answers = self._ground.now() + ANSWER_SECONDS
        late = wait.until is not None and wait.until < answers
        when = wait.until if late and wait.until is not None else answers + THIRD_PARTY_SECONDS
        event = Elapsed() if late else ThirdPartyEnded()
        leg.timers.append(self._ground.at(when, self._later(progress, leg, event)))

    def _ask(self, progress: Progress, leg: Leg, request: FunctionRequest) -> None:
        serial = leg.serial

        def answered(answer: FunctionAnswered) -> None:
            if leg.serial == serial and not leg.over:
                self._take(progress, leg, answer)

        heard = answered if request.awaited else _unheard
        leg.timers += self.functions.ask(progress.contact.region, request, heard)
        if not request.awaited:
            leg.timers.append(self._ground.after(0.0, self._later(progress, leg, FunctionAnswered())))

    def _behave(self, progress: Progress, leg: Leg, wait: Waiting) -> None:
        """Plan what a scripted customer does at this wait."""
        script, serial = progress.script, leg.serial

        def react(act: Callable[[Progress, str], None], text: str) -> None:
            def do() -> None:
                if leg.serial == serial and not leg.over:
                    act(progress, text)

            leg.timers.append(self._ground.after(REACTION_SECONDS, do))

        if isinstance(wait.request, BotRequest):
            self._begin_bot(progress, leg, wait.request)
        if (wait.words or wait.for_what == "bot") and script.says:
            react(self.words, script.says.popleft())
        elif wait.keys and script.presses:
            react(self.keys, script.presses.popleft())

    def _begin_bot(self, progress: Progress, leg: Leg, request: BotRequest) -> None:
        """A bot that cannot answer says so at once; one that hears nothing gives up where nobody will say anything."""
        answer = self._bots(progress.contact, request, "")
        if answer is None and not (progress.script.says or progress.script.interactive):
            if progress.contact.channel == "CHAT":
                return  # its customer writes when they like
            answer = LexAnswered(error="NoMatchingCondition")
        if answer is not None:
            leg.timers.append(self._ground.after(0.0, self._later(progress, leg, answer)))

    def _to_bot(self, progress: Progress, leg: Leg, request: BotRequest, text: str) -> None:
        answer = self._bots(progress.contact, request, text)
        if answer is not None:
            self._take(progress, leg, answer)
        elif leg.waiting is not None:
            leg.rest()
            leg.serial += 1
            self._await(progress, leg, leg.waiting)


def _unheard(_answer: FunctionAnswered) -> None:
    """Of a function that nobody waits for."""
