"""Which operations are of a service's data plane; all others are of its control plane.

https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/control-planes-and-data-planes.html
"""

from __future__ import annotations

DATA: dict[str, frozenset[str]] = {
    "dynamodb": frozenset(
        {
            "BatchExecuteStatement",
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "ExecuteStatement",
            "ExecuteTransaction",
            "GetItem",
            "PutItem",
            "Query",
            "Scan",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
        }
    ),
    "s3": frozenset(
        {
            "AbortMultipartUpload",
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateMultipartUpload",
            "DeleteObject",
            "DeleteObjects",
            "GetObject",
            "GetObjectAttributes",
            "GetObjectTagging",
            "HeadBucket",
            "HeadObject",
            "ListObjectVersions",
            "ListObjects",
            "ListObjectsV2",
            "ListParts",
            "PutObject",
            "PutObjectTagging",
            "UploadPart",
            "UploadPartCopy",
        }
    ),
    "lambda": frozenset({"Invoke"}),
    "sts": frozenset({"AssumeRole", "GetCallerIdentity", "GetSessionToken"}),
    "sns": frozenset({"Publish", "PublishBatch"}),
    "sqs": frozenset({"SendMessage", "ReceiveMessage", "DeleteMessage"}),
    "events": frozenset({"PutEvents"}),
    "logs": frozenset({"PutLogEvents"}),
    "cloudwatch": frozenset({"PutMetricData", "GetMetricData", "GetMetricStatistics"}),
    "connect": frozenset({"GetCurrentMetricData", "GetMetricDataV2", "StartOutboundVoiceContact", "StopContact"}),
    "route53": frozenset(),
    "iam": frozenset(),
}
"""Route 53's data plane is DNS and health checking, IAM's the evaluation of policies: neither is an operation."""


def is_control_plane(service: str, operation: str) -> bool:
    """Whether an operation goes down with its service's control plane."""
    return operation not in DATA.get(service, frozenset())
