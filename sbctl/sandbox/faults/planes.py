"""Which operations are a service's data plane: what a control-plane fault leaves alone.

The two planes fail apart, and global services keep their control plane in one region
(https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/control-planes-and-data-planes.html).
All of Route 53's and IAM's operations are control plane; their data planes, DNS answers with health checks and the
evaluation of permissions, have no operations and go on.
"""

from __future__ import annotations

from sbctl.sandbox.moto_bridge.allowed_operations import DYNAMODB_ITEMS, S3_OBJECTS
from sbctl.sandbox.wire import models

FUNCTION_URL = "InvokeFunctionUrl"
"""What a request to a function's URL counts as; IAM has this name, the API has no such operation."""
CONNECT_CONTACTS = frozenset(
    {
        "CreateParticipant",
        "DescribeContact",
        "GetContactAttributes",
        "GetCurrentMetricData",
        "GetCurrentUserData",
        "GetMetricData",
        "GetMetricDataV2",
        "ListContactReferences",
        "SearchContacts",
        "StartChatContact",
        "StartOutboundVoiceContact",
        "StartTaskContact",
        "StopContact",
        "TransferContact",
        "UpdateContact",
        "UpdateContactAttributes",
        "UpdateContactRoutingData",
    }
)
S3_LISTS = frozenset({"HeadBucket", "ListMultipartUploads", "ListObjects", "ListObjectsV2", "ListObjectVersions"})
DATA: dict[str, frozenset[str]] = {
    "cloudwatch": frozenset({"GetMetricData", "GetMetricStatistics", "PutMetricData"}),
    "connect": CONNECT_CONTACTS,
    "connectparticipant": frozenset(
        {"CreateParticipantConnection", "DisconnectParticipant", "GetTranscript", "SendEvent", "SendMessage"}
    ),
    "dynamodb": DYNAMODB_ITEMS,
    "dynamodbstreams": frozenset({"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}),
    "events": frozenset({"PutEvents"}),
    "kms": frozenset({"Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncrypt"}),
    "lambda": frozenset({"Invoke", "InvokeAsync", "InvokeWithResponseStream", FUNCTION_URL}),
    "logs": frozenset({"FilterLogEvents", "GetLogEvents", "PutLogEvents"}),
    "s3": S3_OBJECTS | S3_LISTS,
    "secretsmanager": frozenset({"BatchGetSecretValue", "GetSecretValue"}),
    "sns": frozenset({"Publish", "PublishBatch"}),
    "sqs": frozenset(
        {"ChangeMessageVisibility", "DeleteMessage", "DeleteMessageBatch", "ReceiveMessage", "SendMessage"}
        | {"ChangeMessageVisibilityBatch", "SendMessageBatch"}
    ),
    "ssm": frozenset({"GetParameter", "GetParameters", "GetParametersByPath"}),
    "sts": frozenset(
        {"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "GetCallerIdentity", "GetSessionToken"}
    ),
}


def is_control_plane(service: str, operation: str) -> bool:
    """Whether an operation fails when its service's control plane does."""
    return operation not in DATA.get(service, ())


def operations_of(service: str) -> frozenset[str]:
    """Every operation that a fault may name."""
    return models.operation_names(service) | ({FUNCTION_URL} if service == "lambda" else frozenset())
