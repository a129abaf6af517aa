"""Which requests moto may answer. Whatever is not here is refused by name, because moto's own way with gaps is not safe.

moto tells S3 operations apart by hand and ignores a sub-resource that it does not know: left alone, DeleteBucketMetrics-
Configuration deletes the bucket, PutObjectAnnotation overwrites the object, and PutBucketMetricsConfiguration succeeds
without doing anything. So for S3 the operations are listed one by one; the other services refuse by themselves.
"""

from __future__ import annotations

from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import Identity

SERVICES = frozenset(
    {
        "cloudwatch",
        "dynamodb",
        "dynamodbstreams",
        "events",
        "iam",
        "kms",
        "lambda",
        "logs",
        "s3",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
        "sts",
    }
)
DYNAMODB_ITEMS = frozenset(
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
)
"""Operations on items: data, not tables."""
S3_BUCKETS = frozenset(
    {
        "CreateBucket",
        "DeleteBucket",
        "DeleteBucketCors",
        "DeleteBucketEncryption",
        "DeleteBucketLifecycle",
        "DeleteBucketOwnershipControls",
        "DeleteBucketPolicy",
        "DeleteBucketReplication",
        "DeleteBucketTagging",
        "DeleteBucketWebsite",
        "DeletePublicAccessBlock",
        "GetBucketAccelerateConfiguration",
        "GetBucketAcl",
        "GetBucketCors",
        "GetBucketEncryption",
        "GetBucketInventoryConfiguration",
        "GetBucketLifecycleConfiguration",
        "GetBucketLocation",
        "GetBucketLogging",
        "GetBucketNotificationConfiguration",
        "GetBucketOwnershipControls",
        "GetBucketPolicy",
        "GetBucketPolicyStatus",
        "GetBucketReplication",
        "GetBucketTagging",
        "GetBucketVersioning",
        "GetBucketWebsite",
        "GetObjectLockConfiguration",
        "GetPublicAccessBlock",
        "HeadBucket",
        "ListBuckets",
        "ListMultipartUploads",
        "ListObjectVersions",
        "ListObjects",
        "ListObjectsV2",
        "PutBucketAccelerateConfiguration",
        "PutBucketAcl",
        "PutBucketCors",
        "PutBucketEncryption",
        "PutBucketInventoryConfiguration",
        "PutBucketLifecycleConfiguration",
        "PutBucketLogging",
        "PutBucketNotificationConfiguration",
        "PutBucketOwnershipControls",
        "PutBucketPolicy",
        "PutBucketReplication",
        "PutBucketTagging",
        "PutBucketVersioning",
        "PutBucketWebsite",
        "PutObjectLockConfiguration",
        "PutPublicAccessBlock",
    }
)
S3_OBJECTS = frozenset(
    {
        "AbortMultipartUpload",
        "CompleteMultipartUpload",
        "CopyObject",
        "CreateMultipartUpload",
        "DeleteObject",
        "DeleteObjectTagging",
        "DeleteObjects",
        "GetObject",
        "GetObjectAcl",
        "GetObjectAttributes",
        "GetObjectLegalHold",
        "GetObjectRetention",
        "GetObjectTagging",
        "HeadObject",
        "ListParts",
        "PutObject",
        "PutObjectAcl",
        "PutObjectLegalHold",
        "PutObjectRetention",
        "PutObjectTagging",
        "UploadPart",
        "UploadPartCopy",
    }
)


def is_carried(who: Identity) -> bool:
    """Whether moto may be asked. It may still turn out not to have the operation: NotCarriedError."""
    if who.service == "s3":
        return who.operation in S3_BUCKETS | S3_OBJECTS
    return who.service in SERVICES and who.operation in models.operation_names(who.service)


def is_checked(who: Identity) -> bool:
    """Whether the request is validated before moto sees it: all, but those for objects of S3, whose bodies are the data."""
    return who.operation not in S3_OBJECTS or who.service != "s3"
