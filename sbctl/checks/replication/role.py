"""Whether a replication role works: it exists, S3 may assume it for this account, its policies allow what copying needs.

A reading of IAM that knows statements, wildcards and denials, and takes any condition of a policy as met, save those on the
account in the trust. What it cannot see (boundaries, organisation policies) the canary object shows.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from sbctl.checks.lag.measuring import Found, unasked
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.dependent_actions import ON_BUCKET, ON_SOURCE, ON_SOURCE_KEY, ON_TARGET, ON_TARGET_KEY
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.odd_answers import OUTSIDE, nonsense
from sbctl.core.aws.paging import pages
from sbctl.core.moving.canary import OBJECT_PREFIX
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES

CALLS: frozenset[str] = frozenset(
    f"iam:{operation}"
    for operation in (
        "GetPolicy", "GetPolicyVersion", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListRolePolicies",
    )
)  # fmt: skip
GONE = "NoSuchEntity"
SERVICE = "s3.amazonaws.com"
FIX = "sbctl role apply"

Statement = Mapping[str, Any]


@dataclass(frozen=True)
class RoleView:
    """A role as it is: whom it trusts and what it may do. `exists` False: there is none of this name."""

    arn: str
    exists: bool = False
    trust: tuple[Statement, ...] = ()
    policies: tuple[Statement, ...] = ()


View = RoleView | AwsError


def look_at_role(aws: AwsCalls, arn: str) -> View:
    """The role, or why it could not be seen."""
    try:
        role = _iam(aws, "GetRole", RoleName=_name(arn))["Role"]
        return RoleView(
            arn, True, tuple(_statements(role["AssumeRolePolicyDocument"])), tuple(_policies(aws, _name(arn)))
        )
    except AwsError as error:
        return RoleView(arn) if error.code == GONE else error
    except OUTSIDE as error:
        return nonsense(error, "replication role", ("iam", "GetRole", HOME_OF_GLOBAL_SERVICES))


@dataclass(frozen=True)
class ReplicationPath:
    """From which bucket to which, by their names, and with which KMS keys, by their own ARNs. `fix` gives these rights."""

    source: str
    target: str
    source_keys: tuple[str, ...] = ()
    target_key: str = ""
    fix: str = FIX


def judge_role(view: View, account: str, way: ReplicationPath) -> Found:
    """Whether the role lets S3 copy on this way."""
    if isinstance(view, AwsError):
        return unasked(view)
    if not view.exists:
        return Found("missing", "bad", f"the role {_name(view.arn)} of the rules does not exist", FIX)
    if not any(_trusts(statement, account) for statement in view.trust):
        detail = f"the role {_name(view.arn)} does not let S3 of account {account} assume it"
        return Found("not-trusting", "bad", detail, FIX)
    refused = [action for action, on in _needed(way) if not _allowed(view.policies, action, on)]
    if refused:
        return Found("not-allowing", "bad", f"the role {_name(view.arn)} does not allow {', '.join(refused)}", FIX)
    closed = [f"{action} on {key}" for action, key in _on_keys(way) if not _allowed(view.policies, action, key)]
    if closed:
        return Found("not-allowing", "bad", f"the role {_name(view.arn)} does not allow {', '.join(closed)}", way.fix)
    return Found("works", "ok")


def _on_keys(way: ReplicationPath) -> Iterator[tuple[str, str]]:
    """What copying encrypted objects needs of keys. Those of AWS for S3 are open to all who may use S3."""
    for keys, actions in ((way.source_keys, ON_SOURCE_KEY), ((way.target_key,), ON_TARGET_KEY)):
        yield from ((action, key) for key in keys if ":key/" in key for action in actions)


def _needed(way: ReplicationPath) -> Iterator[tuple[str, str]]:
    source_arn, target_arn = f"arn:aws:s3:::{way.source}", f"arn:aws:s3:::{way.target}"
    yield from ((action, source_arn) for action in ON_BUCKET)
    yield from ((action, f"{source_arn}/{OBJECT_PREFIX}x") for action in ON_SOURCE)
    yield from ((action, f"{target_arn}/{OBJECT_PREFIX}x") for action in ON_TARGET)


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _iam(aws: AwsCalls, operation: str, **params: Any) -> dict[str, Any]:
    return aws.call("iam", operation, HOME_OF_GLOBAL_SERVICES, **params)


def _policies(aws: AwsCalls, role: str) -> Iterator[Statement]:
    """The statements of all its policies, its own and those attached to it."""
    for name in _listed_of(aws, "ListRolePolicies", "PolicyNames", role):
        yield from _statements(_iam(aws, "GetRolePolicy", RoleName=role, PolicyName=name)["PolicyDocument"])
    for attached in _listed_of(aws, "ListAttachedRolePolicies", "AttachedPolicies", role):
        arn = attached["PolicyArn"]
        version = _iam(aws, "GetPolicy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = _iam(aws, "GetPolicyVersion", PolicyArn=arn, VersionId=version)
        yield from _statements(found["PolicyVersion"]["Document"])


def _listed_of(aws: AwsCalls, operation: str, member: str, role: str) -> Iterator[Any]:
    return pages(aws, "iam", operation, HOME_OF_GLOBAL_SERVICES, member, ("Marker", "Marker"), RoleName=role)


def _statements(document: Any) -> list[Statement]:
    """Its statements; IAM gives documents percent-encoded, boto3 often decoded already. Raises ValueError for what is none."""
    if isinstance(document, str):
        document = json.loads(unquote(document) if document.startswith("%") else document)
    found = document.get("Statement") or [] if isinstance(document, Mapping) else document
    statements = [found] if isinstance(found, Mapping) else found
    if not isinstance(document, Mapping) or not isinstance(statements, list) or not all(map(_is_one, statements)):
        raise ValueError("it is no policy document")
    return statements


def _is_one(statement: Any) -> bool:
    if not isinstance(statement, Mapping):
        return False
    condition = statement.get("Condition") or {}
    return isinstance(condition, Mapping) and all(isinstance(tests, Mapping) for tests in condition.values())


def _trusts(statement: Statement, account: str) -> bool:
    principal = statement.get("Principal")
    services = _listed(principal.get("Service", ())) if isinstance(principal, Mapping) else []
    return (
        statement.get("Effect") == "Allow"
        and SERVICE in services
        and _covers(statement, "Action", "sts:AssumeRole")
        and _for_account(statement, account)
    )


def _for_account(statement: Statement, account: str) -> bool:
    """Whether conditions on the calling account, where there are any, name ours."""
    for tests in (statement.get("Condition") or {}).values():
        for key, values in tests.items():
            if key.lower() == "aws:sourceaccount" and account not in _listed(values):
                return False
    return True


def _allowed(statements: tuple[Statement, ...], action: str, resource: str) -> bool:
    fitting = [one for one in statements if _covers(one, "Action", action) and _covers(one, "Resource", resource)]
    denied = any(one.get("Effect") == "Deny" and not one.get("Condition") for one in fitting)
    return not denied and any(one.get("Effect") == "Allow" for one in fitting)


def _covers(statement: Statement, member: str, value: str) -> bool:
    """Whether a statement's Action or Resource, or the Not form of it, takes in a value. Actions ignore case."""
    negated = f"Not{member}" in statement
    patterns = _listed(statement.get(f"Not{member}" if negated else member, ()))
    fold = str.lower if member == "Action" else str
    # fnmatch would read a bracket as a class of characters
    return negated != any(fnmatchcase(fold(value), fold(str(one)).replace("[", "[[]")) for one in patterns)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
