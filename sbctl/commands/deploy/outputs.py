"""The outputs of a deployment for people and scripts: instances, functions' addresses, tables, buckets, names."""

from __future__ import annotations

from typing import Any

from sbctl.core.project import Project
from sbctl.core.state import Record, State


def outputs_of(state: State, project: Project) -> dict[str, Any]:
    """What was deployed, by region and globally, as the state knows it."""
    return {
        "regions": {region.region: _of_region(state, region.region) for region in project.by_priority},
        "tables": _names(state, "dynamodb_table"),
        "record": f"{project.record}.{project.domain}" if project.dns else "",
        "dashboard": next(iter(_names(state, "cloudwatch_dashboard")), ""),
    }


def _of_region(state: State, region: str) -> dict[str, Any]:
    instance = next(iter(_records(state, "connect_instance", region)), None)
    host = _output(instance, "access_host")
    return {
        "instance_id": _output(instance, "id"),
        "instance_arn": _output(instance, "arn"),
        "access_url": f"https://{host}" if host else "",
        "buckets": [_output(record, "name") for record in _records(state, "s3_bucket", region)],
        "functions": [_output(record, "arn") for record in _records(state, "lambda_function", region)],
        "numbers": {record.at.name: _output(record, "number") for record in _numbers(state, region)},
        "health_url": next((_output(r, "url") for r in _records(state, "lambda_url", region)), ""),
        "resources": sum(1 for record in state.records.values() if record.at.region == region),
    }


def _records(state: State, kind: str, region: str) -> list[Record]:
    return [record for record in state.records.values() if record.at.kind == kind and record.at.region == region]


def _numbers(state: State, region: str) -> list[Record]:
    """The telephone numbers of a region that exist; one whose claim is under way has none yet."""
    found = _records(state, "connect_phone_number", region)
    return sorted((one for one in found if _output(one, "number")), key=lambda one: one.address)


def _names(state: State, kind: str) -> list[str]:
    return [_output(record, "name") or record.at.name for record in state.records.values() if record.at.kind == kind]


def _output(record: Record | None, name: str) -> str:
    if record is None:
        return ""
    return str(record.outputs.get(name, record.ids.get(name, "")))
