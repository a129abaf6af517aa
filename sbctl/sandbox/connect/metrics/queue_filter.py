"""Which queues the filters of metrics name: queues, or those that routing profiles serve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.records.refusals import invalid
from sbctl.sandbox.connect.store import Instance, bare, missing


def queues_of(instance: Instance, filters: Mapping[str, Any]) -> list[str]:
    """Ids of queues, each once. Raises ApiError where queues and profiles are both named, or neither, or one is not there."""
    queues, profiles = filters.get("Queues") or [], filters.get("RoutingProfiles") or []
    if bool(queues) == bool(profiles):
        raise invalid("Filters must have Queues or RoutingProfiles, and not both")
    if profiles:
        served = [found for one in profiles for found in _served(instance, bare(one))]
        return list(dict.fromkeys(served))
    for one in queues:
        if bare(one) not in instance.all("queue"):
            raise missing("queue", one)
    return list(dict.fromkeys(bare(one) for one in queues))


def _served(instance: Instance, profile: str) -> list[str]:
    found = instance.all("routing-profile").get(profile)
    if found is None:
        raise missing("routing profile", profile)
    return [str(pair["QueueId"]) for pair in found.values.get("Queues") or []]
