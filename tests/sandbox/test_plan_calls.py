"""What a plan costs: Connect lets two calls a second through, so resources have to be read by the page and not one by one."""

from __future__ import annotations

import json
from pathlib import Path

from tests.sandbox.deployed import EAST, LONDON, WEST, Scene, deployed

PAGE = 500
"""Of a search for queues."""
SETTLED_SECONDS = 150
"""After this what a search index shows is believed, so that nothing is read a second time."""


def connect_calls(scene: Scene) -> dict[str, int]:
    """By region, of a plan that changes nothing."""
    scene.pass_time(SETTLED_SECONDS)
    code, said = scene.run("plan", "--exit-code")
    assert code == 0, said["problems"]
    return {region: services.get("connect", 0) for region, services in said["data"]["calls"]["by_region"].items()}


def test_queues_cost_a_plan_their_pages(tmp_path: Path) -> None:
    with deployed(tmp_path) as scene:
        few = connect_calls(scene)
        path = scene.folder / "config" / "regions.json"
        config = json.loads(path.read_text())
        config["queues"] += [{"name": f"Line {n}", "hours": "24x7", "regions": [WEST]} for n in range(PAGE)]
        path.write_text(json.dumps(config))
        assert scene.run("deploy", "--region", "all")[0] == 0
        many = connect_calls(scene)
    assert few[WEST] < 20
    assert {region: many[region] - few[region] for region in (EAST, WEST, LONDON)} == {EAST: 0, WEST: 1, LONDON: 0}
