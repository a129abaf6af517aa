"""The project as the kinds see it: who, where, how, its flows and Lambda packages. Made from the files on floor 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sbctl.core.address import Address
from sbctl.core.flow_document import FlowDocument, FlowTestDocument
from sbctl.core.kinds.spec import ConfigItem
from sbctl.core.moving.rules import Rules
from sbctl.core.text.slug import ascii_slug

PROJECT_TAG = "sbctl:project"
ADDRESS_TAG = "sbctl:address"
OWNERSHIP_TAGS = frozenset({PROJECT_TAG, ADDRESS_TAG})
"""The tags by which a later run takes a resource for sbctl's own."""
INSTANCE_TAG = "sbctl:instance-of"
"""On an instance that a function of the project may describe: roles know it by this tag, also when others made it."""


@dataclass(frozen=True)
class Region:
    """One region of the project. `connect` is False for a data-only region. `priority` 1 is served first."""

    name: str
    region: str
    is_primary: bool
    priority: int
    connect: bool = True
    weight: int = 100
    endpoint: tuple[str, ...] = ()
    """Values of the region's DNS record: IP addresses or one host name; empty means the Connect access host."""


@dataclass(frozen=True)
class Package:
    """A Lambda deployment package, byte-for-byte reproducible. `sha256` is base64, as Lambda's CodeSha256.

    `source` is the folder that it is made of, as seen from where sbctl runs.
    """

    name: str
    zip: bytes
    sha256: str
    handler: str
    source: str


@dataclass(frozen=True)
class Recording:
    """The audio of a prompt: a .wav file of the project. `sha256` is hexadecimal."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Project:
    """Everything that is wanted, before it is spread over regions."""

    name: str
    account: str
    domain: str
    strategy: Literal["active-passive", "active-active"]
    regions: tuple[Region, ...]
    rules: Rules
    routing: Literal["weighted", "latency"] = "weighted"
    record: str = "connect"
    dns: bool = True
    """Whether the domain's zone, its records and the health checks behind them are wanted."""
    resiliency: Literal["independent", "global"] = "independent"
    items: Mapping[str, tuple[ConfigItem, ...]] = field(default_factory=dict)
    """The config items by section, defaults filled in."""
    flows: Mapping[str, FlowDocument] = field(default_factory=dict)
    modules: Mapping[str, FlowDocument] = field(default_factory=dict)
    """The flow modules of flows/modules/, by name."""
    tests: Mapping[str, FlowTestDocument] = field(default_factory=dict)
    """The flow tests of flows/tests/, by name."""
    recordings: Mapping[str, Recording] = field(default_factory=dict)
    """The audio of prompts, by its path in prompts/."""
    packages: Mapping[str, Package] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags that every resource gets, besides the ownership tags."""

    @property
    def primary(self) -> Region:
        return next(region for region in self.regions if region.is_primary)

    @property
    def by_priority(self) -> tuple[Region, ...]:
        return tuple(sorted(self.regions, key=lambda region: region.priority))

    @property
    def connect_regions(self) -> tuple[Region, ...]:
        """Regions with a Connect instance, by priority."""
        return tuple(region for region in self.by_priority if region.connect)

    def region(self, code: str) -> Region:
        """The region with an AWS code such as "us-east-1"; KeyError when it is not in the project."""
        try:
            return next(region for region in self.regions if region.region == code)
        except StopIteration:
            raise KeyError(code) from None

    def others(self, code: str) -> tuple[Region, ...]:
        """All regions but one, by priority."""
        return tuple(region for region in self.by_priority if region.region != code)

    def owned(self, address: Address) -> dict[str, str]:
        """The tags by which a resource is known as ours, plus the project's own tags."""
        return {**self.tags, PROJECT_TAG: self.name, ADDRESS_TAG: str(address)}

    def names(self, section: str) -> frozenset[str]:
        """The names of a section's items."""
        return frozenset(item.name for item in self.items.get(section, ()))

    def instance(self, region: str) -> Address:
        """The address of a region's Connect instance."""
        return Address.of("connect_instance", region, self.name)

    def bucket_name(self, name: str, region: str) -> str:
        """The bucket for `name` in a region: one that was there already, or project, name, account and region, unique in AWS."""
        found = next((item for item in self.items.get("buckets", ()) if item.name == name), None)
        local = found.in_region(region) if found is not None else None
        there: str | None = getattr(local, "bucket", None)
        return there or ascii_slug(f"{self.name}-{name}-{self.account}-{region}")

    def function_name(self, name: str) -> str:
        """The function in AWS of an item of `lambdas`; any other name is one that others have made."""
        return f"{self.name}-{name}" if name in self.names("lambdas") else name


HOME_OF_GLOBAL_SERVICES = "us-east-1"
"""Where IAM's and Route 53's control planes live (dr-primitives 4.1)."""
