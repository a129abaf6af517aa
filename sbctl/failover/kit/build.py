"""Makes the failover kit from the project and what the state knows of its deployment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sbctl.core.address import GLOBAL, Address
from sbctl.core.moving.rules import Rules
from sbctl.core.moving.takeover import FUNCTION
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project, Region
from sbctl.core.project_files import REGIONS_FILE
from sbctl.core.state import Record, State
from sbctl.failover.kit.kit import FORMAT, WITHOUT_STEPS, Kit, KitRegion
from sbctl.resources.dns.layout import LEAF_PREFIX, layout
from sbctl.resources.dns.names import leaf_name, plain_name, public_name, served
from sbctl.resources.dns.takeover import (
    HEALTH_FUNCTION,
    function_check,
    latch,
    missing,
    order_check,
    order_leaf_check,
    takeover_check,
)

NOTHING_DEPLOYED = Problem(
    code="not-deployed",
    summary="Nothing is deployed yet",
    detail="There is no resource in the state. Where it was lost, `sbctl state rebuild` rebuilds it from AWS.",
    fix="sbctl deploy",
    exit=Exit.REFUSED,
)
NUMBERS = "connect_phone_number"


def make_kit(project: Project, state: State, now: datetime) -> Kit:
    """The kit of what is deployed. Raises SbctlError naming everything that is not deployed yet, or not wanted."""
    if not project.dns:
        raise SbctlError(dns_off(project.domain))
    regions = served(project)
    leaves, aliases = layout(project)
    zone = Address.of("route53_zone", GLOBAL, plain_name(project.domain))
    absent = [str(address) for address in (zone, *_leaf_addresses(project, regions)) if state.get(address) is None]
    if absent:
        raise SbctlError(*(map(_not_deployed, absent) if state.records else [NOTHING_DEPLOYED]))
    no_signal = missing(project)
    names = [plain_name(public_name(project))]
    chain = [*names, *sorted({a.name for a in aliases if a.name.startswith(f"{LEAF_PREFIX}priority-")}, key=_place)]
    rules = _deployed(project)
    return Kit(
        format=FORMAT if rules.steps else WITHOUT_STEPS,
        project=project.name,
        account=project.account,
        strategy=project.strategy,
        routing=project.routing,
        zone=_output(state, zone, "id"),
        public_name=names[0],
        record_type=leaves[0].type,
        chain=tuple(chain) if project.strategy == "active-passive" and len(regions) > 1 else (),
        signal_table="" if no_signal else project.rules.takeover.table,
        no_signal=no_signal,
        rules=rules,
        regions=tuple(_region(project, region, state) for region in regions),
        lineage=state.lineage,
        serial=state.serial,
        endpoint=state.endpoint,
        made_at=now,
    )


def _deployed(project: Project) -> Rules:
    """The rules with the functions of their steps as AWS names them."""
    return project.rules.model_copy(
        update={"steps": [one.in_aws(project.function_name) for one in project.rules.steps]}
    )


def dns_off(domain: str) -> Problem:
    """Why there is nothing to fail over in a project whose DNS is not sbctl's."""
    return Problem(
        code="dns-off",
        summary="Nothing can fail over yet: sbctl does not keep the DNS of this project",
        detail=f"regions.json says dns: false, as adopt writes it; the domain is {domain}",
        at=REGIONS_FILE,
        fix='Set "dns": true and your "domain" in regions.json, then: sbctl deploy --region all',
        exit=Exit.REFUSED,
    )


def _leaf_addresses(project: Project, regions: Iterable[Region]) -> list[Address]:
    return [_leaf_address(project, region.region) for region in regions]


def _leaf_address(project: Project, region: str) -> Address:
    return Address.of("route53_record", GLOBAL, f"{plain_name(leaf_name(project, region))}.{region}")


def _place(name: str) -> int:
    return int(name.split(".")[0].rpartition("-")[2])


def _region(project: Project, region: Region, state: State) -> KitRegion:
    code = region.region
    leaf = state.get(_leaf_address(project, code))
    checks = {
        "endpoint": Address.of("route53_health_check", GLOBAL, code),
        "takeover": takeover_check(code),
        "takeover-function": function_check(code),
        "calculated": Address.of("route53_calculated_check", GLOBAL, code),
        "latch": latch(code),
        "order": order_check(code),
        "by-order": order_leaf_check(code),
    }
    return KitRegion(
        region=code,
        name=region.name,
        priority=region.priority,
        instance=_output(state, project.instance(code), "id"),
        access_host=_output(state, project.instance(code), "access_host"),
        health_host=_output(state, Address.of("lambda_url", code, HEALTH_FUNCTION), "host"),
        takeover_host=_output(state, Address.of("lambda_url", code, FUNCTION), "host"),
        leaf=plain_name(leaf_name(project, code)),
        answers=tuple(map(str, leaf.applied.get("values", ()))) if leaf else (),
        tables=tuple(item.name for item in project.items.get("tables", ()) if item.in_region(code) is not None),
        buckets=tuple(_buckets(project, code)),
        numbers=tuple(_numbers(state, code)),
        weight=region.weight if project.strategy == "active-active" and project.routing == "weighted" else None,
        checks={name: _output(state, address, "id") for name, address in checks.items() if state.get(address)},
    )


def _buckets(project: Project, region: str) -> Iterable[str]:
    for item in project.items.get("buckets", ()):
        if item.in_region(region) is not None:
            yield project.bucket_name(item.name, region)


def _numbers(state: State, region: str) -> Iterable[str]:
    """The numbers that sbctl knows of, by their names in the config."""
    for record in sorted(state.records.values(), key=lambda one: one.address):
        number = str(record.outputs.get("number", ""))
        if (record.at.kind, record.at.region) == (NUMBERS, region) and number:
            yield number


def _output(state: State, address: Address, name: str) -> str:
    record: Record | None = state.get(address)
    if record is None:
        return ""
    found: Any = record.outputs.get(name, record.ids.get(name, ""))
    return str(found)


def _not_deployed(address: str) -> Problem:
    return Problem(
        code="not-deployed",
        summary="A failover needs this, and it is not deployed",
        at=address,
        fix="sbctl deploy --region all",
        exit=Exit.REFUSED,
        cause="not-deployed",
    )
