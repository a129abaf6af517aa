"""Errors of AWS that only say "there is none", turned into None."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError


def call_or_none(
    aws: AwsCalls, absent: Collection[str], service: str, operation: str, region: str, **params: Any
) -> dict[str, Any] | None:
    """The answer, or None when AWS says with one of the codes `absent` that there is no such thing."""
    try:
        return aws.call(service, operation, region, **params)
    except AwsError as error:
        if error.code in absent:
            return None
        raise
