"""The head of regions.json: the project and its regions. The sections below it belong to the kinds of resources."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, field_validator
from pydantic.alias_generators import to_camel

from sbctl.core.kinds.written import WrittenModel
from sbctl.core.place import SCHEME, shared_place
from sbctl.core.project import Region

HOST = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$"
HOST_LABELS = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"

TagKey = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\w .:/=+@-]+$")]
TagValue = Annotated[str, StringConstraints(max_length=256, pattern=r"^[\w .:/=+@-]*$")]

TAG_SIGNS = "_.:/=+-@"


class _Head(WrittenModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)


class RegionEntry(_Head):
    """One region of the project."""

    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$",
        max_length=32,
        description="For people and tags, for example US-East-1; a part of a new Connect instance's alias.",
    )
    region: str = Field(min_length=1, description="AWS's code, for example us-east-1.")
    is_primary: bool = Field(default=False, description="Where traffic goes as long as all is well. Exactly one.")
    priority: int = Field(ge=1, description="1 is served first. Unique.")
    connect: bool = Field(default=True, description="false for a data-only region: tables and buckets, no instance.")
    weight: int | None = Field(
        default=None,
        ge=0,
        le=255,
        description="Share of traffic, active-active with weighted routing. Default: equal shares.",
    )
    endpoint: list[str] | None = Field(
        default=None,
        min_length=1,
        description="IPv4 addresses or one host name for the region's DNS record; default: the Connect access host.",
    )

    @field_validator("endpoint")
    @classmethod
    def _addresses_or_host(cls, values: list[str] | None) -> list[str] | None:
        if (
            not values
            or all(_is_ipv4(value) for value in values)
            or (len(values) == 1 and re.fullmatch(HOST, values[0]))
        ):
            return values
        raise ValueError("holds neither IPv4 addresses only nor exactly one host name")

    def as_region(self) -> Region:
        """As the kinds see it."""
        return Region(
            name=self.name,
            region=self.region,
            is_primary=self.is_primary,
            priority=self.priority,
            connect=self.connect,
            weight=100 if self.weight is None else self.weight,
            endpoint=tuple(self.endpoint or ()),
        )


class Head(_Head):
    """The fields of regions.json that are no section of a kind."""

    schema_: str | None = Field(default=None, alias="$schema", description="Schema for editors.")
    project: str = Field(
        pattern=r"^[a-z][a-z0-9-]*[a-z0-9]$", max_length=32, description="A part of the names of all resources."
    )
    account: str = Field(pattern=r"^[0-9]{12}$", description="The 12 digits of the only AWS account to work in.")
    domain: str = Field(pattern=HOST, max_length=253, description="The hosted zone, for example example.com.")
    strategy: Literal["active-passive", "active-active"] = Field(
        description="active-passive: one region serves, the next takes over. active-active: all regions serve."
    )
    routing: Literal["weighted", "latency"] | None = Field(
        default=None, description="How active-active spreads traffic. Default: weighted."
    )
    record: str = Field(default="connect", pattern=HOST_LABELS, description="Public name within the domain.")
    dns: bool = Field(
        default=True,
        description="Whether sbctl keeps the zone's records and health checks. false: nothing fails over yet.",
    )
    resiliency: Literal["independent", "global"] = Field(
        default="independent",
        description="independent: an instance a region. global: Amazon Connect Global Resiliency (not built yet).",
    )
    connect_regions: list[str] = Field(
        default=[], description="Regions that offer Connect but that sbctl's table does not know yet."
    )
    tags: dict[TagKey, TagValue] = Field(default={}, max_length=40, description="Tags for every resource.")
    state: str = Field(
        default="",
        description="Where the state is kept: s3://BUCKET@REGION/PREFIX, or a folder beside the config. Default: state/.",
    )
    regions: list[RegionEntry] = Field(min_length=1, description="The regions; exactly one is primary.")

    @field_validator("state")
    @classmethod
    def _is_a_place(cls, value: str) -> str:
        if value.startswith(SCHEME):
            shared_place(value)
        return value

    @field_validator("tags")
    @classmethod
    def _reserved(cls, tags: dict[str, str]) -> dict[str, str]:
        reserved = sorted(key for key in tags if key.lower().startswith(("aws:", "sbctl:")))
        if reserved:
            raise ValueError(f"{', '.join(reserved)}: keys that begin with aws: or sbctl: are reserved")
        _refuse_alike(tags)
        _refuse_marks([*tags, *tags.values()])
        return tags


def _refuse_alike(keys: Iterable[str]) -> None:
    """IAM does not tell keys that differ in case alone, and every project has roles.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating"""
    by_case: dict[str, list[str]] = {}
    for key in keys:
        by_case.setdefault(key.casefold(), []).append(key)
    alike = [" and ".join(found) for found in by_case.values() if len(found) > 1]
    if alike:
        raise ValueError(f"{', '.join(alike)}: keys that differ in case alone are one key for IAM; keep one of them")


def _refuse_marks(texts: Iterable[str]) -> None:
    """AWS takes letters, spaces and digits of any script, and no marks that combine with them."""
    wrong = [
        text
        for text in texts
        if any(unicodedata.category(one)[0] not in "LZN" and one not in TAG_SIGNS for one in text)
    ]
    if wrong:
        signs = " ".join(TAG_SIGNS)
        raise ValueError(f"{', '.join(map(repr, wrong))}: tags hold letters, digits, spaces and {signs}")


def _is_ipv4(text: str) -> bool:
    try:
        return bool(ipaddress.IPv4Address(text))
    except ValueError:
        return False
