"""Answers of AWS that have the right types and make no sense all the same: a day that is none, a policy that is no JSON.

A kind reads answers into values that are validated, or documents that are parsed. What does not fit there is the answer's fault,
and is told like any other answer that cannot be read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from sbctl.core.aws.error import UNREADABLE, AwsError

ASKING = (
    "list",
    "find",
    "complete",
    "read",
    "ready",
    "create",
    "update",
    "delete",
    "beyond",
    "names",
    "unsaid",
    "with_limits",
)
"""The methods of a kind that read answers; each gets AwsCalls and a region first."""
OUTSIDE = (ValueError, LookupError)
SHOWN = 200


def told(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """The method of a kind, with an AwsError where an answer is outside of what it can be."""

    @functools.wraps(method)
    def asked(self: Any, aws: Any, region: str, *rest: Any, **named: Any) -> Any:
        try:
            found = method(self, aws, region, *rest, **named)
            return [*found] if isinstance(found, Iterator) else found
        except OUTSIDE as error:
            service = min(self.calls).partition(":")[0]
            raise nonsense(error, self.title, (service, name, region)) from error

    return asked


def nonsense(error: Exception, of: str, called: tuple[str, str, str]) -> AwsError:
    """The error that an answer about something amounts to, when reading it ended with an error of OUTSIDE."""
    service, operation, region = called
    said = " ".join(f"{type(error).__name__}: {error}".split())[:SHOWN]
    message = f"what AWS says of the {of} makes no sense ({said})"
    return AwsError(UNREADABLE, message, service=service, operation=operation, region=region, status=200)
