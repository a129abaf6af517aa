"""Whether a bucket's policy denies a request to everybody. Allows are not needed: the callers of the sandbox own the account.

Requests count as sent over TLS, since one plain port stands in for AWS's https endpoints. Denials with conditions on anything
else do not apply, as nobody here knows the caller's network or organisation.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

SECURE = "aws:SecureTransport"


def denied(policy: Mapping[str, Any], action: str, resource: str) -> bool:
    """Whether some statement denies an action on a resource to any caller."""
    statements = policy.get("Statement", ())
    rows = [statements] if isinstance(statements, Mapping) else statements
    return any(_denies(row, action, resource) for row in rows)


def _denies(row: Mapping[str, Any], action: str, resource: str) -> bool:
    if row.get("Effect") != "Deny" or row.get("Principal") not in ("*", {"AWS": "*"}, {"AWS": ["*"]}):
        return False
    if not _covers(row.get("Action", ()), action, fold=True) or not _covers(row.get("Resource", ()), resource):
        return False
    return all(_holds(test, keys) for test, keys in row.get("Condition", {}).items())


def _covers(patterns: str | Sequence[str], value: str, *, fold: bool = False) -> bool:
    every = [patterns] if isinstance(patterns, str) else patterns
    return any(fnmatchcase(value.lower(), one.lower()) if fold else fnmatchcase(value, one) for one in every)


def _holds(test: str, keys: Mapping[str, Any]) -> bool:
    """Whether one block of conditions holds for a request over TLS by the account's own caller."""
    if test != "Bool" or set(keys) != {SECURE}:
        return False
    wanted = keys[SECURE]
    values = wanted if isinstance(wanted, list) else [wanted]
    return any(str(value).lower() == "true" for value in values)
