"""Which DNS names there are and how they hang together, as values: leaves, and the aliases above them.

Active-passive with regions R1 > R2 > R3, where each line is a pair of primary and secondary:

    connect             → leaf R1, connect-priority-2
    connect-priority-2  → leaf R2, leaf R3
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

from sbctl.core.address import Link
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project, Region
from sbctl.resources.dns.names import leaf_name, plain_name, public_name, served

LEAF_PREFIX = "connect-"
"""Every name that sbctl makes below the public one begins so."""


@dataclass(frozen=True)
class Leaf:
    """The record of one region."""

    name: str
    region: str
    type: str
    values: tuple[Link, ...]


@dataclass(frozen=True)
class Alias:
    """A record that leads on to another name of the zone."""

    name: str
    type: str
    target: str
    set_identifier: str = ""
    failover: Literal["", "PRIMARY", "SECONDARY"] = ""
    weight: int | None = None
    latency_region: str = ""


def layout(project: Project) -> tuple[tuple[Leaf, ...], tuple[Alias, ...]]:
    """The leaves and the aliases of a project. Raises SbctlError when the regions' endpoints do not go together."""
    regions = served(project)
    leaves = tuple(_leaf(project, region) for region in regions)
    types = sorted({leaf.type for leaf in leaves})
    if len(types) > 1:
        raise SbctlError(_mixed(types))
    if not leaves:
        return (), ()
    if len(leaves) == 1:
        return leaves, (Alias(plain_name(public_name(project)), types[0], leaves[0].name),)
    if project.strategy == "active-active":
        return leaves, tuple(_shared(project, region, leaf) for region, leaf in zip(regions, leaves, strict=True))
    return leaves, _chain(project, leaves)


def _leaf(project: Project, region: Region) -> Leaf:
    values: tuple[Link, ...] = region.endpoint or (project.instance(region.region).ref("access_host"),)
    return Leaf(plain_name(leaf_name(project, region.region)), region.region, _type(region.endpoint), values)


def _type(values: Sequence[str]) -> str:
    """A for IPv4 addresses, AAAA for IPv6, CNAME for a host name."""
    try:
        versions = {ip_address(value).version for value in values}
    except ValueError:
        return "CNAME"
    return {frozenset({4}): "A", frozenset({6}): "AAAA"}.get(frozenset(versions), "CNAME")


def _shared(project: Project, region: Region, leaf: Leaf) -> Alias:
    latency = project.routing == "latency"
    return Alias(
        name=plain_name(public_name(project)),
        type=leaf.type,
        target=leaf.name,
        set_identifier=region.region,
        weight=None if latency else region.weight,
        latency_region=region.region if latency else "",
    )


def _chain(project: Project, leaves: Sequence[Leaf]) -> tuple[Alias, ...]:
    names = [plain_name(public_name(project))]
    names += [plain_name(f"{LEAF_PREFIX}priority-{place}.{project.domain}") for place in range(2, len(leaves))]
    targets = [*names[1:], leaves[-1].name]
    chain: list[Alias] = []
    for name, leaf, target in zip(names, leaves, targets, strict=False):
        chain.append(Alias(name, leaf.type, leaf.name, "primary", failover="PRIMARY"))
        chain.append(Alias(name, leaf.type, target, "secondary", failover="SECONDARY"))
    return tuple(chain)


def _mixed(types: Sequence[str]) -> Problem:
    return Problem(
        code="mixed-endpoints",
        summary="The regions' endpoints are of different kinds",
        detail=f"records of type {', '.join(types)} cannot stand behind one name",
        at="regions",
        fix="Give all regions IPv4 addresses, or all a host name, or none an endpoint.",
        exit=Exit.USAGE,
    )
