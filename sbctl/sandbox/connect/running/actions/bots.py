"""A Lex bot has the conversation until it is done.

https://docs.aws.amazon.com/connect/latest/adminguide/get-customer-input.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.running.actions.prompts import speak
from sbctl.sandbox.connect.running.context import Pending, RunContext
from sbctl.sandbox.connect.running.contract import BotRequest, Elapsed, Event, LexAnswered, Waiting
from sbctl.sandbox.connect.running.outcome import NO_MATCH, TIMEOUT, Asked, Failed, Outcome, Paused
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.conditions import number
from sbctl.sandbox.connect.running.values.references import text

SILENCE_SECONDS = 15.0
"""After so long a bot on a call falls back; chosen here, as a bot's settings say it in AWS."""
CHAT_SECONDS = 12 * 3600.0
FALLBACK = "FallbackIntent"


def connect(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """ConnectParticipantWithLexBot."""
    context.stop_buffering()
    bot, old = parameters.get("LexV2Bot"), parameters.get("LexBot")
    alias = text(bot.get("AliasArn")) if isinstance(bot, Mapping) else ""
    if not alias and isinstance(old, Mapping):
        alias = ":".join(text(old.get(name)) for name in ("Name", "Alias"))
    if not alias:
        return Failed(why="no bot is named")
    failed = speak(context, step, parameters)
    if failed is not None:
        return failed
    context.chained = 0.0
    given = parameters.get("LexSessionAttributes")
    session = {str(key): text(value) for key, value in given.items()} if isinstance(given, Mapping) else {}
    until = context.now + _seconds(context, parameters)
    return Paused(Waiting("bot", step.identifier, until, keys=True, words=True, request=BotRequest(alias, session)))


def _seconds(context: RunContext, parameters: Mapping[str, Any]) -> float:
    if context.contact.channel == "VOICE":
        return SILENCE_SECONDS
    limits = parameters.get("LexTimeoutSeconds")
    given = number(limits.get("Text")) if isinstance(limits, Mapping) else None
    return CHAT_SECONDS if given is None or given <= 0 else float(given)


def answered(context: RunContext, _step: Step, _pending: Pending, event: Event) -> Outcome | None:
    """What the bot understood becomes `$.Lex`; the intent's name is the result."""
    if isinstance(event, Elapsed):
        if context.contact.channel != "VOICE":
            return Failed(TIMEOUT, "the customer wrote nothing")
        event = LexAnswered({"IntentName": FALLBACK})
    if not isinstance(event, LexAnswered):
        return None
    if event.error:
        return Failed(event.error, event.why)
    context.frame.data["Lex"] = dict(event.values)
    intent = text(event.values.get("IntentName"))
    return Asked(intent) if intent else Failed(NO_MATCH, "the bot understood nothing")
