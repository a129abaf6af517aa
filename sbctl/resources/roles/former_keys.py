"""Statements on keys with which a bucket encrypted before: its replication role keeps them when the config names another key.

S3 gives an object its status PENDING when it is written, and opens it with the key of that time when it copies it, which may be
hours later; so does Batch Replication, for as long as the object is kept. Without the key the copy fails for good.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sbctl.resources.roles.policy import Document, same_policy, statements_of

DECRYPT = "kms:Decrypt"
MARK = "Former"
"""How the Sid of such a statement begins."""
CONTEXT = "kms:EncryptionContext:aws:s3:arn"


def former(statement: Mapping[str, Any], actions: Iterable[str]) -> Document:
    """A statement on a key that is used no longer."""
    return {**statement, "Sid": MARK + str(statement.get("Sid", "")), "Action": [*actions]}


def with_former(wanted: Mapping[str, Any], before: Mapping[str, Any] | None) -> Document:
    """A policy with the statements on keys of its buckets that it had before, as they were: rules may name these keys still."""
    statements = statements_of(wanted)
    buckets = {name for statement in statements for name in _listed(statement.get("Resource"))}
    kept: list[Document] = []
    for statement in statements_of(before or {}):
        if _bucket(statement) & buckets and not any(_same(statement, one) for one in (*statements, *kept)):
            kept.append(_marked(statement, [*statements, *kept]))
    return {**wanted, "Statement": [*statements, *kept]}


def told(live: Iterable[Mapping[str, Any]], wanted: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What a change of a role's policies means to objects of before."""
    there, here = list(_on_keys(live)), list(_on_keys(wanted))
    before = {key for sid, key in there if sid.startswith(MARK)}
    for key in sorted({key for sid, key in here if sid.startswith(MARK)} - before):
        yield f"the role may still decrypt with {key}: objects of before may be pending. formerKeys of the bucket ends it"
    for key in sorted({key for _, key in there} - {key for _, key in here}):
        yield f"the role may no longer decrypt with {key}: what is encrypted with it, pending or not, cannot be copied"


def _on_keys(policies: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Sid and key of the statements on keys of buckets."""
    for statement in (one for policy in policies for one in statements_of(policy) if _bucket(one)):
        alias = _tests(statement, "ForAnyValue:StringEquals").get("kms:ResourceAliases")
        yield from ((str(statement.get("Sid", "")), key) for key in _listed(alias or statement.get("Resource")))


def _bucket(statement: Mapping[str, Any]) -> set[str]:
    """The buckets for which a statement allows the use of a key."""
    allows = statement.get("Effect") == "Allow" and DECRYPT in _listed(statement.get("Action"))
    return set(_listed(_tests(statement, "StringLike").get(CONTEXT))) if allows else set()


def _tests(statement: Mapping[str, Any], operator: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (statement.get("Condition") or {}).get(operator) or {}
    return found


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two statements are on the same key for the same buckets, with whichever actions."""
    return same_policy(*({"Statement": [{**each, "Action": [DECRYPT]}]} for each in (one, other)))


def _marked(statement: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> Document:
    """The statement under a Sid that says what it is, and that no other has."""
    taken = {str(one.get("Sid", "")) for one in others}
    sid = str(statement.get("Sid", ""))
    sid = sid if sid.startswith(MARK) else MARK + sid
    while sid in taken:
        sid += "x"
    return {**statement, "Sid": sid}


def _listed(value: Any) -> list[str]:
    items = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [str(item) for item in items]
