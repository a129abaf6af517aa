"""One or more valid forms of each action type, written by hand from AWS's pages; neither from sbctl's table nor the sandbox's.

`@queue` and the like stand for an id or ARN of what there is; the generator puts one in.
https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FAILS = ("NoMatchingError",)


@dataclass(frozen=True)
class Sample:
    """One form of an action. `conditions` are (operator, operand)."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[str, ...] = FAILS
    conditions: tuple[tuple[str, str], ...] = ()
    terminal: bool = False


def _is(*operands: str) -> tuple[tuple[str, str], ...]:
    return tuple(("Equals", operand) for operand in operands)


MENU = ("NoMatchingCondition", "InputTimeLimitExceeded", "NoMatchingError")
FOUND = ("NoMatchingError", "MultipleFoundError", "NoneFoundError")
PROFILE = {"ProfileRequestData": {"_phone": "$.CustomerEndpoint.Address"}, "ProfileResponseData": ["FirstName"]}
CALLBACK = {"InitialCallDelaySeconds": "5", "MaximumConnectionAttempts": "2", "RetryDelaySeconds": "600"}
DIGITS = {"CustomValidation": {"MaximumLength": "10"}}
PHONE = {"PhoneNumberValidation": {"NumberFormat": "E164"}}
LAMBDA = {"LambdaFunctionARN": "@lambda", "InvocationTimeLimitSeconds": "3"}
SAMPLES: Mapping[str, tuple[Sample, ...]] = {
    "MessageParticipant": (
        Sample({"Text": "Welcome to $.Attributes.brand"}),
        Sample({"SSML": "<speak>Hello</speak>"}, errors=()),
        Sample({"PromptId": "@prompt"}),
        Sample({"Media": {"Uri": "https://prompts.s3.amazonaws.com/a.wav", "SourceType": "S3", "MediaType": "Audio"}}),
        Sample({"Text": "Skip me", "SkipWhenDTMFBufferEnabled": "true"}),
    ),
    "MessageParticipantIteratively": (
        Sample({"Messages": [{"Text": "Please hold"}, {"PromptId": "@prompt"}]}),
        Sample(
            {"Messages": [{"Text": "Still here"}], "InterruptFrequencySeconds": "30"},
            conditions=_is("MessagesInterrupted"),
        ),
    ),
    "GetParticipantInput": (
        Sample(
            {"Text": "Press 1 or 2", "StoreInput": "False", "InputTimeLimitSeconds": "5"},
            errors=MENU,
            conditions=_is("1", "2"),
        ),
        Sample({"PromptId": "@prompt", "StoreInput": "False", "InputTimeLimitSeconds": "8"}, errors=MENU),
        Sample({"Text": "Number", "StoreInput": "True", "InputTimeLimitSeconds": "300", "InputValidation": DIGITS}),
        Sample(
            {"Text": "Phone", "StoreInput": "True", "InputTimeLimitSeconds": "9", "InputValidation": PHONE},
            errors=("NoMatchingError", "InvalidPhoneNumber"),
        ),
    ),
    "ConnectParticipantWithLexBot": (
        Sample(
            {"Text": "How can I help?", "LexV2Bot": {"AliasArn": "@lex"}},
            errors=("NoMatchingCondition", "NoMatchingError"),
            conditions=_is("BookTrip"),
        ),
        Sample(
            {"Text": "Say it", "LexBot": {"Name": "Old", "Region": "$.AwsRegion", "Alias": "prod"}},
            errors=("NoMatchingCondition", "NoMatchingError", "InputTimeLimitExceeded"),
        ),
    ),
    "ShowView": (
        Sample(
            {
                "ViewResource": {"Id": "@view"},
                "InvocationTimeLimitSeconds": "400",
                "ViewData": {"Heading": "Hi", "n": 1},
            },
            errors=("NoMatchingCondition", "NoMatchingError", "TimeLimitExceeded"),
            conditions=_is("Next"),
        ),
    ),
    "DisconnectParticipant": (Sample(errors=(), terminal=True),),
    "AuthenticateParticipant": (
        Sample(
            {
                "CognitoConfiguration": {"UserPoolArn": "$.Attributes.pool"},
                "CustomerProfilesConfiguration": {"ObjectTypeName": "Auth"},
                "TimeLimitMinutes": "5",
            },
            errors=("TimeLimitExceeded", "NoMatchingError"),
            conditions=_is("OptedOut"),
        ),
    ),
    "TransferParticipantToThirdParty": (
        Sample(
            {
                "ThirdPartyPhoneNumber": "$.Attributes.number",
                "ThirdPartyConnectionTimeLimitSeconds": "30",
                "ContinueFlowExecution": "True",
            },
            errors=("NoMatchingError", "CallFailed", "ConnectionTimeLimitExceeded"),
        ),
        Sample(
            {
                "ThirdPartyPhoneNumber": "$.Attributes.number",
                "ThirdPartyConnectionTimeLimitSeconds": "30",
                "ContinueFlowExecution": "False",
            }
        ),
    ),
    "UpdateContactTargetQueue": (Sample({"QueueId": "@queue"}), Sample({"AgentId": "$.Attributes.agent"})),
    "TransferContactToQueue": (Sample(errors=("QueueAtCapacity", "NoMatchingError")),),
    "DequeueContactAndTransferToQueue": (Sample({"QueueId": "@queue"}, errors=("QueueAtCapacity", "NoMatchingError")),),
    "TransferContactToAgent": (Sample(errors=(), terminal=True),),
    "UpdateContactAttributes": (
        Sample({"Attributes": {"brand": "Acme", "id": "$.External.id"}, "TargetContact": "Current"}),
    ),
    "UpdateContactData": (Sample({"Name": "Call", "LanguageCode": "en-US"}), Sample({"CustomerId": "$.Attributes.c"})),
    "UpdateContactCallbackNumber": (
        Sample(
            {"CallbackNumber": "$.StoredCustomerInput"}, errors=("InvalidCallbackNumber", "CallbackNumberNotDialable")
        ),
    ),
    "UpdateContactEventHooks": (
        Sample({"EventHooks": {"CustomerQueue": "@queue_flow"}}),
        Sample({"EventHooks": {"CustomerRemaining": "@flow"}}),
    ),
    "UpdateContactTextToSpeechVoice": (
        Sample({"TextToSpeechVoice": "Joanna", "TextToSpeechEngine": "Neural", "TextToSpeechStyle": "None"}),
    ),
    "UpdateContactRecordingBehavior": (
        Sample({"RecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"]}}, errors=()),
    ),
    "UpdateContactRecordingAndAnalyticsBehavior": (
        Sample(
            {"VoiceBehavior": {"VoiceRecordingBehavior": {"RecordedParticipants": ["Agent"]}}},
            errors=("NoMatchingError", "ChannelMismatch"),
        ),
        Sample(
            {"ChatBehavior": {"ChatAnalyticsBehavior": {"Enabled": "True"}}},
            errors=("NoMatchingError", "ChannelMismatch", "InFlightRedactionConfigurationFailed"),
        ),
    ),
    "UpdateContactMediaProcessing": (
        Sample(
            {
                "ChatProcessor": {
                    "ProcessingEnabled": "True",
                    "LambdaProcessorARN": "@lambda",
                    "ChatProcessorSettings": {"DeliverUnprocessedMessages": "True"},
                }
            },
            errors=("NoMatchingError", "ChannelMismatch"),
        ),
    ),
    "UpdateContactMediaStreamingBehavior": (
        Sample(
            {
                "MediaStreamingState": "Enabled",
                "Participants": [{"ParticipantType": "Customer", "MediaDirections": ["From", "To"]}],
                "MediaStreamType": "Audio",
            }
        ),
    ),
    "UpdateContactRoutingBehavior": (
        Sample({"QueuePriority": "1"}, errors=()),
        Sample({"QueueTimeAdjustmentSeconds": "60"}, errors=()),
    ),
    "UpdateContactRoutingCriteria": (Sample({"RoutingCriteria": "$.External.criteria"}),),
    "UpdatePreviousContactParticipantState": (Sample({"PreviousContactParticipantState": "CustomerOnHold"}),),
    "TagContact": (Sample({"Tags": {"team": "blue"}}),),
    "UntagContact": (Sample({"TagKeys": ["team"]}),),
    "ResumeContact": (Sample(),),
    "CompleteOutboundCall": (Sample({"ConnectionTimeLimitSeconds": "60"}, errors=()),),
    "CreatePersistentContactAssociation": (
        Sample({"RehydrationType": "ENTIRE_PAST_SESSION", "SourceContactId": "$.Attributes.past"}),
    ),
    "CreateContact": (Sample({"Channel": "EMAIL"}),),
    "RenderMessageTemplate": (
        Sample(
            {"WisdomMessageTemplateArn": "$.Attributes.template", "WisdomKnowledgeBaseArn": "$.Attributes.base"},
            errors=("NoMatchingError", "TemplateRenderingError"),
        ),
    ),
    "StartOutboundEmailContact": (
        Sample(
            {
                "FromEmailAddress": {"EmailAddress": "desk@example.com"},
                "DestinationEmailAddress": {"EmailAddress": "$.Attributes.mail"},
                "EmailMessage": {
                    "MessageSourceType": "RAW",
                    "RawMessage": {"Subject": "Hi", "Body": "Text", "ContentType": "text/plain"},
                },
            }
        ),
    ),
    "StartOutboundChatContact": (
        Sample(
            {
                "SourceEndpoint": {"Address": "$.Attributes.from", "Type": "CONNECT_PHONENUMBER_ARN"},
                "DestinationEndpoint": {"Address": "$.CustomerEndpoint.Address", "Type": "TELEPHONE_NUMBER"},
                "ContactFlowArn": "@flow",
                "ContactSubtype": "connect:SMS",
            }
        ),
    ),
    "LoadContactContent": (Sample({"ContentType": "EmailMessage"}), Sample()),
    "CreateTask": (Sample({"ContactFlowId": "@flow", "Name": "Follow up", "DelaySeconds": "60"}),),
    "CreateWisdomSession": (Sample({"WisdomAssistantArn": "$.Attributes.assistant"}),),
    "CreateCase": (
        Sample(
            {"LinkContactToCase": "true", "CaseTemplateId": "$.Attributes.t", "CaseRequestFields": {"title": "New"}},
            errors=("NoMatchingError", "ContactNotLinked"),
        ),
    ),
    "GetCase": (
        Sample(
            {
                "LinkContactToCase": "false",
                "GetLastUpdatedCase": "true",
                "CaseRequestFields": {"title": "New"},
                "CaseResponseFields": ["status"],
            },
            errors=("NoMatchingError", "MultipleFound", "NoneFound"),
        ),
    ),
    "UpdateCase": (
        Sample({"LinkContactToCase": "false", "CaseId": "$.Case.case_id", "CaseRequestFields": {"status": "open"}}),
    ),
    "InvokeFlowModule": (Sample({"FlowModuleId": "@module"}),),
    "TransferToFlow": (Sample({"ContactFlowId": "@flow"}),),
    "UpdateFlowAttributes": (Sample({"FlowAttributes": {"step": {"Value": "one"}}}),),
    "Compare": (
        Sample({"ComparisonValue": "$.Attributes.tier"}, ("NoMatchingCondition",), _is("gold", "silver")),
        Sample({"ComparisonValue": "$.Attributes.n"}, ("NoMatchingCondition",), (("NumberGreaterThan", "5"),)),
    ),
    "CheckHoursOfOperation": (
        Sample({"HoursOfOperationId": "@hours"}, conditions=_is("True", "False")),
        Sample(conditions=_is("True", "False")),
    ),
    "CheckMetricData": (
        Sample(
            {"MetricType": "NumberOfAgentsAvailable", "QueueId": "@queue"},
            ("NoMatchingError", "NoMatchingCondition"),
            (("NumberGreaterThan", "0"),),
        ),
        Sample(
            {"MetricType": "OldestContactInQueueAgeSeconds"},
            ("NoMatchingError", "NoMatchingCondition"),
            (("NumberLessOrEqualTo", "60000"), ("NumberGreaterThan", "60000")),
        ),
    ),
    "GetMetricData": (Sample({"QueueId": "@queue", "QueueChannel": "Voice"}),),
    "CheckOutboundCallStatus": (Sample(conditions=_is("CallAnswered", "VoicemailBeep")),),
    "CheckVoiceId": (Sample({"CheckVoiceIdOption": "enrollmentStatus"}, conditions=_is("Enrolled")),),
    "StartVoiceIdStream": (Sample(),),
    "DistributeByPercentage": (
        Sample(errors=("NoMatchingCondition",), conditions=(("NumberLessThan", "31"), ("NumberLessThan", "61"))),
    ),
    "Loop": (Sample({"LoopCount": "3"}, (), _is("ContinueLooping", "DoneLooping")),),
    "Wait": (
        Sample({"TimeLimitSeconds": "60"}, conditions=_is("WaitCompleted")),
        Sample(
            {"TimeLimitSeconds": "600", "Events": ["CustomerReturned"]},
            ("NoMatchingError", "ParticipantNotFound"),
            _is("WaitCompleted", "CustomerReturned"),
        ),
    ),
    "EndFlowExecution": (Sample(errors=(), terminal=True),),
    "EndFlowModuleExecution": (Sample(errors=(), terminal=True),),
    "UpdateFlowLoggingBehavior": (Sample({"FlowLoggingBehavior": "Enabled"}, errors=()),),
    "InvokeLambdaFunction": (
        Sample({**LAMBDA, "ResponseValidation": {"ResponseType": "JSON"}}),
        Sample(
            {**LAMBDA, "LambdaInvocationAttributes": {"q": "$.Queue.Name"}}, ("NoMatchingError", "TimeLimitExceeded")
        ),
        Sample({**LAMBDA, "InvocationType": "SYNCHRONOUS"}),
    ),
    "CreateCallbackContact": (Sample(CALLBACK), Sample({**CALLBACK, "QueueId": "@queue"})),
    "GetCustomerProfile": (Sample(PROFILE, FOUND),),
    "CreateCustomerProfile": (Sample(PROFILE),),
    "UpdateCustomerProfile": (Sample(PROFILE),),
    "GetCustomerProfileObject": (Sample(PROFILE, ("NoMatchingError", "NoneFoundError")),),
    "RouteContactToAgent": (Sample(),),
    "GetCalculatedAttributesForCustomerProfile": (Sample(PROFILE, ("NoMatchingError", "NoneFoundError")),),
    "AssociateContactToCustomerProfile": (Sample(PROFILE),),
    "CheckSegmentMembershipForCustomerProfile": (
        Sample(
            {"ProfileRequestData": {"ProfileId": "$.Customer.ProfileId", "SegmentName": "$.Attributes.segment"}},
            conditions=_is("True", "False"),
        ),
    ),
    "EvaluateDataTableValues": (Sample({"DataTableId": "$.Attributes.table", "Queries": [{"QueryName": "q"}]}),),
    "ListDataTableValues": (Sample({"DataTableId": "$.Attributes.table"}),),
    "UpsertDataTableValues": (
        Sample(
            {
                "DataTableId": "$.Attributes.table",
                "LockVersion": "$.DataTables.lock",
                "DataTableUpsertAttributes": [{"AttributeName": "a", "Value": "1"}],
            }
        ),
    ),
}
