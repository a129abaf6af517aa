"""Reads failover-rules.json, and checks it against the project: data residency, mechanisms that are built."""

from __future__ import annotations

from pydantic import ValidationError

from sbctl.core.kinds.spec import ConfigItem
from sbctl.core.moving.rules import Residency, Rules
from sbctl.core.project import Project
from sbctl.desired.config.findings import Findings
from sbctl.files.misfits import did_you_mean
from sbctl.files.positions import JsonPath

STORES = ("tables", "buckets")
"""The sections whose items hold data."""
_LATER = ("connect-traffic", "arc")


def read_rules(findings: Findings) -> Rules:
    """The rules; the defaults stand in for what cannot be read."""
    try:
        rules = Rules.model_validate(findings.source.data, by_alias=True, by_name=False)
    except ValidationError as error:
        findings.add_invalid(error, (), Rules)
        wrong = {one["loc"][0] for one in error.errors()}
        return Rules.model_validate({key: value for key, value in findings.source.data.items() if key not in wrong})
    if rules.mechanism in _LATER:
        fix = 'Use "standby-takeover" or "records".'
        findings.add("not-built-yet", ("mechanism",), f"{rules.mechanism} comes later", fix)
    return rules


def check_residency(rules: Rules, project: Project, findings: Findings) -> None:
    """Note each table or bucket that would live in a region where its data may not."""
    stores = {item.name: item for section in STORES for item in project.items.get(section, ())}
    for index, rule in enumerate(rules.data_residency):
        path: JsonPath = ("dataResidency", index)
        for position, name in enumerate(rule.data):
            place = (*path, "data", position)
            if name not in stores:
                fix = did_you_mean(name, stores)
                findings.add("unknown-name", place, f"there is no table or bucket {name!r}", fix)
            else:
                _check_store(stores[name], rule, place, project, findings)


def _check_store(item: ConfigItem, rule: Residency, place: JsonPath, project: Project, findings: Findings) -> None:
    wanted = item.regions if item.regions is not None else [region.region for region in project.by_priority]
    outside = [region for region in wanted if region not in rule.regions]
    if outside:
        reason = f" ({rule.reason})" if rule.reason else ""
        detail = f"{item.name} would be kept in {', '.join(outside)}; allowed: {', '.join(rule.regions)}{reason}"
        fix = f'Give {item.name} "regions" within those allowed, in regions.json.'
        findings.add("data-residency", place, detail, fix)
