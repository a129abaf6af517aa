"""Everything in a Connect instance that the config has words for, by kind, read and never written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sbctl.core.events import Listener, PhaseStarted
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.resource import AwsCalls, Live
from sbctl.engine.targets import Kinds

CALLS: frozenset[str] = frozenset({"connect:GetPromptFile"})
"""Beside those of the kinds: the audio of prompts."""
INSTANCE = "connect_instance"
WITHIN = (
    "connect_hours",
    "connect_queue",
    "connect_lambda",
    "connect_prompt",
    "connect_flow_module",
    "connect_flow",
    "connect_routing_profile",
)
"""What is taken over of an instance, each after what its items name; flows and modules name each other."""


@dataclass(frozen=True)
class Estate:
    """An instance and what is in it, by kind."""

    region: str
    instance: Live[Any]
    things: Mapping[str, Sequence[Live[Any]]]


def discover(kinds: Kinds, aws: AwsCalls, region: str, alias: str, listen: Listener) -> Estate:
    """Read the instance with this alias, or id, and all that is in it. Raises SbctlError when there is none."""
    there = list(kinds[INSTANCE].list(aws, region, ""))
    chosen = [live for live in there if alias in (live.spec.alias, live.ids["id"])]
    if not chosen:
        raise SbctlError(_no_instance(region, alias, [live.spec.alias for live in there]))
    (instance,) = chosen
    found = {}
    for name in WITHIN:
        listen(PhaseStarted(f"reading every {kinds[name].title} of {instance.spec.alias}"))
        found[name] = list(kinds[name].list(aws, region, instance.ids["id"]))
    return Estate(region, instance, found)


def _no_instance(region: str, alias: str, there: Sequence[str]) -> Problem:
    return Problem(
        code="no-such-instance",
        summary="There is no Connect instance of this alias",
        detail=f"{alias} in {region}; the account has {', '.join(sorted(there)) or 'none there'}",
        at="--instance",
        fix="Name one of them, by its alias or its id.",
        exit=Exit.USAGE,
    )
