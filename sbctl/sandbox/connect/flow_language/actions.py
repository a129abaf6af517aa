"""What the service accepts of each action when a flow is published: as probed on real instances (connect-api 7.2 to 7.4)."""

from __future__ import annotations

from typing import NamedTuple


class Accepts(NamedTuple):
    """`must`: errors that have to be wired; `may`: errors that can be; `branches`: whether conditions are allowed."""

    parameters: str = ""
    must: str = ""
    may: str = ""
    branches: bool = False
    ends: bool = False


SPEECH = "PromptId Text SSML Media"
F = "NoMatchingError"
ACTIONS: dict[str, Accepts] = {
    "MessageParticipant": Accepts(SPEECH, "", F),
    "MessageParticipantIteratively": Accepts("Messages InterruptFrequencySeconds", "", F, True),
    "GetParticipantInput": Accepts(
        SPEECH + " InputTimeLimitSeconds StoreInput InputValidation InputEncryption DTMFConfiguration",
        F,
        "NoMatchingCondition InputTimeLimitExceeded InvalidPhoneNumber",
        True,
    ),
    "InvokeLambdaFunction": Accepts(
        "LambdaFunctionARN InvocationTimeLimitSeconds InvocationType LambdaInvocationAttributes ResponseValidation", F
    ),
    "UpdateContactTargetQueue": Accepts("QueueId AgentId", F),
    "TransferContactToQueue": Accepts("", F + " QueueAtCapacity"),
    "DequeueContactAndTransferToQueue": Accepts("QueueId AgentId", F + " QueueAtCapacity"),
    "UpdateContactAttributes": Accepts("Attributes TargetContact", F),
    "UpdateFlowAttributes": Accepts("FlowAttributes", F),
    "UpdateContactRecordingBehavior": Accepts("RecordingBehavior AnalyticsBehavior"),
    "UpdateContactRecordingAndAnalyticsBehavior": Accepts(
        "VoiceBehavior ChatBehavior ScreenRecordingBehavior",
        F + " ChannelMismatch",
        "InFlightRedactionConfigurationFailed",
    ),
    "CheckHoursOfOperation": Accepts("HoursOfOperationId", F, "", True),
    "Compare": Accepts("ComparisonValue", "NoMatchingCondition", "", True),
    "DisconnectParticipant": Accepts(ends=True),
    "EndFlowExecution": Accepts(ends=True),
    "TransferToFlow": Accepts("ContactFlowId", F),
    "InvokeFlowModule": Accepts("FlowModuleId", F, "", True),
    "Wait": Accepts("TimeLimitSeconds Events", F, "ParticipantNotFound", True),
    "Loop": Accepts("LoopCount", "", F, True),
    "UpdateContactEventHooks": Accepts("EventHooks", F),
    "UpdateContactTextToSpeechVoice": Accepts("TextToSpeechVoice TextToSpeechEngine TextToSpeechStyle", "", F),
    "CheckMetricData": Accepts("MetricType QueueId AgentId", F, "NoMatchingCondition", True),
    "GetMetricData": Accepts("QueueId AgentId QueueChannel", F),
    "DistributeByPercentage": Accepts("", "NoMatchingCondition", "", True),
    "UpdateFlowLoggingBehavior": Accepts("FlowLoggingBehavior"),
    "CreateCallbackContact": Accepts(
        "InitialCallDelaySeconds MaximumConnectionAttempts RetryDelaySeconds QueueId AgentId ContactFlowId CallerId", F
    ),
    "UpdateContactCallbackNumber": Accepts("CallbackNumber", "InvalidCallbackNumber CallbackNumberNotDialable"),
    "UpdateContactRoutingBehavior": Accepts("QueuePriority QueueTimeAdjustmentSeconds RoutingProficiencies", "", F),
    "TransferParticipantToThirdParty": Accepts(
        "ThirdPartyPhoneNumber ThirdPartyConnectionTimeLimitSeconds ContinueFlowExecution ThirdPartyDTMFDigits CallerId",
        F,
        "CallFailed ConnectionTimeLimitExceeded",
    ),
    "ConnectParticipantWithLexBot": Accepts(
        SPEECH + " LexV2Bot LexBot LexInitializationData LexSessionAttributes LexTimeoutSeconds",
        F + " NoMatchingCondition",
        "InputTimeLimitExceeded",
        True,
    ),
    "TransferContactToAgent": Accepts(ends=True),
    "EndFlowModuleExecution": Accepts(ends=True),
    "TagContact": Accepts("Tags", F),
    "UntagContact": Accepts("TagKeys", F),
    "UpdateContactData": Accepts(
        "Name Description LanguageCode CustomerId References WisdomSessionArn TargetContact", F
    ),
}
ONLY_IN: dict[str, str] = {"EndFlowModuleExecution": "MODULE", "InvokeFlowModule": "CONTACT_FLOW MODULE"}
"""Modules are used by inbound flows, and by modules up to five levels deep (connect-api 2.4)."""
REFERENCES: dict[str, str] = {
    "QueueId": "queue",
    "ContactFlowId": "contact-flow",
    "HoursOfOperationId": "operating-hours",
    "PromptId": "prompt",
    "FlowModuleId": "flow-module",
}
