"""What a participant hears: prompts, and prompts that repeat.

https://docs.aws.amazon.com/connect/latest/adminguide/play.html
https://docs.aws.amazon.com/connect/latest/adminguide/loop-prompts.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from sbctl.sandbox.connect.flow_language.references import found
from sbctl.sandbox.connect.running.context import Back, Pending, RunContext
from sbctl.sandbox.connect.running.contract import Elapsed, Event, Waiting
from sbctl.sandbox.connect.running.outcome import Done, Failed, Outcome, Paused
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.conditions import number
from sbctl.sandbox.connect.running.values.references import text

MOST_CHARACTERS = 6000
KINDS = ("PromptId", "Text", "SSML", "Media")


def message(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """MessageParticipant."""
    if parameters.get("SkipWhenDTMFBufferEnabled") == "true" and context.buffer:
        return Done()
    if not any(parameters.get(kind) for kind in KINDS):
        return Failed(why="there is nothing to say")
    return speak(context, step, parameters) or Done()


def speak(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Failed | None:
    """Say what parameters hold; nothing where they hold nothing. The failure of what cannot be said."""
    for kind in KINDS:
        value = parameters.get(kind)
        if value is not None and value != "":
            said = text(value.get("Uri")) if kind == "Media" and isinstance(value, Mapping) else text(value)
            spoken = "SSML" if kind == "Text" and said.startswith("<speak>") else kind
            failed = _trouble(context, spoken, said)
            if failed is None:
                context.say(step, spoken, said)
            return failed
    return None


def _trouble(context: RunContext, kind: str, said: str) -> Failed | None:
    if kind != "Text" and context.contact.channel != "VOICE":
        return Failed(why=f"{kind} is for calls")
    if len(said) > MOST_CHARACTERS:
        return Failed(why=f"more than {MOST_CHARACTERS} characters")
    if kind == "PromptId" and found(context.instance, "prompt", said) is None:
        return Failed(why=f"there is no prompt {said}")
    return Failed(why="SSML is not well-formed") if kind == "SSML" and not _is_ssml(said) else None


def _is_ssml(said: str) -> bool:
    try:
        return ElementTree.fromstring(said).tag.rpartition("}")[2] == "speak"
    except ElementTree.ParseError:
        return False


def iterate(context: RunContext, step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """MessageParticipantIteratively: all messages at once, since no time is given to sound, then the wait for an interrupt.

    Back from a branch that interrupted them they begin again, or, where they go on meanwhile, only if the branch made sound.
    """
    frame = context.frame
    back = frame.back if frame.back is not None and frame.back.at == step.identifier else None
    frame.back = None
    goes_on = parameters.get("ContinueMessagingDuringInterrupt") == "true"
    if back is None or not goes_on or context.spoken != back.spoken:
        failed = _all_messages(context, step, parameters.get("Messages"))
        if failed is not None:
            return failed
    interval = number(parameters.get("InterruptFrequencySeconds"))
    until = None if interval is None or interval <= 0 else context.now + float(interval)
    return Paused(Waiting("prompts", step.identifier, until, keys=context.buffering))


def _all_messages(context: RunContext, step: Step, messages: Any) -> Failed | None:
    rows = [one for one in messages if isinstance(one, Mapping)] if isinstance(messages, list) else []
    if not rows:
        return Failed(why="there are no messages")
    return next((failed for one in rows if (failed := speak(context, step, one)) is not None), None)


def interrupted(context: RunContext, step: Step, _pending: Pending, event: Event) -> Outcome | None:
    """The time of an interrupt: its branch runs, and leads back here at its end."""
    if not isinstance(event, Elapsed):
        return None
    context.frame.back = Back(step.identifier, context.spoken)
    return Done("MessagesInterrupted")
