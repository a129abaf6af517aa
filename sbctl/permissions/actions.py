"""From API operations to IAM actions: mostly the same name, and here is where they differ, with what AWS asks for on top.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(one page a service; S3's names also: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html)
"""

from __future__ import annotations

from collections.abc import Mapping

NONE_NEEDED = frozenset({"sts:GetCallerIdentity"})
"""Allowed to everyone with credentials. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""

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
    "service-quotas:GetServiceQuota": ("servicequotas:GetServiceQuota",),
    "service-quotas:ListServiceQuotas": ("servicequotas:ListServiceQuotas",),
    "service-quotas:GetAWSDefaultServiceQuota": ("servicequotas:GetAWSDefaultServiceQuota",),
}
"""Operation → actions, where they are not one of the same name."""

ALSO: Mapping[str, tuple[str, ...]] = {
    # https://docs.aws.amazon.com/connect/latest/adminguide/security-iam-amazon-connect-permissions.html
    "connect:ListInstances": ("ds:DescribeDirectories",),
    "connect:DescribeInstance": ("ds:DescribeDirectories",),
    "connect:CreateInstance": (
        "ds:AuthorizeApplication",
        "ds:CheckAlias",
        "ds:CreateAlias",
        "ds:CreateDirectory",
        "ds:CreateIdentityPoolDirectory",
        "ds:DescribeDirectories",
        "ds:UnauthorizeApplication",
        "iam:CreateServiceLinkedRole@connect",
        "iam:PutRolePolicy@connect",
    ),
    "connect:UpdateInstanceAttribute": (
        "iam:CreateServiceLinkedRole@connect",
        "iam:PutRolePolicy@connect",
        "logs:CreateLogGroup@connect",
    ),
    "connect:DeleteInstance": ("ds:DeleteDirectory", "ds:DescribeDirectories", "ds:UnauthorizeApplication"),
    "connect:AssociateInstanceStorageConfig": ("iam:PutRolePolicy@connect", "s3:GetBucketAcl", "s3:GetBucketLocation"),
    "connect:UpdateInstanceStorageConfig": ("iam:PutRolePolicy@connect", "s3:GetBucketAcl", "s3:GetBucketLocation"),
    "connect:AssociateLambdaFunction": ("lambda:AddPermission",),
    "connect:DisassociateLambdaFunction": ("lambda:RemovePermission",),
    "connect:SearchContactFlows": ("connect:DescribeContactFlow",),
    "connect:SearchHoursOfOperations": ("connect:DescribeHoursOfOperation",),
    "connect:SearchQueues": ("connect:DescribeQueue",),
    "connect:SearchRoutingProfiles": ("connect:DescribeRoutingProfile",),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2gt_IAM.html
    "dynamodb:UpdateTable": (
        "dynamodb:BatchWriteItem",
        "dynamodb:CreateTable",
        "dynamodb:CreateTableReplica",
        "dynamodb:DeleteItem",
        "dynamodb:DeleteTable",
        "dynamodb:DeleteTableReplica",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
        "iam:CreateServiceLinkedRole@dynamodb",
    ),
    # https://docs.aws.amazon.com/lambda/latest/dg/lambda-permissions.html
    "lambda:CreateFunction": ("iam:PassRole@lambda",),
    "lambda:UpdateFunctionConfiguration": ("iam:PassRole@lambda",),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough1.html
    "s3:PutBucketReplication": ("iam:PassRole@s3",),
}
"""Operation → what else its caller must be allowed. `action@service` is an action on or for that service's role only."""


def actions_of(operation: str) -> tuple[str, ...]:
    """The IAM actions that a call needs, as `service:Action` or `service:Action@narrowing`."""
    if operation in NONE_NEEDED:
        return ()
    return (*OTHER_NAMES.get(operation, (operation,)), *ALSO.get(operation, ()))
