"""Every type of action that flows may hold, and how the sandbox runs it: the interpreter and its page of documentation read this.

https://docs.aws.amazon.com/connect/latest/APIReference/flow-language-actions.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.connect.running.action import (
    AGENT_TRANSFER,
    AGENT_WHISPER,
    CALLERS,
    CALLS,
    CHATS,
    CUSTOMER_WHISPER,
    OUTBOUND,
    QUEUE,
    WHISPERS,
    WITH_OUTBOUND,
    WITH_QUEUE,
    Action,
    not_run,
)
from sbctl.sandbox.connect.running.actions import (
    attributes,
    bots,
    calls,
    checks,
    contacts,
    flows,
    functions,
    keys,
    loops,
    prompts,
    queues,
    settings,
    views,
)
from sbctl.sandbox.connect.running.outcome import ERROR

HOLD = frozenset({"CUSTOMER_HOLD", "AGENT_HOLD"})
NOT_A_NUMBER = dict.fromkeys(("CHAT", "TASK"), calls.NO_NUMBER)
QUIET = dict.fromkeys(("CHAT", "TASK"), "")
PROFILES = "Customer Profiles is not simulated."
CASES = "Cases is not simulated."
TABLES = "Data tables are not simulated."
EMAIL = "E-mail is not simulated."
VOICE_ID = "Voice ID ended on 2026-05-20: as in AWS, its error branch is taken."


def _not(note: str) -> Action:
    return Action(not_run, how="not run", note=note)


PARTICIPANT: Mapping[str, Action] = {
    "MessageParticipant": Action(
        prompts.message,
        note="Sound takes no time. Files in S3 are not opened.",
        goes_on=True,
        types=WITH_QUEUE | WHISPERS,
    ),
    "MessageParticipantIteratively": Action(
        prompts.iterate,
        prompts.interrupted,
        note="All messages are heard once on entry, and once more after each interrupt.",
        channels=CALLS,
        types=HOLD | {QUEUE},
    ),
    "GetParticipantInput": Action(
        keys.ask,
        keys.answer,
        note="Encrypted input is an opaque text that nobody can decrypt.",
        channels=CALLS,
        types=WITH_OUTBOUND,
        is_input=True,
    ),
    "ConnectParticipantWithLexBot": Action(
        bots.connect,
        bots.answered,
        note="Answers come from a script given to the sandbox; a bot without one takes NoMatchingError.",
        how="scripted",
        channels={"TASK": ERROR},
        types=WITH_OUTBOUND,
        is_input=True,
        is_logged_twice=True,
    ),
    "ShowView": Action(
        views.show,
        views.answered,
        note="In chats and guides. Whether the view exists is not looked at.",
        is_input=True,
        is_logged_twice=True,
        types=frozenset({"CONTACT_FLOW", QUEUE}),
    ),
    "DisconnectParticipant": Action(flows.disconnect, types=WITH_QUEUE),
    "AuthenticateParticipant": _not("Sign-in by Cognito and Customer Profiles is not simulated."),
    "TransferParticipantToThirdParty": Action(
        calls.third_party,
        calls.third_party_ended,
        note="Whether a third party answers is settled by the sandbox's callers.",
        channels=CALLS,
        types=WITH_QUEUE,
        is_input=True,
        is_logged_twice=True,
    ),
}
CONTACT: Mapping[str, Action] = {
    "UpdateContactTargetQueue": Action(queues.set_queue, types=CALLERS),
    "TransferContactToQueue": Action(queues.enqueue, types=CALLERS, is_logged_twice=True),
    "DequeueContactAndTransferToQueue": Action(
        queues.requeue,
        note="Without QueueId the contact goes to the target queue.",
        types=frozenset({QUEUE}),
        is_logged_twice=True,
    ),
    "TransferContactToAgent": Action(
        queues.to_agent,
        channels=CALLS,
        types=frozenset({AGENT_TRANSFER, "QUEUE_TRANSFER"}),
        is_logged_twice=True,
    ),
    "RouteContactToAgent": Action(
        queues.offer,
        note="AWS's parameters are unknown: an AgentId is read, without one its error branch is taken.",
        types=frozenset({QUEUE}),
    ),
    "UpdateContactAttributes": Action(attributes.set_attributes),
    "UpdateContactData": Action(attributes.set_data, note="Settings of Voice ID take the error branch."),
    "UpdateContactCallbackNumber": Action(
        calls.set_callback,
        note="Every country code that there is can be dialled.",
        channels=NOT_A_NUMBER,
        types=WITH_QUEUE,
    ),
    "UpdateContactEventHooks": Action(settings.set_hooks),
    "UpdateContactTextToSpeechVoice": Action(
        settings.set_voice,
        note="Voices and engines are those of Polly's model; which of them go together is not looked at.",
        channels=QUIET,
    ),
    "UpdateContactRecordingBehavior": Action(
        settings.set_recording,
        channels={"TASK": ERROR},
        types=WITH_OUTBOUND,
        goes_on=True,
    ),
    "UpdateContactRecordingAndAnalyticsBehavior": Action(settings.set_analytics, note="Nothing is analysed."),
    "UpdateContactMediaProcessing": Action(
        settings.set_processing,
        note="Succeeds on chats; messages are not processed.",
        channels=dict.fromkeys(("VOICE", "TASK"), settings.MISMATCH),
    ),
    "UpdateContactMediaStreamingBehavior": Action(
        settings.set_streaming,
        note="The stream has an ARN and holds nothing.",
        channels=CALLS,
        types=WITH_QUEUE | WHISPERS,
    ),
    "UpdateContactRoutingBehavior": Action(queues.set_routing, types=WITH_QUEUE),
    "UpdateContactRoutingCriteria": Action(queues.set_criteria, types=WITH_QUEUE),
    "UpdatePreviousContactParticipantState": Action(
        settings.hold_previous,
        note="Succeeds in transfers; nobody is put on hold.",
        channels=CALLS,
        types=CALLERS | {OUTBOUND},
    ),
    "TagContact": Action(attributes.tag),
    "UntagContact": Action(attributes.untag),
    "ResumeContact": Action(
        settings.resume,
        note="Succeeds on tasks, which are never paused.",
        channels=dict.fromkeys(("VOICE", "CHAT"), ERROR),
    ),
    "CompleteOutboundCall": Action(calls.dial, calls.dialled, channels=CALLS, types=frozenset({OUTBOUND})),
    "CreatePersistentContactAssociation": Action(
        settings.rehydrate, note="Sets the related contact; no transcript is copied.", channels=CHATS
    ),
    "CreateContact": _not(EMAIL),
    "RenderMessageTemplate": _not("Message templates are not simulated."),
    "StartOutboundEmailContact": _not(EMAIL),
    "StartOutboundChatContact": Action(contacts.start_chat, note="The chat's messages go nowhere."),
    "LoadContactContent": _not(EMAIL),
    "CreateTask": Action(contacts.create_task, note="Of a template only its flow counts."),
    "CreateWisdomSession": _not("Connect's assistant is not simulated."),
    "CreateCase": _not(CASES),
    "GetCase": _not(CASES),
    "UpdateCase": _not(CASES),
    "InvokeFlowModule": Action(flows.invoke, is_logged_twice=True),
}
CONTROL: Mapping[str, Action] = {
    "TransferToFlow": Action(flows.transfer, types=CALLERS, is_logged_twice=True),
    "UpdateFlowAttributes": Action(attributes.set_flow_attributes),
    "Compare": Action(checks.compare),
    "CheckHoursOfOperation": Action(checks.hours, types=WITH_QUEUE),
    "CheckMetricData": Action(checks.metric, types=WITH_QUEUE),
    "GetMetricData": Action(checks.metrics, note="Figures are of all channels together."),
    "CheckOutboundCallStatus": Action(
        checks.call_status,
        note="There are no campaigns: as in AWS for all other calls, its error branch is taken.",
    ),
    "CheckVoiceId": _not(VOICE_ID),
    "StartVoiceIdStream": _not(VOICE_ID),
    "DistributeByPercentage": Action(checks.percentage, types=WITH_OUTBOUND),
    "Loop": Action(
        loops.loop, note="Names and lists of loops are read as LoopName and Elements; AWS's names are unknown."
    ),
    "Wait": Action(loops.wait, loops.waited, types=frozenset({"CONTACT_FLOW", QUEUE}), is_input=True),
    "EndFlowExecution": Action(flows.end),
    "EndFlowModuleExecution": Action(flows.module_result),
    "UpdateFlowLoggingBehavior": Action(settings.set_logging),
}
INTERACTIONS: Mapping[str, Action] = {
    "InvokeLambdaFunction": Action(
        functions.invoke,
        functions.answered,
        note="The function really runs.",
        types=WITH_QUEUE | {CUSTOMER_WHISPER, AGENT_WHISPER, OUTBOUND} | HOLD,
        is_logged_twice=True,
    ),
    "CreateCallbackContact": Action(calls.call_back, channels=CALLS, types=WITH_QUEUE),
    "GetCustomerProfile": _not(PROFILES),
    "CreateCustomerProfile": _not(PROFILES),
    "UpdateCustomerProfile": _not(PROFILES),
    "GetCustomerProfileObject": _not(PROFILES),
    "GetCalculatedAttributesForCustomerProfile": _not(PROFILES),
    "AssociateContactToCustomerProfile": _not(PROFILES),
    "CheckSegmentMembershipForCustomerProfile": _not(PROFILES),
    "EvaluateDataTableValues": _not(TABLES),
    "ListDataTableValues": _not(TABLES),
    "UpsertDataTableValues": _not(TABLES),
}
GROUPS: Mapping[str, Mapping[str, Action]] = {
    "Participant actions": PARTICIPANT,
    "Contact actions": CONTACT,
    "Flow control": CONTROL,
    "Interactions": INTERACTIONS,
}
"""Heading of the page → the actions under it."""
ACTIONS: Mapping[str, Action] = {name: action for group in GROUPS.values() for name, action in group.items()}
UNKNOWN = Action(not_run, how="not run", goes_on=True)
"""What no page and no table names: its error branch, or else the next action."""


def action_of(type_: str) -> Action:
    """How a type is run, also one that nobody knows."""
    return ACTIONS.get(type_, UNKNOWN)
