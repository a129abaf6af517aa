"""From API operations to IAM actions: mostly the same name, and here is where they differ, with what AWS asks for on top.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(one page a service; S3's names also: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html)
"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.core.iam_actions import OTHER_NAMES

NONE_NEEDED = frozenset({"sts:GetCallerIdentity"})
"""Allowed to everyone with credentials. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""

_STORAGE = (
    "iam:PutRolePolicy@connect",
    "kms:CreateGrant",
    "kms:DescribeKey",
    "s3:GetBucketAcl",
    "s3:GetBucketLocation",
)
_OF_A_TABLE = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
"""On customers' keys, where the project has any.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
"""

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
    "connect:AssociateInstanceStorageConfig": _STORAGE,
    "connect:UpdateInstanceStorageConfig": _STORAGE,
    "connect:AssociateLambdaFunction": ("lambda:AddPermission",),
    "connect:DisassociateLambdaFunction": ("lambda:RemovePermission",),
    "connect:SearchContactFlows": ("connect:DescribeContactFlow",),
    "connect:SearchHoursOfOperations": ("connect:DescribeHoursOfOperation",),
    "connect:SearchQueues": ("connect:DescribeQueue",),
    "connect:SearchRoutingProfiles": ("connect:DescribeRoutingProfile",),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2gt_IAM.html
    "dynamodb:CreateTable": _OF_A_TABLE,
    **dict.fromkeys(
        ("dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"), ("kms:Decrypt",)
    ),
    "dynamodb:UpdateTable": (
        *_OF_A_TABLE,
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
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    "s3:GetObject": ("kms:Decrypt",),
    "s3:HeadObject": ("kms:Decrypt",),
    "s3:PutObject": ("kms:Decrypt", "kms:GenerateDataKey"),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough1.html
    "s3:PutBucketReplication": ("iam:PassRole@s3",),
}
"""Operation → what else its caller must be allowed. `action@service` is an action on or for that service's role only."""


def actions_of(operation: str) -> tuple[str, ...]:
    """The IAM actions that a call needs, as `service:Action` or `service:Action@narrowing`."""
    if operation in NONE_NEEDED:
        return ()
    return (*OTHER_NAMES.get(operation, (operation,)), *ALSO.get(operation, ()))
