"""What a flow sets for the rest of a contact: voice, logging, recording, event hooks, streams.

https://docs.aws.amazon.com/connect/latest/adminguide/set-voice.html
https://docs.aws.amazon.com/connect/latest/adminguide/set-logging-behavior.html
https://docs.aws.amazon.com/connect/latest/adminguide/set-recording-behavior.html
https://docs.aws.amazon.com/connect/latest/adminguide/start-media-streaming.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sbctl.sandbox.connect.running.context import RunContext
from sbctl.sandbox.connect.running.outcome import Done, Failed, Outcome
from sbctl.sandbox.connect.running.program import Step
from sbctl.sandbox.connect.running.values.references import text
from sbctl.sandbox.connect.running.values.targets import flow_of_type
from sbctl.sandbox.wire import models

VOICE = "Joanna"
INBOUND = frozenset({"CONTACT_FLOW"})
HOOKS = {
    "CustomerQueue": frozenset({"CUSTOMER_QUEUE"}),
    "AgentWhisper": frozenset({"AGENT_WHISPER"}),
    "CustomerWhisper": frozenset({"CUSTOMER_WHISPER"}),
    "AgentHold": frozenset({"AGENT_HOLD"}),
    "CustomerHold": frozenset({"CUSTOMER_HOLD"}),
    "CustomerRemaining": INBOUND,
    "DefaultAgentUI": INBOUND,
    "DisconnectAgentUI": INBOUND,
    "PauseContact": INBOUND,
    "ResumeContact": INBOUND,
}
"""Event hook → the types of flows that it takes."""
HOLDS = ("AgentHold", "CustomerHold")
BEHAVIOURS = {"VoiceBehavior": "VOICE", "ChatBehavior": "CHAT", "ScreenRecordingBehavior": "TASK"}
MISMATCH = "ChannelMismatch"


def set_voice(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactTextToSpeechVoice. Which engine a voice has is not looked at."""
    voice, engine = text(parameters.get("TextToSpeechVoice")), text(parameters.get("TextToSpeechEngine")) or "standard"
    if voice not in _polly("VoiceId") or engine.lower() not in _polly("Engine"):
        context.contact.voice = VOICE
        return Failed(why=f"there is no voice {voice} with the engine {engine}")
    context.contact.voice = voice
    return Done()


@cache
def _polly(shape: str) -> frozenset[str]:
    """The values that Polly's model has."""
    return frozenset(models.service_model("polly").shape_for(shape).enum)


def set_logging(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateFlowLoggingBehavior."""
    context.contact.logging = parameters.get("FlowLoggingBehavior") == "Enabled"
    return Done()


def set_recording(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactRecordingBehavior."""
    return _record(context, parameters.get("RecordingBehavior"))


def set_analytics(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactRecordingAndAnalyticsBehavior: of another channel than the contact's it does not match."""
    name = next((one for one in BEHAVIOURS if parameters.get(one) is not None), "")
    if BEHAVIOURS.get(name) != context.contact.channel:
        return Failed(MISMATCH, f"{name or 'nothing'} is not for {context.contact.channel}")
    behaviour = parameters[name]
    voice = behaviour.get("VoiceRecordingBehavior") if isinstance(behaviour, Mapping) else None
    return _record(context, voice) if name == "VoiceBehavior" and voice is not None else Done()


def _record(context: RunContext, behaviour: Any) -> Outcome:
    who = behaviour.get("RecordedParticipants") if isinstance(behaviour, Mapping) else None
    if who is not None:
        context.contact.recording = frozenset(text(one) for one in who) if isinstance(who, list) else frozenset()
    return Done()


def set_hooks(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactEventHooks: all or none. A hook that is switched off has no flow."""
    found: dict[str, str] = {}
    given, off = parameters.get("EventHooks"), parameters.get("EventHooksConfiguration")
    for hook, named in given.items() if isinstance(given, Mapping) else ():
        flow = flow_of_type(context.instance, named, HOOKS.get(hook, frozenset()))
        if not flow or (hook in HOLDS and context.contact.channel != "VOICE"):
            return Failed(why=f"{named} is no flow for {hook}")
        found[hook] = flow
    for hook, settings in off.items() if isinstance(off, Mapping) else ():
        if isinstance(settings, Mapping) and text(settings.get("DisableExecution")) == "true":
            found[hook] = ""
    context.contact.hooks.update(found)
    return Done()


def set_streaming(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactMediaStreamingBehavior: the stream has a name and holds nothing."""
    kinds = [storage["kind"] for storage in context.instance.storage.values()]
    if "MEDIA_STREAMS" not in kinds:
        return Failed(why="the instance has no storage of media streams")
    contact, now = context.contact, str(int(context.now * 1000))
    audio = context.frame.data.get("MediaStreams", {}).get("Customer", {}).get("Audio", {})
    if parameters.get("MediaStreamingState") == "Enabled":
        arn = f"arn:aws:kinesisvideo:{contact.region}:{_account(context)}:stream/sandbox-connect-contact-{contact.id}/0"
        audio = {"StreamARN": arn, "StartTimestamp": now, "StartFragmentNumber": "1"}
    else:
        audio = {**audio, "StopTimestamp": now}
    context.frame.data["MediaStreams"] = {"Customer": {"Audio": audio}}
    return Done()


def _account(context: RunContext) -> str:
    return context.instance.arn.split(":")[4]


def set_processing(_context: RunContext, _step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """UpdateContactMediaProcessing: messages are not processed, the flow goes on."""
    return Done()


def hold_previous(context: RunContext, _step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """UpdatePreviousContactParticipantState: only where an agent transfers a contact."""
    return Done() if context.contact.previous else Failed(why="no agent transfers this contact")


def resume(_context: RunContext, _step: Step, _parameters: Mapping[str, Any]) -> Outcome:
    """ResumeContact: no task is ever paused here."""
    return Done()


def rehydrate(context: RunContext, _step: Step, parameters: Mapping[str, Any]) -> Outcome:
    """CreatePersistentContactAssociation: once a chat."""
    source = text(parameters.get("SourceContactId"))
    if not source or context.contact.related:
        return Failed(why="there is no earlier chat, or one is attached already")
    context.contact.related = source
    return Done()
