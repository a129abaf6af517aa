"""What each flow action takes, branches on and must handle: the table of connect-api 7.4 as data.

https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html
"""

from __future__ import annotations

from dataclasses import dataclass

ALL = frozenset(
    {
        "CONTACT_FLOW",
        "CUSTOMER_QUEUE",
        "CUSTOMER_HOLD",
        "CUSTOMER_WHISPER",
        "AGENT_HOLD",
        "AGENT_WHISPER",
        "OUTBOUND_WHISPER",
        "AGENT_TRANSFER",
        "QUEUE_TRANSFER",
    }
)
IN = frozenset({"CONTACT_FLOW"})
TR = frozenset({"AGENT_TRANSFER", "QUEUE_TRANSFER"})
CQ = frozenset({"CUSTOMER_QUEUE"})
WH = frozenset({"CUSTOMER_WHISPER", "AGENT_WHISPER", "OUTBOUND_WHISPER"})
MODULE = "MODULE"
"""In place of a flow's type, which modules do not have: they hold what inbound flows hold, since only these use them."""
OW = frozenset({"OUTBOUND_WHISPER"})
HO = frozenset({"CUSTOMER_HOLD", "AGENT_HOLD"})


@dataclass(frozen=True)
class Rule:
    """One action type. `operators` None means that it takes no conditions; empty, any operator."""

    parameters: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    errors: frozenset[str] = frozenset()
    optional_errors: frozenset[str] = frozenset()
    operators: frozenset[str] | None = None
    operands: frozenset[str] = frozenset()
    flows: frozenset[str] = ALL
    terminal: bool = False
    holds: bool = False
    """It keeps the caller, so it may do without a next action."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


SPOKEN = "PromptId Text SSML Media"
FAILS = _set("NoMatchingError")
EQUALS = _set("Equals")
NUMBERS = _set("Equals NumberGreaterThan NumberGreaterOrEqualTo NumberLessThan NumberLessOrEqualTo")

RULES: dict[str, Rule] = {
    "MessageParticipant": Rule(_set(SPOKEN), optional_errors=FAILS, flows=IN | TR | WH | CQ),
    "MessageParticipantIteratively": Rule(
        _set("Messages InterruptFrequencySeconds"),
        _set("Messages"),
        optional_errors=FAILS,
        operators=EQUALS,
        operands=_set("MessagesInterrupted"),
        flows=CQ | HO,
        holds=True,
    ),
    "GetParticipantInput": Rule(
        _set(f"{SPOKEN} InputTimeLimitSeconds StoreInput InputValidation InputEncryption DTMFConfiguration"),
        _set("InputTimeLimitSeconds"),
        FAILS,
        _set("NoMatchingCondition InputTimeLimitExceeded InvalidPhoneNumber"),
        EQUALS,
        _set("0 1 2 3 4 5 6 7 8 9 * #"),
        IN | TR | CQ,
    ),
    "InvokeLambdaFunction": Rule(
        _set(
            "LambdaFunctionARN InvocationTimeLimitSeconds InvocationType LambdaInvocationAttributes ResponseValidation"
        ),
        _set("LambdaFunctionARN InvocationTimeLimitSeconds"),
        FAILS,
    ),
    "UpdateContactTargetQueue": Rule(_set("QueueId AgentId"), errors=FAILS, flows=IN | TR),
    "TransferContactToQueue": Rule(errors=_set("QueueAtCapacity NoMatchingError"), flows=IN | TR),
    "DequeueContactAndTransferToQueue": Rule(
        _set("QueueId AgentId"), errors=_set("QueueAtCapacity NoMatchingError"), flows=CQ
    ),
    "UpdateContactAttributes": Rule(_set("Attributes TargetContact"), _set("Attributes"), FAILS),
    "UpdateFlowAttributes": Rule(_set("FlowAttributes"), _set("FlowAttributes"), FAILS),
    "UpdateContactRecordingBehavior": Rule(_set("RecordingBehavior AnalyticsBehavior"), flows=IN | TR | OW | CQ),
    "UpdateContactRecordingAndAnalyticsBehavior": Rule(
        _set("VoiceBehavior ChatBehavior ScreenRecordingBehavior"),
        errors=_set("NoMatchingError ChannelMismatch"),
        optional_errors=_set("InFlightRedactionConfigurationFailed"),
    ),
    "CheckHoursOfOperation": Rule(
        _set("HoursOfOperationId"),
        errors=FAILS,
        operators=EQUALS,
        operands=_set("True False"),
        flows=IN | TR | CQ,
    ),
    "Compare": Rule(
        _set("ComparisonValue"), _set("ComparisonValue"), _set("NoMatchingCondition"), operators=frozenset()
    ),
    "DisconnectParticipant": Rule(terminal=True),
    "EndFlowModuleExecution": Rule(flows=frozenset({MODULE}), terminal=True),
    "EndFlowExecution": Rule(flows=WH | CQ, terminal=True),
    "TransferToFlow": Rule(_set("ContactFlowId"), _set("ContactFlowId"), FAILS, flows=IN | TR),
    "InvokeFlowModule": Rule(_set("FlowModuleId"), _set("FlowModuleId"), FAILS, operators=frozenset(), flows=IN),
    "Wait": Rule(
        _set("TimeLimitSeconds Events"),
        _set("TimeLimitSeconds"),
        FAILS,
        _set("ParticipantNotFound"),
        EQUALS,
        _set("WaitCompleted CustomerReturned BotParticipantDisconnected"),
        IN | CQ,
    ),
    "Loop": Rule(
        _set("LoopCount"),
        _set("LoopCount"),
        optional_errors=FAILS,
        operators=EQUALS,
        operands=_set("ContinueLooping DoneLooping"),
    ),
    "UpdateContactEventHooks": Rule(_set("EventHooks"), _set("EventHooks"), FAILS),
    "UpdateContactTextToSpeechVoice": Rule(
        _set("TextToSpeechVoice TextToSpeechEngine TextToSpeechStyle"), _set("TextToSpeechVoice"), optional_errors=FAILS
    ),
    "CheckMetricData": Rule(
        _set("MetricType QueueId AgentId"),
        _set("MetricType"),
        _set("NoMatchingError NoMatchingCondition"),
        operators=NUMBERS,
        flows=IN | TR | CQ,
    ),
    "GetMetricData": Rule(_set("QueueId AgentId QueueChannel"), errors=FAILS),
    "DistributeByPercentage": Rule(
        errors=_set("NoMatchingCondition"), operators=_set("NumberLessThan"), flows=IN | TR | CQ
    ),
    "UpdateFlowLoggingBehavior": Rule(_set("FlowLoggingBehavior"), _set("FlowLoggingBehavior")),
    "CreateCallbackContact": Rule(
        _set(
            "InitialCallDelaySeconds MaximumConnectionAttempts RetryDelaySeconds QueueId AgentId ContactFlowId CallerId"
        ),
        _set("InitialCallDelaySeconds MaximumConnectionAttempts RetryDelaySeconds"),
        FAILS,
        flows=IN | TR | CQ,
    ),
    "UpdateContactCallbackNumber": Rule(
        _set("CallbackNumber"),
        _set("CallbackNumber"),
        _set("InvalidCallbackNumber CallbackNumberNotDialable"),
        flows=IN | TR | CQ,
    ),
    "UpdateContactRoutingBehavior": Rule(_set("QueuePriority QueueTimeAdjustmentSeconds"), flows=IN | TR | CQ),
    "TransferParticipantToThirdParty": Rule(
        _set(
            "ThirdPartyPhoneNumber ThirdPartyConnectionTimeLimitSeconds ContinueFlowExecution ThirdPartyDTMFDigits CallerId"
        ),
        _set("ThirdPartyPhoneNumber ThirdPartyConnectionTimeLimitSeconds ContinueFlowExecution"),
        FAILS,
        _set("CallFailed ConnectionTimeLimitExceeded"),
        flows=IN | TR | CQ,
    ),
    "ConnectParticipantWithLexBot": Rule(
        _set(f"{SPOKEN} LexV2Bot LexBot LexInitializationData LexSessionAttributes LexTimeoutSeconds"),
        errors=_set("NoMatchingCondition NoMatchingError"),
        optional_errors=_set("InputTimeLimitExceeded"),
        operators=EQUALS,
        flows=IN | TR | CQ,
    ),
    "UpdateContactData": Rule(
        _set("Name Description LanguageCode CustomerId References WisdomSessionArn TargetContact"), errors=FAILS
    ),
    "TagContact": Rule(_set("Tags"), _set("Tags"), FAILS),
    "UntagContact": Rule(_set("TagKeys"), _set("TagKeys"), FAILS),
    "TransferContactToAgent": Rule(flows=TR, terminal=True),
}
EXACTLY_ONE: dict[str, frozenset[str]] = {
    "MessageParticipant": _set(SPOKEN),
    "UpdateContactTargetQueue": _set("QueueId AgentId"),
    "DequeueContactAndTransferToQueue": _set("QueueId AgentId"),
    "UpdateContactRecordingAndAnalyticsBehavior": _set("VoiceBehavior ChatBehavior ScreenRecordingBehavior"),
    "UpdateContactRoutingBehavior": _set("QueuePriority QueueTimeAdjustmentSeconds"),
}
AT_MOST_ONE: dict[str, frozenset[str]] = {"GetParticipantInput": _set(SPOKEN)}
OPERATORS = _set(
    "Equals TextStartsWith TextEndsWith TextContains"
    " NumberGreaterThan NumberGreaterOrEqualTo NumberLessThan NumberLessOrEqualTo"
)
EVENT_HOOKS = _set(
    "AgentHold AgentWhisper CustomerHold CustomerQueue CustomerRemaining CustomerWhisper"
    " DefaultAgentUI DisconnectAgentUI PauseContact ResumeContact"
)
METRICS = _set(
    "NumberOfAgentsAvailable NumberOfAgentsStaffed NumberOfAgentsOnline OldestContactInQueueAgeSeconds"
    " NumberOfContactsInQueue"
)
MAX_NESTING = 5
MAX_ACTIONS = 250
MAX_CHARACTERS = 256_000
MAX_IDENTIFIER = 50
FORBIDDEN_IN_IDENTIFIER = frozenset("%:(\\/)=$,;[]{}")
FORBIDDEN_IDENTIFIERS = _set(
    "__proto__ constructor __defineGetter__ __defineSetter__ toString hasOwnProperty isPrototypeOf"
    " propertyIsEnumerable toLocaleString valueOf"
)
