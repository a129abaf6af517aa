"""A deployment whose health function alone served the takeover gets the function of its own: DNS does not move once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.http.server import Running
from tests.sandbox.deployed import EAST, LONDON, ROOT, WEST, Scene
from tests.saved import restored
from tests.worlds import make_known, still

REASON = ("--reason", "rehearsal")
REGIONS_FILE = "config/regions.json"


def former(folder: Path) -> None:
    """The project as it was: no function `takeover`, no reservations."""
    shutil.rmtree(folder / "lambdas" / "takeover")
    regions = json.loads((folder / REGIONS_FILE).read_text(encoding="utf-8"))
    regions["lambdas"] = [item for item in regions["lambdas"] if item["name"] != "takeover"]
    for item in regions["lambdas"]:
        item.pop("reservedConcurrency", None)
    (folder / REGIONS_FILE).write_text(json.dumps(regions), encoding="utf-8")


def _deploy_former(running: Running, folder: Path) -> None:
    for name in ("config", "flows", "lambdas"):
        shutil.copytree(ROOT / name, folder / name)
    former(folder)
    make_known(running, folder / "state")
    code, envelope = Scene(running, folder).run("deploy", "--region", "all")
    assert code == 0, envelope["problems"]


@contextmanager
def deployed_before(folder: Path) -> Iterator[Scene]:
    """The former layout, deployed once, then restored; its kit has no takeover host."""
    with restored("former-takeover", _deploy_former, still(zone="example.com"), folder) as running:
        make_known(running, folder / "state")
        kit_file = folder / "state" / "failover-kit.json"
        kit = json.loads(kit_file.read_text(encoding="utf-8"))
        for region in kit["regions"]:
            assert not region.pop("takeover_host")
        kit_file.write_text(json.dumps(kit), encoding="utf-8")
        yield Scene(running, folder)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with deployed_before(tmp_path) as found:
        yield found


def upgrade(scene: Scene) -> None:
    """The new files in the project's place."""
    shutil.copytree(ROOT / "lambdas" / "takeover", scene.folder / "lambdas" / "takeover", dirs_exist_ok=True)
    shutil.copy(ROOT / REGIONS_FILE, scene.folder / REGIONS_FILE)


def answered(scene: Scene) -> set[str]:
    found = scene.world.route53.resolve("connect.example.com", "CNAME", EAST)
    values = {value for record in found.records for value in record.values} if found else set()
    return {region for region in (EAST, WEST, LONDON) for value in values if region in value}


class Watch:
    """What DNS answered at any second of the world's time."""

    def __init__(self, scene: Scene) -> None:
        self.seen: set[str] = set()
        scene.world.scheduler.every(1.0, lambda: self.seen.update(answered(scene)))


def summary(envelope: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in envelope["data"]["summary"].items() if count and name != "none"}


@pytest.mark.long  # two deploys; tests/unit/resources/aws/test_newcomers.py holds the guard itself
@pytest.mark.parametrize("active", [EAST, WEST])
def test_dns_does_not_move_by_the_upgrade(scene: Scene, active: str) -> None:
    """Whether a takeover is in force or not; nothing is deleted, and afterwards silence of the new function changes nothing."""
    if active != EAST:
        code, said = scene.run("failover", "--to", active, "--mode", "forced", *REASON)
        assert code == 0, said["problems"]
    assert answered(scene) == {active}
    watch = Watch(scene)
    upgrade(scene)
    code, said = scene.run("deploy", "--region", "all")
    assert code == 0, said["problems"]
    assert summary(said).keys() == {"create", "update"}
    scene.pass_time(300)
    assert watch.seen == {active}
    assert summary(scene.run("plan")[1]) == {}
    kit = json.loads((scene.state / "failover-kit.json").read_text(encoding="utf-8"))
    assert all(region["takeover_host"] not in ("", region["health_host"]) for region in kit["regions"])
    for function in ("enterprise-takeover", "enterprise-health")[: 2 if active == WEST else 1]:
        scene.client("lambda", WEST).put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    watch.seen.clear()
    scene.pass_time(300)
    assert EAST in watch.seen if active == EAST else EAST not in watch.seen


@pytest.mark.long  # a whole deploy
def test_a_function_that_does_not_answer_is_not_taken_into_use(scene: Scene) -> None:
    """The deploy ends partly done and says so; records go on with the old checks, and the next deploy finishes."""
    watch = Watch(scene)
    upgrade(scene)
    code_file = scene.folder / "lambdas" / "takeover" / "handler.py"
    sound = code_file.read_text(encoding="utf-8")
    code_file.write_text("def handler(event, context):\n    raise RuntimeError('broken')\n", encoding="utf-8")
    code, said = scene.run("deploy", "--region", "all")
    assert code == 4
    assert "takeover-checks-differ" in {problem["code"] for problem in said["problems"]}
    scene.pass_time(120)
    assert watch.seen == {EAST}
    code_file.write_text(sound, encoding="utf-8")
    code, said = scene.run("deploy", "--region", "all")
    assert code == 0, said["problems"]
    scene.pass_time(120)
    assert watch.seen == {EAST}


@pytest.mark.long  # a deploy and a failover
def test_a_kit_of_before_fails_over_after_the_upgrade(scene: Scene) -> None:
    """It knows no address of the function: the health function still serves the signal."""
    kept = scene.folder / "kit-of-before.json"
    shutil.copy(scene.state / "failover-kit.json", kept)
    upgrade(scene)
    assert scene.run("deploy", "--region", "all")[0] == 0
    code, said = scene.run("failover", "--kit", str(kept), "--to", WEST, "--mode", "forced", *REASON)
    assert code == 0, said["problems"]
    assert answered(scene) == {WEST}
