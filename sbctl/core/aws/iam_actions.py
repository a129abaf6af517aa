"""The IAM actions of API operations whose names differ.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(one page a service; S3's names also: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html)
"""

from __future__ import annotations

from collections.abc import Mapping

OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "s3:DeleteBucketLifecycle": ("s3:PutLifecycleConfiguration",),
    "s3:DeleteBucketReplication": ("s3:PutReplicationConfiguration",),
    "s3:DeleteObject": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    "s3:DeleteObjects": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    "s3:GetBucketEncryption": ("s3:GetEncryptionConfiguration",),
    "s3:GetBucketLifecycleConfiguration": ("s3:GetLifecycleConfiguration",),
    "s3:GetBucketReplication": ("s3:GetReplicationConfiguration",),
    "s3:GetObject": ("s3:GetObject", "s3:GetObjectVersion"),
    "s3:GetPublicAccessBlock": ("s3:GetBucketPublicAccessBlock",),
    "s3:HeadBucket": ("s3:ListBucket",),
    # Without ListBucket, S3 answers 403 and not 404 for an object that is not there.
    "s3:HeadObject": ("s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"),
    "s3:ListBuckets": ("s3:ListAllMyBuckets",),
    "s3:ListObjectVersions": ("s3:ListBucketVersions",),
    "s3:ListObjectsV2": ("s3:ListBucket",),
    "s3:PutBucketEncryption": ("s3:PutEncryptionConfiguration",),
    "s3:PutBucketLifecycleConfiguration": ("s3:PutLifecycleConfiguration",),
    "s3:PutBucketReplication": ("s3:PutReplicationConfiguration",),
    "s3:PutPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
    "lambda:Invoke": ("lambda:InvokeFunction",),
    "dynamodb:TransactWriteItems": (
        "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    ),
    "resourcegroupstaggingapi:GetResources": ("tag:GetResources",),
    "service-quotas:GetServiceQuota": ("servicequotas:GetServiceQuota",),
    "service-quotas:ListServiceQuotas": ("servicequotas:ListServiceQuotas",),
    "service-quotas:GetAWSDefaultServiceQuota": ("servicequotas:GetAWSDefaultServiceQuota",),
}
"""Operation → actions, where they are not one of the same name."""

ITEM_WRITES = ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
"""What a function that writes into a table may do with its items."""
