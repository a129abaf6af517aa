"""Tags in AWS's shapes and as a map. Tags are owned maps: sbctl changes the keys it applied and leaves all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.core.project import ADDRESS_TAG, PROJECT_TAG


def as_map(pairs: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """A map from AWS's list of Key and Value."""
    return {pair["Key"]: pair["Value"] for pair in pairs or ()}


def as_pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """AWS's list of Key and Value from a map, sorted."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def owner(tags: Mapping[str, str]) -> str:
    """The address for which sbctl made the thing that carries these tags; empty for all others."""
    return tags.get(ADDRESS_TAG, "")


def example_tags(address: str) -> dict[str, str]:
    """The ownership tags that a resource of the project "example" carries."""
    return {PROJECT_TAG: "example", ADDRESS_TAG: address}


@dataclass(frozen=True)
class TagChange:
    """What to set and what to remove so that live tags become the wanted ones."""

    put: dict[str, str]
    drop: tuple[str, ...]


def tag_change(live: Mapping[str, str], wanted: Mapping[str, str], owned: Mapping[str, Any]) -> TagChange:
    """The change from `live` to `wanted`. Only keys that `owned` (the values last applied) has are ever removed."""
    ours = owned.get("tags") or {}
    return TagChange(
        put={key: value for key, value in wanted.items() if live.get(key) != value},
        drop=tuple(sorted(key for key in ours if key in live and key not in wanted)),
    )
