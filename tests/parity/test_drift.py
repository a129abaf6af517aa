"""`sbctl drift` against a deployed sandbox: what moved, the worst first, and both ways out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest

from tests.parity.scene import EAST, LONDON, ROOT, WEST, Scene


@pytest.fixture
def config(scene: Scene) -> Iterator[Scene]:
    """A scene whose files are as in the repository again afterwards."""
    yield scene
    for name in ("config", "flows"):
        shutil.rmtree(scene.folder / name)
        shutil.copytree(ROOT / name, scene.folder / name)


def test_no_drift_after_a_deployment(scene: Scene) -> None:
    """Nothing moved: nothing is shown, and --exit-code is satisfied."""
    code, envelope = scene.run("drift", "--exit-code")
    assert (code, envelope["data"]["drifted"], envelope["problems"]) == (0, [], [])


def test_drift_is_sorted_by_how_much_it_would_hurt_and_reverted_alone(scene: Scene) -> None:
    """Faults of many kinds come worst first, each with its reason; --revert puts back these and touches nothing else."""
    scene.line_up(7)
    scene.set_ttl(600)
    scene.say("We moved to the moon.")
    scene.check_path("/nothing")
    scene.deploy_old_code("enterprise-health")
    ids = scene.ids(f"connect_queue.{WEST}.support")
    scene.client("connect").tag_resource(resourceArn=ids["arn"], tags={"sbctl:address": "somebody else's"})
    scene.drop_queue()

    code, envelope = scene.run("drift", "--exit-code")
    rows = envelope["data"]["drifted"]
    addresses = [row["address"] for row in rows]
    assert code == 3
    assert addresses[:3] == [
        f"route53_health_check.global.{WEST}",
        f"route53_record.global.connect-{WEST}.example.com.{WEST}",
        f"lambda_function.{WEST}.health",
    ]
    assert [row["severity"] for row in rows] == sorted(
        (row["severity"] for row in rows), key=["critical", "high", "medium", "low"].index
    )
    assert rows[-1]["address"] == f"connect_queue.{WEST}.support"
    assert {"address": f"connect_queue.{WEST}.vip-sales", "moved": "deleted"}.items() <= rows[
        addresses.index(f"connect_queue.{WEST}.vip-sales")
    ].items()
    # the flow leads into the queue that is gone, and that is not told again
    said = rows[addresses.index(f"connect_flow.{WEST}.salesinbound")]["said"]
    assert len(said) == 1
    assert "We moved to the moon." in said[0]
    assert all(row["why"] for row in rows)

    code, envelope = scene.run("drift", "--revert")
    assert (code, envelope["problems"]) == (0, [])
    assert set(addresses) <= set(envelope["data"]["done"])
    assert {address.split(".")[1] for address in envelope["data"]["done"]} == {WEST, "global"}
    assert scene.run("drift")[1]["data"]["drifted"] == []
    scene.touched.clear()


def test_a_change_of_the_config_is_no_drift_and_is_not_applied_by_revert(config: Scene) -> None:
    """Only what AWS moved is drift; a config that waits to be deployed goes on waiting."""
    path = config.folder / "config" / "regions.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"maxContacts": 25', '"maxContacts": 26'), encoding="utf-8")
    config.line_up(7)
    _, envelope = config.run("drift", "--revert")
    assert envelope["data"]["done"] == [f"connect_queue.{WEST}.sales"]
    _, envelope = config.run("drift")
    assert (envelope["data"]["drifted"], envelope["data"]["other_steps"]) == ([], 3)
    path.write_text(text, encoding="utf-8")
    config.touched.clear()


@pytest.mark.long
def test_a_new_strategy_is_no_drift(config: Scene) -> None:
    """What the config has only now begun to refer to, and what does not exist yet, moved nowhere in AWS."""
    path = config.folder / "config" / "regions.json"
    path.write_text(path.read_text(encoding="utf-8").replace("active-passive", "active-active"), encoding="utf-8")
    _, envelope = config.run("drift")
    assert envelope["data"]["drifted"] == []
    assert envelope["data"]["other_steps"] > 0


@pytest.mark.long
def test_one_region_that_moved_becomes_its_override(config: Scene) -> None:
    """--accept writes into the file in place; what has one value for all regions is refused by name with exit 4."""
    config.line_up(7)
    config.switch_pitr(on=False)
    config.set_ttl(600)
    code, envelope = config.run("drift", "--accept")
    data = envelope["data"]
    assert code == 4
    assert [one["addresses"] for one in data["not_expressible"]] == [
        [f"route53_record.global.connect-{WEST}.example.com.{WEST}"]
    ]
    assert "did not move" in data["not_expressible"][0]["reason"]

    path = config.folder / "config" / "regions.json"
    before = (ROOT / "config" / "regions.json").read_text(encoding="utf-8").splitlines()
    after = path.read_text(encoding="utf-8").splitlines()
    changed = [line.strip() for line in after if line not in before]
    assert len(after) == len(before)
    assert len(changed) == 2
    assert '"overrides": { "us-west-2": { "maxContacts": 7 } } }' in changed[0]
    assert '"overrides": { "us-west-2": { "pointInTimeRecovery": false } } }' in changed[1]
    _, envelope = config.run("drift")
    assert [row["field"] for row in envelope["data"]["drifted"]] == ["ttl"]
    # Back to the files of the repository: AWS is what has to move now.
    shutil.copy(ROOT / "config" / "regions.json", path)
    assert config.run("deploy")[0] == 0


def test_all_regions_that_moved_alike_become_the_value_itself(config: Scene) -> None:
    """What moved everywhere goes into the item, the rules and the flow's own file, with placeholders in place of ARNs."""
    flow = config.folder / "flows" / "AfterHours.json"
    for region in (EAST, WEST, LONDON):
        config.line_up(7, region)
        config.set_ttl(30, region)
        config.set_ttl(30, region, "-order")
        config.say("Nobody is here.", region, "afterhours")
    code, envelope = config.run("drift", "--accept")
    assert (code, envelope["problems"]) == (0, [])
    regions = json.loads((config.folder / "config" / "regions.json").read_text(encoding="utf-8"))
    rules = json.loads((config.folder / "config" / "failover-rules.json").read_text(encoding="utf-8"))
    assert (regions["queues"][0]["maxContacts"], "overrides" in regions["queues"][0], rules["ttlSeconds"]) == (
        7, False, 30,
    )  # fmt: skip
    assert "Nobody is here." in flow.read_text(encoding="utf-8")
    assert "arn:aws:connect" not in flow.read_text(encoding="utf-8")
    code, envelope = config.run("plan", "--exit-code")
    assert code == 0, [step for step in envelope["data"]["steps"] if step["action"] != "none"]


def test_a_region_has_its_health_check_and_record(scene: Scene) -> None:
    """--region looks at what serves the region, global resources among it, and at no other region."""
    scene.check_path("/nothing")
    scene.line_up(9, EAST)
    _, envelope = scene.run("drift", "--region", WEST)
    assert [row["address"] for row in envelope["data"]["drifted"]] == [f"route53_health_check.global.{WEST}"]


def test_a_silent_region_is_not_without_drift(scene: Scene) -> None:
    """A region that does not answer is named and the exit says that not all was looked at."""
    with scene.broken("--region", WEST, "--kind", "down"):
        code, envelope = scene.run("drift")
    assert (code, envelope["data"]["drifted"]) == (4, [])
    assert WEST in envelope["data"]["unread"]


def test_the_two_ways_exclude_each_other(scene: Scene) -> None:
    """--accept and --revert together are wrong usage."""
    code, envelope = scene.run("drift", "--accept", "--revert")
    assert (code, envelope["problems"][0]["code"]) == (2, "usage")
