"""`sbctl parity` against a deployed sandbox: all alike, then faults found, named, with their remedies."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Any

import pytest

from tests.parity.scene import EAST, LONDON, WEST, Scene

Break = Callable[[Scene], None]
FAULTS: dict[str, tuple[Break, str, str]] = {
    "a flow's prompt": (
        lambda scene: scene.say("We moved to the moon."),
        "connect_flow.us-west-2.salesinbound",
        'block play-1: callers hear "We moved to the moon." instead of "Welcome to our US-West-2 sales',
    ),
    "a queue is missing": (Scene.drop_queue, "connect_queue.us-west-2.vip-sales", "it is missing"),
    "old code": (Scene.deploy_old_code, "lambda_function.us-west-2.customer_lookup", "other code is deployed"),
    "point-in-time recovery is off": (
        lambda scene: scene.switch_pitr(on=False),
        "dynamodb_replica.us-west-2.customers-global",
        "pitr is false instead of true",
    ),
    "a health check asks for another path": (
        lambda scene: scene.check_path("/nothing"),
        "route53_health_check.global.us-west-2",
        "path is /nothing instead of /health",
    ),
    "a long TTL": (
        lambda scene: scene.set_ttl(600),
        "route53_record.global.connect-us-west-2.example.com.us-west-2",
        "ttl is 600 instead of 60",
    ),
}


def problem_at(envelope: dict[str, Any], address: str) -> dict[str, str]:
    found = [problem for problem in envelope["problems"] if problem["at"] == address]
    assert len(found) == 1, envelope["problems"]
    problem: dict[str, str] = found[0]
    return problem


def test_a_fresh_deployment_is_alike(scene: Scene) -> None:
    """Ids, ARNs, region names and what the config wants to be different are no differences, in any kind."""
    code, envelope = scene.run("parity")
    data = envelope["data"]
    assert (code, envelope["problems"], data["differences"], data["extra"]) == (0, [], [], [])
    assert {cell["verdict"] for cell in data["matrix"]} == {"ok"}
    assert {(cell["kind"], cell["region"]) for cell in data["matrix"]} >= {
        (kind, region) for kind in ("connect_flow", "lambda_function", "s3_bucket") for region in (EAST, WEST, LONDON)
    }
    assert {reading["verdict"] for reading in data["readings"]} == {"ok"}


def test_faults_are_found_named_and_put_right_by_their_remedies(scene: Scene) -> None:
    """All at once, none hides another: exit 8, a problem at each address that says what differs; remedies make regions alike."""
    for break_it, _, _ in FAULTS.values():
        break_it(scene)
    code, envelope = scene.run("parity")
    assert code == 8
    for _, address, says in FAULTS.values():
        assert says in problem_at(envelope, address)["detail"]
    assert {one["region"] for one in envelope["data"]["differences"]} == {WEST}
    assert [cell for cell in envelope["data"]["matrix"] if cell["region"] == LONDON and cell["verdict"] != "ok"] == []

    put_right: set[str] = set()
    for fix in dict.fromkeys(problem["fix"] for problem in envelope["problems"]):
        word, *arguments = shlex.split(fix)
        code, fixed = scene.run(*arguments)
        assert (word, code, fixed["problems"]) == ("sbctl", 0, [])
        put_right.update(fixed["data"]["fixed"])
    assert {address for _, address, _ in FAULTS.values()} <= put_right
    code, envelope = scene.run("parity")
    assert (code, envelope["problems"]) == (0, [])
    scene.touched.clear()


@pytest.mark.long
def test_the_measure_itself_may_be_what_moved(scene: Scene) -> None:
    """When the reference region is the odd one, the problem is told once, at its own address."""
    scene.line_up(9, EAST)
    code, envelope = scene.run("parity")
    assert code == 8
    assert [problem["at"] for problem in envelope["problems"]] == ["connect_queue.us-east-1.sales"]
    assert "max_contacts is 9 instead of 100" in envelope["problems"][0]["detail"]


@pytest.mark.long
def test_what_drifted_everywhere_in_the_same_way_is_alike(scene: Scene) -> None:
    """Regions that all moved alike differ from the config and not from each other."""
    for region in (EAST, WEST, LONDON):
        scene.line_up(9, region)
    code, envelope = scene.run("parity")
    assert (code, envelope["data"]["differences"]) == (0, [])


@pytest.mark.long
def test_calls_that_go_to_another_queue_are_told_as_such(scene: Scene) -> None:
    """A flow that leads into another queue says so with the queues' names, not with ARNs."""
    ids = scene.ids("connect_flow.us-west-2.salesinbound")
    place = {"InstanceId": ids["instance"], "ContactFlowId": ids["id"]}
    sales, support = (scene.ids(f"connect_queue.us-west-2.{name}")["arn"] for name in ("sales", "support"))
    connect = scene.client("connect")
    content = connect.describe_contact_flow(**place)["ContactFlow"]["Content"]
    connect.update_contact_flow_content(**place, Content=content.replace(sales, support))
    _, envelope = scene.run("parity", "--region", WEST)
    detail = problem_at(envelope, "connect_flow.us-west-2.salesinbound")["detail"]
    assert "calls go to the queue" in detail
    assert '"<connect_queue.support>" instead of "<connect_queue.sales>"' in detail


def test_what_the_config_does_not_manage_is_compared_and_cannot_be_planned_away(scene: Scene) -> None:
    """An instance attribute that nobody manages is a difference; its remedy is not --fix."""
    instance = scene.known("connect_instance.us-west-2.enterprise")["id"]

    def set_streaming(value: str) -> None:
        named = {"InstanceId": instance, "AttributeType": "MESSAGE_STREAMING"}
        scene.client("connect").update_instance_attribute(**named, Value=value)

    set_streaming("true")
    code, envelope = scene.run("parity")
    _, shown = scene.run("instance", "show", "connect_instance.us-west-2.enterprise")
    set_streaming("false")
    problem = problem_at(envelope, "connect_instance.us-west-2.enterprise")
    assert code == 8
    assert problem["fix"] == "Set it alike by hand: the config does not manage attributes.MESSAGE_STREAMING."
    assert shown["data"]["items"][0]["live"]["attributes"]["MESSAGE_STREAMING"] == "true"


@pytest.mark.long
def test_a_queue_made_by_hand_is_a_note(scene: Scene) -> None:
    """What only one region has and the config names nowhere is listed as extra and is no problem."""
    ids = scene.known("connect_hours.us-west-2.24x7")
    connect, place = scene.client("connect"), {"InstanceId": ids["instance"]}
    made = connect.create_queue(**place, Name="By hand", HoursOfOperationId=ids["id"])
    code, envelope = scene.run("parity")
    connect.delete_queue(**place, QueueId=made["QueueId"])
    assert (code, envelope["problems"]) == (0, [])
    assert envelope["data"]["extra"] == [
        {"kind": "connect_queue", "name": "By hand", "region": WEST, "absent_in": EAST}
    ]


@pytest.mark.long
def test_a_wanted_difference_is_none(scene: Scene) -> None:
    """A per-region override that is deployed is how the config wants it."""
    path = scene.folder / "config" / "regions.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"maxContacts": 25', '"maxContacts": 25, "overrides": { "us-west-2": { "maxContacts": 5 } }'),
        encoding="utf-8",
    )
    try:
        scene.line_up(5, queue="vip-sales")
        assert scene.run("parity")[0] == 0
        scene.line_up(25, queue="vip-sales")
        code, envelope = scene.run("parity")
        assert (code, envelope["data"]["differences"][0]["there"]) == (8, 5)
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("silent", [WEST, pytest.param(EAST, marks=pytest.mark.long)])
def test_a_silent_region_is_unknown_and_never_alike(scene: Scene, silent: str) -> None:
    """A region that does not answer is named, its cells are unknown, nothing else is called different, and the exit is 8."""
    with scene.broken("--region", silent, "--kind", "down"):
        code, envelope = scene.run("parity")
    data = envelope["data"]
    assert code == 8
    assert [problem["at"] for problem in envelope["problems"]] == [silent]
    assert data["differences"] == []
    cells = {(cell["kind"], cell["region"]): cell for cell in data["matrix"]}
    assert {cell["unknown"] for cell in cells.values() if cell["verdict"] == "unknown"} == {f"{silent} does not answer"}
    assert cells["connect_queue", silent]["verdict"] == "unknown"
    assert "ok" not in {reading["verdict"] for reading in data["readings"] if silent in (reading["from"],)}


@pytest.mark.long
def test_a_smaller_quota_of_the_standby_is_found(scene: Scene) -> None:
    """A standby that may take fewer calls than the primary is no equal; the remedy asks AWS for as many."""
    arn = scene.known("connect_instance.us-east-1.enterprise")["arn"]
    asked = {"ServiceCode": "connect", "QuotaCode": "L-12AB7C57"}
    scene.client("service-quotas", EAST).request_service_quota_increase(**asked, ContextId=arn, DesiredValue=100)
    code, envelope = scene.run("parity")
    assert code == 8
    assert {problem["at"] for problem in envelope["problems"]} == {WEST, LONDON}
    assert "concurrent calls per instance are 10, in us-east-1 100" in envelope["problems"][0]["detail"]
    for problem in envelope["problems"]:
        words = shlex.split(problem["fix"])
        assert words[:3] == ["aws", "service-quotas", "request-service-quota-increase"]
        scene.client("service-quotas", problem["at"]).request_service_quota_increase(
            **asked, ContextId=words[words.index("--context-id") + 1], DesiredValue=100
        )
    assert scene.run("parity")[0] == 0


def test_regions_and_the_measure_can_be_chosen(scene: Scene) -> None:
    """Only what is named is compared, with what is named; names that the config lacks are refused with a suggestion."""
    code, envelope = scene.run("parity", "--from", WEST, "--region", LONDON)
    assert (code, envelope["data"]["from"], envelope["data"]["regions"]) == (0, WEST, [LONDON])
    code, envelope = scene.run("parity", "--from", "us-west-1")
    assert (code, envelope["problems"][0]["detail"].split(";")[0]) == (2, "--from us-west-1")
    assert scene.run("parity", "--region", EAST)[0] == 2


def test_parity_writes_nothing(scene: Scene) -> None:
    """Without --fix every call that parity makes only reads."""
    _, envelope = scene.run("parity")
    audit = (scene.folder / "state" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    last = audit[-envelope["data"]["calls"]["total"] :]
    reads = ("Describe", "List", "Get", "Search", "Head")
    operations = {json.loads(line)["call"].partition(":")[2] for line in last}
    assert operations
    assert [name for name in sorted(operations) if not name.startswith(reads)] == []
