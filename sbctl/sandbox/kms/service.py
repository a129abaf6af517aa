"""KMS as the sandbox has it: moto's keys, which moto finds by their ARN in some operations only.

https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

BY_ID = (
    "CancelKeyDeletion",
    "DisableKey",
    "DisableKeyRotation",
    "EnableKey",
    "EnableKeyRotation",
    "GetKeyRotationStatus",
    "ScheduleKeyDeletion",
)


class KmsOverrides:
    """Operations on one key, by its id or ARN."""

    name = "kms"
    differs: tuple[str, ...] = (
        "Policies of keys and grants are kept and not judged. S3 and DynamoDB refuse keys that are disabled or of another "
        "region where a key is named; a table whose key is disabled later goes on answering.",
    )

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    @property
    def operations(self) -> Mapping[str, Operation]:
        return dict.fromkeys(BY_ID, self.by_id)

    def reset(self) -> None:
        """Nothing is kept here."""

    def by_id(self, call: Call) -> Answer:
        named = str(call.params["KeyId"])
        if named.startswith("arn:") and named.split(":")[3] != call.region:
            raise ApiError("NotFoundException", f"Invalid arn {named.split(':')[3]}")
        found = self._upstream.call("kms", "DescribeKey", call.region, {"KeyId": named})["KeyMetadata"]
        params = {**call.params, "KeyId": found["KeyId"]}
        return self._upstream.call("kms", call.operation, call.region, params)
