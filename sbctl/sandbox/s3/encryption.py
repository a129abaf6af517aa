"""Objects that are encrypted with KMS keys: which writes S3 refuses, and why a copy fails.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sbctl.sandbox.kms.keys import Key, Keys
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.identify import Identity, Request

KMS = "aws:kms"
ALGORITHM = "x-amz-server-side-encryption"
KEY = "x-amz-server-side-encryption-aws-kms-key-id"
WRITES = ("CopyObject", "CreateMultipartUpload", "PutObject")
AWS_OWN = "alias/aws/s3"
Default = Callable[[str], tuple[str, str]]
"""A bucket's default encryption: algorithm and key, "" where it names none."""


class Encryption:
    """The keys of one account, as S3 uses them."""

    def __init__(self, keys: Keys, region_of: Callable[[str], str], default: Default) -> None:
        self._keys = keys
        self._region_of = region_of
        self._default = default

    def check_write(self, who: Identity, request: Request, bucket: str) -> None:
        """Raise ApiError for an object whose key cannot be used."""
        region = self._region_of(bucket)
        if who.operation not in WRITES or not region:
            return
        algorithm, named = request.headers.get(ALGORITHM, ""), request.headers.get(KEY, "")
        if not algorithm:
            algorithm, named = self._default(bucket)
        if algorithm.startswith(KMS):
            _check(self._keys.find(region, named or AWS_OWN), named)

    def source_key(self, region: str, named: str) -> tuple[str, str]:
        """The ARN of the key of an original, and why S3 cannot open it."""
        return _closed(self._keys.find(region, named or AWS_OWN), "SrcKmsKey")

    def target_key(self, region: str, named: str) -> tuple[str, str]:
        """The ARN of the key of a copy, and why S3 cannot close it."""
        return _closed(self._keys.find(region, named), "DstKmsKey")


def _check(key: Key | None, named: str) -> None:
    if key is None:
        raise ApiError("KMS.NotFoundException", f"Key '{named}' does not exist", 400)
    if key.state == "Disabled":
        raise ApiError("KMS.DisabledException", f"{key.arn} is disabled.", 400)
    if not key.usable:
        raise ApiError("KMS.KMSInvalidStateException", f"{key.arn} is pending deletion.", 400)


def _closed(key: Key | None, whose: str) -> tuple[str, str]:
    """The ARN as policies name it, "" for AWS's own key, which whoever may use S3 may use."""
    if key is None:
        return "", f"{whose}NotFound"
    return (key.arn if key.owned else ""), ("" if key.usable else f"{whose}InvalidState")


def default_of(answer: Mapping[str, object] | None) -> tuple[str, str]:
    """Algorithm and key of a bucket's default encryption, as moto keeps it."""
    rule = (answer or {}).get("Rule") or {}
    found = rule.get("ApplyServerSideEncryptionByDefault") or {} if isinstance(rule, Mapping) else {}
    if not isinstance(found, Mapping):
        return "", ""
    return str(found.get("SSEAlgorithm") or ""), str(found.get("KMSMasterKeyID") or "")
