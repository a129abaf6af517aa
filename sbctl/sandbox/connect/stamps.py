"""When and where a resource was changed last, as most answers tell it; and members of a request as they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.sandbox.connect.store import ConnectResource


def stamps(resource: ConnectResource) -> dict[str, Any]:
    """LastModifiedTime and LastModifiedRegion."""
    return {"LastModifiedTime": resource.changed, "LastModifiedRegion": region_of(resource.arn)}


def region_of(arn: str) -> str:
    return arn.split(":")[3]


def summary(resource: ConnectResource) -> dict[str, Any]:
    """A row of most lists."""
    return {"Id": resource.id, "Arn": resource.arn, "Name": resource.values["Name"], **stamps(resource)}


def given(params: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The members of these names that a request has, also empty ones."""
    return {name: params[name] for name in names if params.get(name) is not None}
