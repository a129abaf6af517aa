"""Tables that are encrypted with customers' KMS keys: a key of each region, in every replica or in none.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html and dr-primitives 1.4
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.kms.keys import Key, Keys
from sbctl.sandbox.service import ApiError


def key_of(table: Mapping[str, Any]) -> str:
    """The ARN of a customer's key of a described table; "" where AWS's own encrypts it."""
    arn = str((table.get("SSEDescription") or {}).get("KMSMasterKeyArn", ""))
    return "" if "alias/aws/" in arn else arn


def specification(arn: str) -> dict[str, Any]:
    """How moto is told of a key."""
    return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": arn}


def asked_key(keys: Keys, region: str, specification: Mapping[str, Any]) -> Key | None:
    """The key of an SSESpecification; None for DynamoDB's own. Raises ApiError for one that cannot be used."""
    if not specification.get("Enabled"):
        return None
    return usable_key(keys, region, str(specification.get("KMSMasterKeyId") or "alias/aws/dynamodb"))


def usable_key(keys: Keys, region: str, named: str) -> Key:
    """A key that a table may get in a region. Raises ApiError for any other."""
    found = keys.find(region, named)
    if found is None and named.startswith("arn:") and named.split(":")[3] != region:
        raise _invalid(f"KMS validation error: Invalid arn {named.split(':')[3]}")
    if found is None:
        raise _invalid(f"KMS validation error: Key '{named}' does not exist")
    if not found.usable:
        raise _invalid(f"KMS validation error: {found.arn} is {found.state}")
    return found


def replica_key(keys: Keys, region: str, source: Mapping[str, Any], named: str) -> Key | None:
    """The key of a replica that is asked for. Raises ApiError where its table has one and it not, or the other way."""
    there = key_of(source)
    if there and not named:
        raise _invalid("KMSMasterKeyId must be specified for each replica.")
    if named and not there:
        raise _invalid("KMSMasterKeyId can only be specified for replicas of a table with a customer managed key.")
    return usable_key(keys, region, named) if named else None


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)
