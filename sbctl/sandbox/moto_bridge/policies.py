"""Contact with moto's IAM, which makes AWS's own policies, fifteen hundred, anew at each reset: here once, and then as they were.

It was most of the time of a reset, a fifth of a second. Points touched, checked by tests/sandbox/test_policies_moto_contact.py:
IAMBackend._init_aws_policies, and of a policy what changes in its life: attachment_count, tags, versions.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import cache, wraps
from importlib import import_module
from typing import Any


def remember_policies() -> None:
    """Have moto make AWS's policies once for each account and partition. A backend gets them as they were at the beginning.

    moto's state is the process's, so that of backends for the same account only the newest is used.
    """
    backend: Any = import_module("moto.iam.models").IAMBackend
    if hasattr(backend._init_aws_policies, "__wrapped__"):
        return
    make = backend._init_aws_policies

    @cache
    def made(account: str, region: str) -> list[_Made]:
        policies = [_Made.of(policy) for policy in make(_Of(account, region))]
        gc.freeze()  # these and moto itself stay for good: looking through them for garbage was a third of all work
        return policies

    @wraps(make)
    def remembered(self: Any) -> list[Any]:
        return [one.as_it_was() for one in made(self.account_id, self.region_name)]

    backend._init_aws_policies = remembered


class _Of:
    """As much of a backend as making the policies asks for."""

    def __init__(self, account: str, region: str) -> None:
        self.account_id = account
        self.region_name = region


@dataclass(frozen=True)
class _Made:
    """A policy, and what it and its versions were when it was made."""

    policy: Any
    fields: dict[str, Any]
    versions: tuple[tuple[Any, dict[str, Any]], ...]

    @classmethod
    def of(cls, policy: Any) -> _Made:
        return cls(policy, dict(vars(policy)), tuple((version, dict(vars(version))) for version in policy.versions))

    def as_it_was(self) -> Any:
        """The policy without what happened to it since."""
        for version, fields in self.versions:
            _reset(version, fields)
        _reset(self.policy, {**self.fields, "tags": {}, "versions": [version for version, _ in self.versions]})
        return self.policy


def _reset(one: Any, fields: dict[str, Any]) -> None:
    if vars(one) != fields:
        vars(one).clear()
        vars(one).update(fields)
