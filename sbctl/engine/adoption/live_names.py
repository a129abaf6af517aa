"""What stands for the ids and ARNs of a living instance: its queues, flows, hours, prompts and modules by their names."""

from __future__ import annotations

from collections.abc import Collection

from sbctl.core.events import Listener, PhaseStarted
from sbctl.core.kinds.resource import AwsCalls
from sbctl.engine.adoption.discovery import instance_of
from sbctl.engine.planning.targets import Kinds
from sbctl.flows.names.placeholders import KINDS, placeholder


def live_names(
    kinds: Kinds, aws: AwsCalls, region: str, alias: str, words: Collection[str], listen: Listener
) -> dict[str, str]:
    """Id or ARN → placeholder, for the kinds of placeholders that are asked for. Raises SbctlError without such an instance."""
    instance = instance_of(kinds, aws, region, alias)
    found: dict[str, str] = {}
    for word, (name, _) in KINDS.items():
        if word not in words or kinds[name].within != "instance":
            continue
        listen(PhaseStarted(f"reading every {kinds[name].title} of {instance.spec.alias}"))
        for live in kinds[name].list(aws, region, instance.ids["id"]):
            found |= {live.ids[key]: placeholder(word, live.spec.name) for key in ("id", "arn")}
    return found
