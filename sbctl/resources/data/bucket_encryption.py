"""The default encryption of a bucket: S3's own keys, or a KMS key.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sbctl.core.aws.calls import AwsCalls
from sbctl.resources.calls.call import call_or_none

AES = "AES256"
KMS = "aws:kms"
NONE = ("ServerSideEncryptionConfigurationNotFoundError",)
BY_DEFAULT = "ApplyServerSideEncryptionByDefault"


class Encrypted(Protocol):
    """What has a default encryption."""

    @property
    def encryption(self) -> str | None: ...

    @property
    def key(self) -> str | None: ...


def first(configuration: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The one rule that such a configuration has."""
    rules = (configuration or {}).get("Rules") or [{}]
    found: Mapping[str, Any] = rules[0]
    return found


def encryption_of(answer: Mapping[str, Any]) -> dict[str, str | None]:
    """The fields of the bucket's spec."""
    default = first(answer.get("ServerSideEncryptionConfiguration")).get(BY_DEFAULT) or {}
    return {"encryption": str(default.get("SSEAlgorithm", "")), "key": default.get("KMSMasterKeyID")}


def same_key(wanted: Any, live: Any) -> bool:
    """Whether two names of a key are of the same one: AWS takes an id in the place of its ARN."""
    return bool(wanted == live) or (isinstance(live, str) and str(wanted).endswith(f"key/{live}"))


def same_encryption(wanted: Encrypted, live: Encrypted) -> bool:
    """Whether nothing is to be written."""
    return wanted.encryption == live.encryption and (wanted.key is None or same_key(wanted.key, live.key))


def write_encryption(
    aws: AwsCalls, region: str, name: str, algorithm: str, key: str | None, *, keeping: bool = False
) -> None:
    """Put the default encryption. With `keeping` all else of the rule stays, such as the bucket key."""
    there: Mapping[str, Any] = {}
    if keeping:
        there = call_or_none(aws, NONE, "s3", "GetBucketEncryption", region, Bucket=name) or {}
    default = {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}
    rule = {**first(there.get("ServerSideEncryptionConfiguration")), BY_DEFAULT: default}
    rules = {"Rules": [rule]}
    aws.call("s3", "PutBucketEncryption", region, Bucket=name, ServerSideEncryptionConfiguration=rules)
