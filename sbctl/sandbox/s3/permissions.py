"""Whether a replication role lets S3 copy: it exists, S3 may assume it, and its policies name the actions.

A simple reading of IAM, and no more than that: inline and attached policies; an Allow counts whatever its conditions, a Deny
only without any; no permission boundary, no session policy, no bucket policy of the destination, no policies of keys.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.time.clock import WorldClock

SERVICE = "s3.amazonaws.com"
ON_BUCKET = ("s3:GetReplicationConfiguration", "s3:ListBucket")
ON_SOURCE = ("s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging")
ON_TARGET = {"object": ("s3:ReplicateObject", "s3:ReplicateTags"), "marker": ("s3:ReplicateDelete",)}
ON_TARGET["changes"] = ON_TARGET["object"]
ON_SOURCE_KEY = ("kms:Decrypt",)
ON_TARGET_KEY = ("kms:Encrypt", "kms:GenerateDataKey")
BELIEVED_SECONDS = 5.0
"""How long what was read of a role is believed, in world time. IAM itself takes seconds to spread a change."""

Statement = Mapping[str, Any]


@dataclass(frozen=True)
class Role:
    """What was read of a role. `read_at` in world seconds."""

    assumable: bool
    statements: tuple[Statement, ...]
    read_at: float


@dataclass(frozen=True)
class Copying:
    """One copy: `kind` is object, marker or changes; the ARNs of the customer's keys that it needs, "" for none."""

    kind: str
    source: str
    target: str
    key: str
    source_key: str = ""
    target_key: str = ""


class BucketRoles:
    """Reads roles through IAM and judges them."""

    def __init__(self, clock: WorldClock, upstream: Upstream) -> None:
        self._clock = clock
        self._upstream = upstream
        self._lock = threading.Lock()
        self._known: dict[str, Role] = {}

    def clear(self) -> None:
        with self._lock:
            self._known.clear()

    def refusal(self, role: str, copying: Copying) -> str:
        """Why the role does not let S3 make this copy, in AWS's words; "" when it does.

        A refusal is never given from memory.
        """
        with self._lock:
            known = self._known.get(role)
        if known is None or self._clock.seconds() - known.read_at >= BELIEVED_SECONDS:
            return _refusal(self._read(role), copying)
        refused = _refusal(known, copying)
        return _refusal(self._read(role), copying) if refused else ""

    def _read(self, arn: str) -> Role:
        name = arn.rpartition("/")[2]
        now = self._clock.seconds()
        try:
            trust = self._iam("GetRole", RoleName=name)["Role"]["AssumeRolePolicyDocument"]
            found = Role(_trusts(_statements(trust)), tuple(self._policies(name)), now)
        except ApiError:
            found = Role(False, (), now)
        with self._lock:
            self._known[arn] = found
        return found

    def _policies(self, name: str) -> Iterator[Statement]:
        for policy in self._iam("ListRolePolicies", RoleName=name)["PolicyNames"]:
            found = self._iam("GetRolePolicy", RoleName=name, PolicyName=policy)
            yield from _statements(found["PolicyDocument"])
        for attached in self._iam("ListAttachedRolePolicies", RoleName=name)["AttachedPolicies"]:
            arn = attached["PolicyArn"]
            version = self._iam("GetPolicy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
            found = self._iam("GetPolicyVersion", PolicyArn=arn, VersionId=version)
            yield from _statements(found["PolicyVersion"]["Document"])

    def _iam(self, operation: str, **params: str) -> dict[str, Any]:
        return self._upstream.call("iam", operation, "us-east-1", params)


def _refusal(role: Role, copying: Copying) -> str:
    if not role.assumable:
        return "AssumeRoleNotPermitted"
    bucket, key = f"arn:aws:s3:::{copying.source}", copying.key
    readable = _allows(role, ON_BUCKET, bucket) and _allows(role, ON_SOURCE, f"{bucket}/{key}")
    if not readable or not _may_use(role, ON_SOURCE_KEY, copying.source_key):
        return "SrcGetObjectNotPermitted"
    writable = _allows(role, ON_TARGET[copying.kind], f"arn:aws:s3:::{copying.target}/{key}")
    return "" if writable and _may_use(role, ON_TARGET_KEY, copying.target_key) else "DstPutObjectNotPermitted"


def _may_use(role: Role, actions: Iterable[str], key: str) -> bool:
    return not key or _allows(role, actions, key)


def _allows(role: Role, actions: Iterable[str], resource: str) -> bool:
    return all(_decision(role.statements, action, resource) for action in actions)


def _decision(statements: Iterable[Statement], action: str, resource: str) -> bool:
    allowed = False
    for statement in statements:
        if _covers(statement, "Action", action) and _covers(statement, "Resource", resource):
            if statement.get("Effect") == "Deny" and not statement.get("Condition"):
                return False
            allowed = allowed or statement.get("Effect") == "Allow"
    return allowed


def _covers(statement: Statement, member: str, value: str) -> bool:
    """Whether a statement's Action, NotAction, Resource or NotResource takes in a value. Actions ignore case."""
    if f"Not{member}" in statement:
        return not _any_match(statement[f"Not{member}"], value, member)
    return _any_match(statement.get(member, ()), value, member)


def _any_match(patterns: Any, value: str, member: str) -> bool:
    def folded(text: str) -> str:
        # fnmatch would read a bracket as a class of characters
        return (text.lower() if member == "Action" else text).replace("[", "[[]")

    plain = value.lower() if member == "Action" else value
    return any(fnmatchcase(plain, folded(str(pattern))) for pattern in _listed(patterns))


def _trusts(statements: Iterable[Statement]) -> bool:
    """Whether S3 may assume the role."""
    return any(
        statement.get("Effect") == "Allow"
        and SERVICE in _listed((statement.get("Principal") or {}).get("Service", ()))
        and _covers(statement, "Action", "sts:AssumeRole")
        for statement in statements
        if isinstance(statement.get("Principal"), Mapping)
    )


def _statements(document: Any) -> list[Statement]:
    parsed = json.loads(document) if isinstance(document, str) else document
    found = parsed.get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value)
