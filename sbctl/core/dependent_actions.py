"""From API operations to IAM actions, with the dependent actions that AWS asks for on top: the one table of them.

The policies of callers (permissions/) and those of deployed roles (resources/_role_policies.py) both come from it.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(one page a service; S3's names also: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html)
"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.core.iam_actions import OTHER_NAMES

NONE_NEEDED = frozenset({"sts:GetCallerIdentity"})
"""Allowed to everyone with credentials. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""

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

# What copying between buckets needs, which is no call: https://docs.aws.amazon.com/AmazonS3/latest/userguide/
# setting-repl-config-perm-overview.html
ON_BUCKET = ("s3:GetReplicationConfiguration", "s3:ListBucket")
ON_SOURCE = ("s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging")
ON_TARGET = ("s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags")


def actions_of(operation: str) -> tuple[str, ...]:
    """The IAM actions that a call needs, as `service:Action` or `service:Action@narrowing`."""
    if operation in NONE_NEEDED:
        return ()
    return (*OTHER_NAMES.get(operation, (operation,)), *ALSO.get(operation, ()))
