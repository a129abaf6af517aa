"""Parts that the data of several commands have."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, RootModel

from sbctl.failover.data.told import Told


class Open(BaseModel):
    """A value that may have further members: what it tells of is not the product's own."""

    model_config = ConfigDict(frozen=True, extra="allow")


class CallsTold(Told):
    """API calls made: in all, by service, by region and service."""

    total: int
    by_service: dict[str, int]
    by_region: dict[str, dict[str, int]]


class Written(Told):
    """The files that were written."""

    written: tuple[str, ...]


class Document(RootModel[dict[str, Any]]):
    """A JSON document of its own."""


class Variables(RootModel[dict[str, str]]):
    """Environment variables by name."""
