"""Drills of projects that are not the default one: traffic away from the primary, shared traffic, records as the mechanism."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.faults.control import add_fault, heal, list_faults
from tests.cases.conftest import awake
from tests.cases.test_drills import app_of, started
from tests.cases.test_failover import active
from tests.sandbox.deployed import EAST, LONDON, WEST, Scene
from tests.waits import eventually

pytestmark = pytest.mark.long
CUSTOMERS = "customers-global"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with awake(tmp_path / "project") as found:
        yield found


def changed(scene: Scene, file: str, **values: Any) -> None:
    """Other values in a file of the config."""
    path = scene.folder / "config" / file
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def played(scene: Scene, name: str) -> dict[str, Any]:
    """A drill's data; whatever it came to, everything is mended and nothing is open."""
    _, said = scene.run("drill", "run", name)
    assert list_faults(scene.world.faults)["faults"] == []
    assert scene.run("status", "--cached")[1]["data"]["open_failover"] is None
    data: dict[str, Any] = said["data"]
    assert "outcome" in data, said["problems"]
    return data


def texts(data: dict[str, Any], what: str) -> list[str]:
    return [row["text"] for row in data["timeline"] if row["what"] == what]


@pytest.mark.parametrize("name", ["planned-switch", "region-loss"])
def test_a_drill_starts_from_where_traffic_is_and_brings_it_back_there(scene: Scene, name: str) -> None:
    """With traffic in us-west-2 the region behind it takes over, since nobody can take back a lost region's signal."""
    assert scene.run("failover", "--to", WEST, "--reason", "maintenance")[0] == 0
    data = played(scene, name)
    assert (data["from"], data["to"], data["outcome"]) == (WEST, LONDON, "held"), data["limits"]
    assert texts(data, "moved") == [f"DNS answers {LONDON}"]
    assert active(scene) == WEST


def test_shared_traffic_has_moved_when_no_answer_names_the_region(scene: Scene) -> None:
    """One answer of another region says nothing: twelve of a third each do."""
    changed(scene, "regions.json", strategy="active-active")
    code, said = scene.run("deploy", "--region", "all", "--max-deletes", "20")
    assert code == 0, said["problems"]
    scene.pass_time(120)
    assert scene.run("status")[1]["data"]["serving"] == [EAST, WEST, LONDON]
    data = played(scene, "region-loss")
    assert (data["from"], data["outcome"]) == (EAST, "held"), [one for one in data["limits"] if not one["held"]]
    assert "none of the last 12 names us-east-1" in texts(data, "moved")[0]


def test_records_are_rehearsed_where_the_rules_name_them(scene: Scene) -> None:
    """The loss of us-east-1 takes their control plane along; the page says so, and what health checks did by themselves."""
    changed(scene, "failover-rules.json", mechanism="records")
    data = played(scene, "region-loss")
    assert (data["mechanism"], data["outcome"]) == ("records", "deviated"), data["why"]
    assert any("Route 53's control plane lies in us-east-1" in text for text in texts(data, "stuck"))
    assert "health checks alone moved traffic" in texts(data, "by itself")[0]
    assert active(scene) == EAST
    data = played(scene, "planned-switch")
    assert (data["mechanism"], data["outcome"]) == ("records", "held"), [
        one for one in data["limits"] if not one["held"]
    ]
    assert active(scene) == EAST


def killed_after_its_move(scene: Scene, name: str) -> None:
    """A drill whose process is killed once traffic has moved."""
    runs = app_of(scene).runs
    process = started(scene, name)
    eventually(lambda: active(scene) == WEST or process.poll() is not None, f"traffic of {name} in us-west-2")
    eventually(lambda: any(run.kind == "failover" for run in runs.all()), "its failover")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert active(scene) == WEST


def test_acknowledged_items_are_not_left_behind_by_a_restore(scene: Scene) -> None:
    """Written while the killed drill had traffic away, and not replicated: traffic stays, with both commands; then it returns."""
    killed_after_its_move(scene, "planned-switch")
    late = add_fault(scene.world.faults, {"kind": "replication-paused", "region": WEST, "service": "dynamodb"})
    items = [{"CustomerId": {"S": f"c-{number}"}} for number in range(20)]
    for item in items:
        scene.client("dynamodb", WEST).put_item(TableName=CUSTOMERS, Item=item)
    code, said = scene.run("drill", "restore")
    assert (code, said["problems"][0]["code"]) == (8, "not-restored"), said["problems"]
    assert "failback --run" in said["problems"][0]["fix"]
    assert (active(scene), [one["id"] for one in list_faults(scene.world.faults)["faults"]]) == (WEST, [late["id"]])
    assert scene.run("status", "--cached")[1]["data"]["open_failover"] is None
    heal(scene.world.faults, {"id": late["id"]})
    code, said = scene.run("drill", "restore")
    assert (code, active(scene)) == (0, EAST), said["problems"]
    there = scene.client("dynamodb", EAST).scan(TableName=CUSTOMERS, ConsistentRead=True)["Items"]
    assert {item["CustomerId"]["S"] for item in there} >= {item["CustomerId"]["S"] for item in items}


def test_a_real_outage_after_a_killed_drill_is_the_operators(scene: Scene) -> None:
    """The order has a run and a reason of its own; the drill's restore mends what the drill broke, and moves nothing."""
    killed_after_its_move(scene, "planned-switch")
    add_fault(scene.world.faults, {"kind": "hang", "region": EAST})
    code, said = scene.run("failover", "--to", WEST, "--mode", "forced", "--reason", "REAL outage")
    assert (code, said["data"]["reason"]) == (0, "REAL outage"), said["problems"]
    code, said = scene.run("drill", "restore")
    assert (code, [one["code"] for one in said["data"]["left_alone"]]) == (0, ["traffic-stays"]), said["problems"]
    assert active(scene) == WEST
    assert len(list_faults(scene.world.faults)["faults"]) == 1
    rows = scene.run("history")[1]["data"]["runs"]
    assert next(row["reason"] for row in rows if row["kind"] == "failover") == "REAL outage"
    assert [row["outcome"] for row in rows if row["kind"] == "drill"] == ["interrupted"]
    assert "open" not in {row["status"] for row in rows}
