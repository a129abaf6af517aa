"""From API operations to IAM actions: mostly the same name. What AWS asks for on top is said by the kind that calls.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(one page a service; S3's names also: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sbctl.core.aws.dependent_actions import OF_NO_KIND
from sbctl.core.aws.iam_actions import OTHER_NAMES
from sbctl.core.kinds.resource import Kind

NONE_NEEDED = frozenset({"sts:GetCallerIdentity"})
"""Allowed to everyone with credentials. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""


def actions_of(operation: str, also: Iterable[str] = ()) -> tuple[str, ...]:
    """The IAM actions that a call needs, as `service:Action` or `service:Action@narrowing`. `also`: what AWS asks for on top."""
    if operation in NONE_NEEDED:
        return ()
    return (*OTHER_NAMES.get(operation, (operation,)), *also)


def dependent_actions(kinds: Iterable[Kind[Any, Any]]) -> dict[str, tuple[str, ...]]:
    """What all kinds together say of what their calls need on top: call → actions, in one order whoever states it."""
    found: dict[str, tuple[str, ...]] = dict(OF_NO_KIND)
    for kind in kinds:
        for call, actions in kind.dependent_actions.items():
            found[call] = tuple(dict.fromkeys((*found.get(call, ()), *actions)))
    return found
