"""The parts of which the simulated Connect is made: one file for each sort of resource, in a wing, found by its constant PART.

A part states its own facts: its operations, and how many of its things AWS allows. Nothing else lists it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from sbctl.sandbox.connect.centre.audio import Objects
from sbctl.sandbox.connect.contacts.account.hub import LiveContacts
from sbctl.sandbox.connect.store import ResourceStore
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Operation


class Operations(Protocol):
    """What answers the operations of one sort of resource."""

    def operations(self) -> Mapping[str, Operation]: ...


@dataclass(frozen=True)
class Site:
    """What parts are made of. `endpoint` is where this world is served, known only while it is."""

    store: ResourceStore
    objects: Objects
    endpoint: Callable[[], str]
    live: LiveContacts


@dataclass(frozen=True)
class ConnectPart:
    """One part. `quotas`: kind of thing → how many an instance holds (of instances: a region). `told`: those of Service Quotas."""

    make: Callable[[Site], Operations]
    quotas: Mapping[str, int]
    told: tuple[Quota, ...] = ()


@cache
def parts() -> Mapping[str, ConnectPart]:
    """Wing and module ("routing.queues") → its part, for every file below this folder that has one. Every world asks."""
    return MappingProxyType(dict(_found()))


def _found() -> Iterator[tuple[str, ConnectPart]]:
    package = __package__ or ""
    below = pkgutil.walk_packages([str(Path(__file__).parent)], f"{package}.")
    for name in sorted(info.name for info in below if not info.ispkg):
        part = getattr(importlib.import_module(name), "PART", None)
        if isinstance(part, ConnectPart):
            yield name.removeprefix(f"{package}."), part


def quotas() -> dict[str, int]:
    """How many of each kind of thing there may be."""
    return {kind: most for part in parts().values() for kind, most in part.quotas.items()}


def codes() -> dict[str, str]:
    """By kind of thing: the quota that counts it."""
    return {quota.counts: quota.code for quota in told() if quota.counts}


def told() -> list[Quota]:
    """What Service Quotas tells of Connect."""
    return [quota for part in parts().values() for quota in part.told]
