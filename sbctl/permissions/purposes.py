"""What each purpose calls, as declared: kinds name their calls, and so do checks and the modules of failovers and drills."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sbctl.aws.reads import is_read
from sbctl.core.kinds.discover import names
from sbctl.core.kinds.resource import Kind
from sbctl.core.project import Project
from sbctl.failover.mechanism import mechanism_named
from sbctl.permissions.actions import dependent_actions
from sbctl.resources.dns.takeover import MECHANISM, missing

Purpose = Literal["adopt", "plan", "deploy", "failover", "verify", "drill"]
PURPOSES: Mapping[Purpose, str] = {
    "adopt": "read a contact centre that others made, before there is a config: on every resource, since no name is known",
    "plan": "read everything that a plan, parity or drift compares",
    "deploy": "make, change and delete what the config wants, and keep the failover kit",
    "failover": "move traffic, and return; a planned failover measures lag and parity first",
    "verify": "measure: verify-replication, status, doctor, flow test",
    "drill": "rehearse: what failover and verify need, and breaking what a drill breaks",
}
CHECKS = ("checks", "checks.flow_tests", "checks.lag", "checks.replication")
OF_OBJECTS = frozenset({"s3:HeadObject", "s3:ListObjectVersions"})
CALLER = "sts:GetCallerIdentity"


@dataclass(frozen=True)
class Use:
    """One call that is made. `keys` are the partition keys of the signal's table to which it is limited.

    `also` are the actions that AWS asks for beside that of the call.
    """

    call: str
    keys: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def uses(purpose: Purpose, project: Project, kinds: Iterable[Kind[Any, Any]]) -> frozenset[Use]:
    """Everything that a purpose may call."""
    if purpose == "adopt":
        return adopting(kinds)
    kinds = tuple(kinds)
    declared = {call for kind in kinds for call in kind.calls}
    found: set[Use] = {Use(CALLER)}
    if purpose in ("plan", "failover", "drill"):
        found |= {Use(call) for call in declared if is_read(call.partition(":")[2])}
        found |= {Use(call) for call in _of("checks.quotas")}
    if purpose == "deploy":
        found |= {Use(call) for call in declared | _of("failover.kit.publish") | _of("checks.quotas")}
    if purpose in ("failover", "drill"):
        found |= moving(project)
        found |= {Use(call) for call in _of("failover.contacts")}
    if purpose in ("verify", "failover", "drill"):
        found |= {Use(call) for place in CHECKS for name in names(f"sbctl.{place}") for call in _of(f"{place}.{name}")}
        found |= {Use(call) for call in _of("failover.kit.verify")}
    if purpose == "drill":
        found |= {Use(call, ("DRILL",)) for call in _of("drills.probing")}
        found |= {Use(call) for call in _of("drills.calls")}
        found |= {Use(call, ("HEALTH",)) for call in _of("drills.fault_injection")}
    return _completed(found, kinds)


def adopting(kinds: Iterable[Kind[Any, Any]]) -> frozenset[Use]:
    """Everything that adopt calls: reads of the kinds that it takes over. It needs no project, and asks for no object."""
    kinds = tuple(kinds)
    declared = {call for kind in kinds if kind.adoption.way != "none" for call in kind.calls}
    reads = {call for call in declared if is_read(call.partition(":")[2])} - OF_OBJECTS
    return _completed({Use(CALLER), *map(Use, reads | _of("engine.adoption.discovery"))}, kinds)


def _completed(used: Iterable[Use], kinds: Iterable[Kind[Any, Any]]) -> frozenset[Use]:
    """With what AWS asks for beside the calls, as the kinds say."""
    also = dependent_actions(kinds)
    return frozenset(replace(use, also=also.get(use.call, ())) for use in used)


def moving(project: Project) -> set[Use]:
    """What moves traffic, and all that a forced failover calls: the signal, or the record change where there is none."""
    found = mechanism_named("records" if missing(project) else MECHANISM)
    return {Use(call, found.keys) for call in found.calls}


def _of(module: str) -> frozenset[str]:
    """The CALLS of a module; none where it calls nothing of its own."""
    found: frozenset[str] = getattr(importlib.import_module(f"sbctl.{module}"), "CALLS", frozenset())
    return found
