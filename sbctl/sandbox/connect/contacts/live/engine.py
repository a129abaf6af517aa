"""What runs flows: the interpreter, what bots answer, and whether hours of operation are open."""

from __future__ import annotations

from dataclasses import dataclass

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.live.centre import Hours
from sbctl.sandbox.connect.contacts.live.driver import Bots, Runs
from sbctl.sandbox.connect.contacts.live.progress import Run
from sbctl.sandbox.connect.running.contract import BotRequest, Centre, Ended, Event, LexAnswered, Turn
from sbctl.sandbox.connect.store import Instance


@dataclass(frozen=True)
class Engine:
    """One of each. Tests have their own."""

    runs: Runs
    bots: Bots
    hours: Hours


class _NoRun:
    """A flow of an interpreter that is not there."""

    def begin(self) -> Turn:
        return Ended("error", why="flows are not run")

    def take(self, _event: Event) -> Turn:
        return self.begin()


def _no_run(_contact: Contact, _centre: Centre, _flow: str) -> Run:
    return _NoRun()


def _no_bot(_contact: Contact, _request: BotRequest, _text: str) -> LexAnswered | None:
    return LexAnswered(error="NoMatchingError")


def _no_hours(_instance: Instance, _hours: str, _when: float) -> bool | str:
    return "NoMatchingError"


ENGINE = Engine(_no_run, _no_bot, _no_hours)
