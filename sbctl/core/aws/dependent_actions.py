"""What AWS asks of a caller beside the call itself, where more than one kind, or none, makes the call.

What a single kind's calls need is a fact of that kind; permissions/actions.py puts both together. The policies of deployed roles
(resources/roles/role_policies.py) come from here, too. `action@service` is an action on or for that service's role only.
"""

from __future__ import annotations

from collections.abc import Mapping

DESCRIBE_INSTANCE = ("ds:DescribeDirectories",)
"""https://docs.aws.amazon.com/connect/latest/adminguide/security-iam-amazon-connect-permissions.html"""

OF_A_TABLE = (
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

OF_NO_KIND: Mapping[str, tuple[str, ...]] = {
    # Items: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    "dynamodb:DeleteItem": ("kms:Decrypt",),
    "dynamodb:GetItem": ("kms:Decrypt",),
    "dynamodb:PutItem": ("kms:Decrypt",),
    "dynamodb:UpdateItem": ("kms:Decrypt",),
    # Objects: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    "s3:GetObject": ("kms:Decrypt",),
    "s3:HeadObject": ("kms:Decrypt",),
    "s3:PutObject": ("kms:Decrypt", "kms:GenerateDataKey"),
}
"""Calls on items and objects, which are no resources: call → what else its caller must be allowed."""

# What copying between buckets needs, which is no call: https://docs.aws.amazon.com/AmazonS3/latest/userguide/
# setting-repl-config-perm-overview.html
ON_BUCKET = ("s3:GetReplicationConfiguration", "s3:ListBucket")
ON_SOURCE = ("s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging")
ON_TARGET = ("s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags")
ON_SOURCE_KEY = ("kms:Decrypt",)
ON_TARGET_KEY = ("kms:Encrypt", "kms:GenerateDataKey")
