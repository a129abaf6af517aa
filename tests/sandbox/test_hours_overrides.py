"""An override of hours from the config to AWS and back: moved by hand, found, reverted, accepted, taken out, adopted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.deployed import EAST, WEST, Scene, deployed

NAME = "24x7-christmas"
KIND = "connect_hours_override"
HERE, THERE = f"{KIND}.{EAST}.{NAME}", f"{KIND}.{WEST}.{NAME}"
CHRISTMAS = {"name": "Christmas", "hours": ["24x7"], "first": "2026-12-25", "last": "2026-12-26", "closed": True}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with deployed(tmp_path) as found:
        yield found


def write(scene: Scene, *overrides: dict[str, Any]) -> None:
    path: Path = scene.folder / "config" / "regions.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, "hoursOverrides": list(overrides)}), encoding="utf-8")


def ids_of(scene: Scene, address: str) -> dict[str, str]:
    code, envelope = scene.run("state", "show", address)
    assert code == 0, envelope["problems"]
    ids: dict[str, str] = envelope["data"]["ids"]
    return ids


def pending(scene: Scene) -> dict[str, str]:
    code, envelope = scene.run("plan")
    assert code == 0, envelope["problems"]
    return {step["address"]: step["action"] for step in envelope["data"]["steps"] if step["action"] != "none"}


@pytest.mark.long
def test_from_the_config_to_aws_and_back(scene: Scene) -> None:
    """Every region with Connect gets it; what somebody moves is drift, and no parity; both are told, reverted or accepted."""
    write(scene, CHRISTMAS)
    assert pending(scene).keys() >= {HERE, THERE}
    code, envelope = scene.run("deploy", "--region", "all")
    assert code == 0, envelope["problems"]
    assert pending(scene) == {}

    ids = ids_of(scene, THERE)
    at = {"InstanceId": ids["instance"], "HoursOfOperationId": ids["hours"], "HoursOfOperationOverrideId": ids["id"]}
    west = scene.client("connect", WEST)
    west.update_hours_of_operation_override(**at, EffectiveTill="2026-12-31")
    _, envelope = scene.run("drift")
    (row,) = envelope["data"]["drifted"]
    assert (row["address"], row["field"], row["severity"]) == (THERE, "last", "high")
    _, envelope = scene.run("parity", "--from", EAST, "--region", WEST)
    (row,) = envelope["data"]["differences"]
    assert (row["address"], row["field"], row["here"], row["there"]) == (THERE, "last", "2026-12-31", "2026-12-26")
    code, envelope = scene.run("drift", "--revert")
    assert code == 0, envelope["problems"]
    shown = west.describe_hours_of_operation_override(**at)["HoursOfOperationOverride"]
    assert shown["EffectiveTill"] == "2026-12-26"

    west.update_hours_of_operation_override(**at, EffectiveTill="2026-12-31")
    code, envelope = scene.run("drift", "--accept")
    assert code == 0, envelope["problems"]
    config = json.loads((scene.folder / "config" / "regions.json").read_text())
    assert config["hoursOverrides"] == [{**CHRISTMAS, "overrides": {WEST: {"last": "2026-12-31"}}}]
    assert pending(scene) == {}

    code, envelope = scene.run("iam-policy", "--for", "deploy")
    actions = {
        action
        for policy in envelope["data"]["policies"]
        for statement in policy["document"]["Statement"]
        for action in statement["Action"]
    }
    assert {f"connect:{verb}HoursOfOperationOverride" for verb in ("Create", "Describe", "Update", "Delete")} < actions

    write(scene)
    assert set(pending(scene).values()) == {"delete"}
    code, envelope = scene.run("deploy", "--region", "all", "--max-deletes", "10")
    assert code == 0, envelope["problems"]
    assert (
        west.list_hours_of_operation_overrides(**{name: at[name] for name in ("InstanceId", "HoursOfOperationId")})[
            "HoursOfOperationOverrideList"
        ]
        == []
    )


@pytest.mark.long
def test_what_stands_there_already_is_adopted(scene: Scene) -> None:
    """Overrides carry no tags: one is found by its hours and its name, and not made twice."""
    write(scene, CHRISTMAS)
    ids = ids_of(scene, f"connect_hours.{EAST}.24x7")
    scene.client("connect").create_hours_of_operation_override(
        InstanceId=ids["instance"],
        HoursOfOperationId=ids["id"],
        Name="Christmas",
        Config=[],
        EffectiveFrom="2026-12-25",
        EffectiveTill="2026-12-26",
    )
    code, envelope = scene.run("hours-override", "adopt", HERE)
    assert code == 0, envelope["problems"]
    found = pending(scene)
    assert HERE not in found
    assert found[THERE] == "create"


def test_one_that_was_renamed_and_is_not_recorded_is_not_doubled(scene: Scene) -> None:
    """AWS keeps no tags of it: its days say what it is. The plan shows its name as a change."""
    write(scene, CHRISTMAS)
    hours = ids_of(scene, f"connect_hours.{EAST}.24x7")
    at = {"InstanceId": hours["instance"], "HoursOfOperationId": hours["id"]}
    days = {"Config": [], "EffectiveFrom": "2026-12-25", "EffectiveTill": "2026-12-26"}
    client = scene.client("connect")
    client.create_hours_of_operation_override(**at, Name="Holidays", **days)
    _, envelope = scene.run("plan", "--region", EAST)
    (step,) = [step for step in envelope["data"]["steps"] if step["address"] == HERE]
    assert (step["action"], [(one["field"], one["before"], one["after"]) for one in step["changes"]]) == (
        "adopt",
        [("name", "Holidays", "Christmas")],
    )
    code, envelope = scene.run("deploy", "--region", EAST)
    assert (code, envelope["problems"]) == (0, [])
    (left,) = client.list_hours_of_operation_overrides(**at)["HoursOfOperationOverrideList"]
    assert left["Name"] == "Christmas"
