"""A contact centre is taken over and destroyed on an AWS that serves two rows a page and leaves out what is empty."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sbctl.core.problem import Exit
from tests.sandbox.deployed import EAST, Scene, deployed
from tests.sandbox.foreign_centre import ALIAS, QUEUES, build
from tests.sandbox.layers.small_pages import SmallPages
from tests.worlds import empty_world, make_known, still


def test_a_centre_is_adopted_whole(tmp_path: Path) -> None:
    """A config of all queues, whatever page they are on."""
    with empty_world(still(), dns_port=0) as running:
        scene = Scene(running, tmp_path)
        build(lambda service: scene.client(service), scene.pass_time)
        make_known(running, scene.state)
        running.world.layer = SmallPages()
        code, said = scene.run("adopt", "--region", EAST, "--instance", ALIAS, "--domain", "acme.example")
        assert code == Exit.DONE, said["problems"]
    config = json.loads((tmp_path / "config" / "regions.json").read_text(encoding="utf-8"))
    assert len(config["queues"]) >= QUEUES


@pytest.mark.long
def test_all_is_destroyed(tmp_path: Path) -> None:
    """Also buckets whose kits have more versions than a page."""
    with deployed(tmp_path) as scene:
        scene.world.layer = SmallPages()
        code, said = scene.run("destroy", "--allow", "*", "--max-deletes", "1000")
        assert code == Exit.DONE, said["problems"]
        assert scene.run("plan", "--destroy")[1]["data"]["steps"] == []
