"""What runs flows: the interpreter, what bots answer, and whether hours of operation are open."""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.live.centre import Hours
from sbctl.sandbox.connect.contacts.live.driver import Bots, Runs
from sbctl.sandbox.connect.running.contract import BotRequest, LexAnswered
from sbctl.sandbox.connect.running.run import FlowRun
from sbctl.sandbox.connect.store import Instance


@dataclass(frozen=True)
class Engine:
    """One of each. Tests have their own."""

    runs: Runs
    bots: Bots
    hours: Hours


def understood(_contact: Contact, _request: BotRequest, text: str) -> LexAnswered | None:
    """The bot of a sandbox without a script for it: what is said is the intent."""
    return LexAnswered({"IntentName": text}) if text else LexAnswered(error="NoMatchingCondition")


def _no_hours(_instance: Instance, _hours: str, _when: float) -> bool | str:
    return "NoMatchingError"


ENGINE = Engine(FlowRun, understood, _no_hours)
