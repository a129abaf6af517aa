"""Contact with moto's IAM, which makes AWS's own policies, fifteen hundred, anew at each reset: here once, and then copied.

It was most of the time of a reset, a fifth of a second. Points touched, checked by tests/sandbox/test_policies_moto_contact.py:
IAMBackend._init_aws_policies, and of a policy what changes in its life: attachment_count, tags, versions.
"""

from __future__ import annotations

import gc
from functools import cache, wraps
from importlib import import_module
from typing import Any


def remember_policies() -> None:
    """Have moto make AWS's policies once for each account and partition. Each backend gets copies, which it may change."""
    backend: Any = import_module("moto.iam.models").IAMBackend
    if hasattr(backend._init_aws_policies, "__wrapped__"):
        return
    make = backend._init_aws_policies

    @cache
    def made(account: str, region: str) -> list[Any]:
        policies: list[Any] = make(_Of(account, region))
        gc.freeze()  # these and moto itself stay for good: looking through them for garbage was a third of all work
        return policies

    @wraps(make)
    def remembered(self: Any) -> list[Any]:
        return [_copied(policy) for policy in made(self.account_id, self.region_name)]

    backend._init_aws_policies = remembered


class _Of:
    """As much of a backend as making the policies asks for."""

    def __init__(self, account: str, region: str) -> None:
        self.account_id = account
        self.region_name = region


def _copied(policy: Any) -> Any:
    found = _alike(policy)
    found.tags = dict(policy.tags)
    found.versions = [_alike(version) for version in policy.versions]
    return found


def _alike(one: Any) -> Any:
    """What `copy.copy` makes of a plain object, in a fifth of its time: this happens some three thousand times a reset."""
    found = object.__new__(type(one))
    found.__dict__.update(one.__dict__)
    return found
