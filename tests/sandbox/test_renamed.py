"""What people rename in the config and in the console, after indexes have long caught up: nothing is doubled or left behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.projects import Small, small_deployed, with_own_state

WEST = "us-west-2"
LONG_AGO_SECONDS = 300.0
"""Longer than anything of ours is taken for new."""
Config = dict[str, Any]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """The small project, deployed a while ago."""
    with small_deployed(tmp_path_factory.mktemp("renamed") / "small") as found:
        found.running.world.scheduler.advance(LONG_AGO_SECONDS)
        yield found


@pytest.fixture
def small(deployed: Small, tmp_path: Path) -> Small:
    """The same with a state and a config that a test may change; the sandbox stays."""
    shutil.copytree(deployed.folder / "config", tmp_path / "config")
    return with_own_state(deployed, tmp_path / "state")


def said(small: Small, *arguments: str, edit: Callable[[Config], None] = lambda config: None) -> tuple[int, Any]:  # noqa: ARG005
    """What a command says of the project with another config."""
    config = Path(str(small.state)).parent / "config"
    regions = json.loads((config / "regions.json").read_text())
    edit(regions)
    (config / "regions.json").write_text(json.dumps(regions))
    return small.run("--config", str(config), *arguments)


def pending(envelope: Any) -> dict[str, list[str]]:
    """Address → action and the fields that change."""
    steps = [step for step in envelope["data"]["steps"] if step["action"] != "none"]
    return {step["address"]: [step["action"], *(change["field"] for change in step["changes"])] for step in steps}


def codes(envelope: Any) -> set[str]:
    return {problem["code"] for problem in envelope["problems"]}


def test_the_label_of_a_region_changes_tags_alone(small: Small) -> None:
    """The alias that was made of it stays: there is no second instance."""

    def relabel(config: Config) -> None:
        config["regions"][1]["name"] = "Oregon"

    _, plan = said(small, "plan", edit=relabel)
    changed = pending(plan)
    assert changed.pop("connect_instance.us-west-2.small") == ["update", "tags.Region"]
    assert {tuple(what) for what in changed.values()} <= {("update", "tags.Name")}
    _, parity = said(small, "parity")
    assert [problem["detail"] for problem in parity["problems"] if problem["detail"].startswith("alias")] == []


def test_names_that_differ_in_case_alone_are_a_rename(small: Small) -> None:
    """The address is the same, so that not even the state is told."""

    def in_capitals(config: Config) -> None:
        config["hours"][0]["name"] = config["queues"][0]["hours"] = "ALWAYS"

    _, plan = said(small, "plan", edit=in_capitals)
    assert {address: what for address, what in pending(plan).items() if address.startswith("connect_")} == {
        f"connect_hours.{region}.always": ["update", "name"] for region in ("us-east-1", WEST)
    }


def override(section: str, field: str, value: str) -> Callable[[Config], None]:
    def edit(config: Config) -> None:
        items = config.setdefault(section, [{}])
        items[0].setdefault("overrides", {})[WEST] = {field: value}

    return edit


@pytest.mark.parametrize(
    ("edit", "address"),
    [
        (override("buckets", "bucket", "another-bucket-of-ours"), "s3_bucket.us-west-2.recordings"),
        (override("instances", "alias", "another-alias-of-ours"), "connect_instance.us-west-2.small"),
    ],
    ids=["the bucket of an item", "the alias of an instance"],
)
def test_another_name_where_aws_allows_none_is_stopped_by_guards(
    small: Small, edit: Callable[[Config], None], address: str
) -> None:
    """The plan says that it would be replaced, and a deploy does not begin."""
    _, plan = said(small, "plan", edit=edit)
    assert pending(plan)[address][0] == "replace"
    code, deploy = said(small, "deploy")
    assert (code, codes(deploy)) == (7, {"protected", "too-many-deletes"})


def test_another_bucket_that_exists_is_not_taken_without_leave(small: Small) -> None:
    """Ours would stay in AWS with nothing that manages it, so that is guarded like its deletion."""
    name = "a-bucket-of-others"
    place = {"LocationConstraint": WEST}
    small.client("s3", WEST).create_bucket(Bucket=name, CreateBucketConfiguration=place)
    code, deploy = said(small, "deploy", edit=override("buckets", "bucket", name))
    assert pending(deploy)["s3_bucket.us-west-2.recordings"][0] == "adopt"
    assert (code, codes(deploy)) == (7, {"protected", "too-many-deletes"})
    code, adopt = said(small, "bucket", "adopt", "s3_bucket.us-west-2.recordings")
    assert (code, codes(adopt)) == (7, {"recorded-already"})


def test_a_rename_in_the_console_is_drift(small: Small) -> None:
    """Drift says which name moved, accepting says what to do by hand, and reverting renames it back."""
    connect = small.client("connect", WEST)
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    queues = connect.search_queues(InstanceId=instance)["Queues"]
    (queue,) = [row["QueueId"] for row in queues if row["Name"] == "Support"]
    connect.update_queue_name(InstanceId=instance, QueueId=queue, Name="Helpdesk")
    small.running.world.scheduler.advance(LONG_AGO_SECONDS)
    _, drift = said(small, "drift")
    (moved,) = [row for row in drift["data"]["drifted"] if row["address"] == "connect_queue.us-west-2.support"]
    assert (moved["moved"], moved["field"], moved["live"]) == ("changed", "name", "Helpdesk")
    code, accepted = said(small, "drift", "--accept")
    assert (code, "us-east-1 did not move" in accepted["problems"][0]["detail"]) == (4, True)
    assert said(small, "drift", "--revert")[0] == 0
    small.running.world.scheduler.advance(LONG_AGO_SECONDS)
    after = connect.search_queues(InstanceId=instance)["Queues"]
    assert {row["QueueId"]: row["Name"] for row in after} == {row["QueueId"]: row["Name"] for row in queues}


def test_a_rename_in_every_region_is_taken_into_the_config(small: Small) -> None:
    """The item and what names it get the new name; records go along, and nothing is made or deleted."""
    before = {}
    for region in ("us-east-1", WEST):
        connect = small.client("connect", region)
        instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
        rows = connect.search_hours_of_operations(InstanceId=instance)["HoursOfOperations"]
        (hours,) = [row["HoursOfOperationId"] for row in rows if row["Name"] == "Always"]
        connect.update_hours_of_operation(InstanceId=instance, HoursOfOperationId=hours, Name="Day and night")
        before[region] = (connect, instance, {row["HoursOfOperationId"] for row in rows})
    small.running.world.scheduler.advance(LONG_AGO_SECONDS)
    code, accepted = said(small, "drift", "--accept")
    assert (code, accepted["problems"]) == (0, [])
    config = json.loads((Path(str(small.state)).parent / "config" / "regions.json").read_text(encoding="utf-8"))
    assert (config["hours"][0]["name"], config["queues"][0]["hours"]) == ("Day and night", "Day and night")
    _, plan = said(small, "plan")
    assert {step["action"] for step in plan["data"]["steps"]} <= {"none", "adopt", "forget", "update"}
    assert said(small, "deploy", "--region", "all")[0] == 0
    for connect, instance, ids in before.values():
        rows = connect.search_hours_of_operations(InstanceId=instance)["HoursOfOperations"]
        assert {row["HoursOfOperationId"] for row in rows} == ids
        (hours,) = [row["HoursOfOperationId"] for row in rows if row["Name"] == "Day and night"]
        connect.update_hours_of_operation(InstanceId=instance, HoursOfOperationId=hours, Name="Always")
    small.running.world.scheduler.advance(LONG_AGO_SECONDS)

    def as_before(config: Config) -> None:
        config["hours"][0]["name"] = config["queues"][0]["hours"] = "Always"

    assert said(small, "deploy", "--region", "all", edit=as_before)[0] == 0  # the other tests find the world as it was
    small.running.world.scheduler.advance(LONG_AGO_SECONDS)


def test_a_bucket_of_an_item_with_another_name_stays_ours(small: Small) -> None:
    """The item is renamed and its bucket is named: the record goes along, and nothing is deleted."""
    buckets = {
        region: json.loads(small.state_file.read_text())["state"]["records"][f"s3_bucket.{region}.recordings"]["ids"][
            "name"
        ]
        for region in ("us-east-1", WEST)
    }

    def rename(config: Config) -> None:
        overrides = {region: {"bucket": name} for region, name in buckets.items()}
        config["buckets"][0] = {"name": "calls", "overrides": overrides}
        config["storage"] = [{"name": "call-recordings", "bucket": "calls"}]

    _, plan = said(small, "plan", edit=rename)
    found = {address: what[0] for address, what in pending(plan).items() if address.startswith("s3_bucket.")}
    assert found == {
        **{f"s3_bucket.{region}.calls": "adopt" for region in buckets},
        **{f"s3_bucket.{region}.recordings": "forget" for region in buckets},
    }
