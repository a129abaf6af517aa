"""doctor on a deployed project: all of it holds; then each fault, one at a time, is found, named, and healed by its remedy."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.deployed import EAST, LONDON, WEST, Scene, deployed

LEAF = "connect-us-west-2.example.com."
LOOKS = 20
FUNCTIONS = ("health-function", "takeover-function")
HEALTH_CACHE_SECONDS = 6
"""A health function answers anew after it."""
SETTLED_SECONDS = 120
"""After a change of a health check its status is that of the new one; and no function holds an old answer."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with deployed(tmp_path_factory.mktemp("doctor")) as found:
        yield found


@pytest.fixture(autouse=True)
def _all_holds_before_and_after(scene: Scene) -> Iterator[None]:
    """Each test begins with a project in which all holds, and leaves it so."""
    yield
    scene.pass_time(SETTLED_SECONDS)
    code, envelope = examined(scene)
    assert code == 0, envelope["problems"]


def examined(scene: Scene, *arguments: str) -> tuple[int, dict[str, Any]]:
    """`sbctl doctor`, and again while a function says that it is not well.

    Health functions give their tables and instances less than a second of real time, which a busy machine may need for itself.
    They say so for as long as they keep an answer.
    """
    for _ in range(LOOKS):
        code, envelope = scene.run("doctor", *arguments)
        readings = envelope["data"].get("readings", ())
        if not any(one["verdict"] == "bad" for one in readings if one["check"] in FUNCTIONS):
            break
        scene.pass_time(HEALTH_CACHE_SECONDS)
    return code, envelope


def found(envelope: Mapping[str, Any]) -> dict[str, set[tuple[str, str, str]]]:
    """(subject, region, verdict) of what does not hold, by check."""
    wrong: dict[str, set[tuple[str, str, str]]] = {}
    for one in envelope["data"]["readings"]:
        if one["verdict"] != "ok":
            wrong.setdefault(one["check"], set()).add((one["subject"], one["to"], one["verdict"]))
    return wrong


def detail(envelope: Mapping[str, Any], check: str) -> str:
    return " ".join(one["detail"] for one in envelope["data"]["readings"] if one["check"] == check)


def follow(scene: Scene, envelope: Mapping[str, Any], check: str) -> None:
    """Do what the remedy of a check says."""
    fix = next(one["fix"] for one in envelope["data"]["readings"] if one["check"] == check and one["verdict"] != "ok")
    word, *arguments = shlex.split(fix)
    assert word == "sbctl", fix
    code, after = scene.run(*arguments)
    assert code == 0, after["problems"]


def identifier(scene: Scene, address: str) -> str:
    state = json.loads((scene.state / "sbctl.json").read_text(encoding="utf-8"))
    return str(state["state"]["records"][address]["ids"]["id"])


def record(scene: Scene, name: str, set_identifier: str) -> dict[str, Any]:
    """A record set as it lies in the zone."""
    zone = identifier(scene, "route53_zone.global.example.com")
    sets = scene.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    one: dict[str, Any] = next(s for s in sets if s["Name"] == name and s.get("SetIdentifier") == set_identifier)
    return one


def change(scene: Scene, action: str, record_set: Mapping[str, Any]) -> None:
    zone = identifier(scene, "route53_zone.global.example.com")
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record_set}]}
    scene.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def test_a_fresh_deployment_has_all_that_a_failover_needs(scene: Scene) -> None:
    """Everything holds, every region and every kind of check is there, and the worst cases are told with their parts."""
    code, envelope = examined(scene)
    data = envelope["data"]
    assert (code, data["verdict"], envelope["problems"]) == (0, "ok", [])
    assert {one["check"] for one in data["readings"]} >= {
        "credentials", "permission", "control-plane", "health-check", "health-status", "record", "ttl", "route", "dns",
        "health-function", "takeover-function", "quota", "failover-kit", "failover-kit-copy", "data-residency", "worst-case",
        "signal-copy",
    }  # fmt: skip
    assert {one["to"] for one in data["readings"] if one["check"] == "credentials"} == {EAST, WEST, LONDON}
    assert [way["seconds"] for way in data["recovery_bound"]] == [198.0, 122.0]
    own = [move for move in data["moves"] if move["mechanism"] == "standby-takeover"]
    assert {move["plane"] for move in own} == {"data"}
    assert EAST not in {move["where"] for move in own}
    assert any("Global Resiliency" in note for note in data["notes"])
    kept = json.loads((scene.state / "readings.json").read_text(encoding="utf-8"))
    assert len(kept["doctor"]) == len(data["readings"])


def test_it_writes_nothing(scene: Scene) -> None:
    """Every call that doctor makes is a read, and every one is allowed by the policy for verifying."""
    scene.forget_calls()
    examined(scene)
    verbs = {line["call"].partition(":")[2] for line in scene.calls()}
    assert verbs and all(verb.startswith(("Get", "List", "Describe", "Head", "Simulate")) for verb in verbs)


@pytest.mark.long
def test_a_health_check_at_the_wrong_path_is_found(scene: Scene) -> None:
    """The check is named, with the path that it asks and the one that it should; its remedy heals it."""
    check = identifier(scene, "route53_health_check.global.us-west-2")
    scene.client("route53").update_health_check(HealthCheckId=check, ResourcePath="/healthz")
    scene.pass_time(SETTLED_SECONDS)
    code, envelope = examined(scene)
    wrong = found(envelope)
    address = "route53_health_check.global.us-west-2"
    assert code == 8
    assert wrong["health-check"] == {(address, "", "bad")}
    assert "ResourcePath is '/healthz' and should be '/health'" in detail(envelope, "health-check")
    assert wrong["health-status"] == {(address, "", "bad")}
    follow(scene, envelope, "health-check")


@pytest.mark.long
def test_a_health_check_of_another_endpoint_and_a_disabled_one_are_found(scene: Scene) -> None:
    """A check that asks another region's function, and one that is switched off, are each named."""
    client = scene.client("route53")
    west, east = (identifier(scene, f"route53_health_check.global.{region}") for region in (WEST, EAST))
    host = client.get_health_check(HealthCheckId=east)["HealthCheck"]["HealthCheckConfig"]["FullyQualifiedDomainName"]
    client.update_health_check(HealthCheckId=west, FullyQualifiedDomainName=host)
    client.update_health_check(
        HealthCheckId=identifier(scene, "route53_calculated_check.global.eu-west-2"), Disabled=True
    )
    code, envelope = examined(scene)
    assert code == 8
    assert {subject for subject, _, _ in found(envelope)["health-check"]} == {
        "route53_health_check.global.us-west-2",
        "route53_calculated_check.global.eu-west-2",
    }
    assert "FullyQualifiedDomainName" in detail(envelope, "health-check")
    scene.run("health-check", "apply")
    scene.run("calculated-check", "apply")


@pytest.mark.long
def test_a_ttl_of_600_is_found(scene: Scene) -> None:
    """The record is named with both figures, and the worst case is computed with the TTL that callers really get."""
    leaf = record(scene, LEAF, WEST)
    change(scene, "UPSERT", {**leaf, "TTL": 600})
    code, envelope = examined(scene)
    wrong = found(envelope)
    assert code == 8
    assert wrong["ttl"] == {("route53_record.global.connect-us-west-2.example.com.us-west-2", "", "bad")}
    assert "600 s, and the rules say 60 s" in detail(envelope, "ttl")
    assert "540 s longer" in detail(envelope, "ttl")
    assert {verdict for _, _, verdict in wrong["worst-case"]} == {"late"}
    assert [way["seconds"] for way in envelope["data"]["recovery_bound"]] == [738.0, 662.0]
    follow(scene, envelope, "ttl")


@pytest.mark.parametrize("region", [pytest.param(LONDON, marks=pytest.mark.long), EAST])
@pytest.mark.parametrize("kind", [pytest.param("down", marks=pytest.mark.long), "hang"])
def test_a_region_that_does_not_answer_is_unknown_and_named(scene: Scene, region: str, kind: str) -> None:
    """What could not be looked at is unknown, its region is in every such finding, and the whole ends in bounded time."""
    code, fault = scene.run("sandbox", "fault", "add", "--kind", kind, "--region", region)
    assert code == 0, fault["problems"]
    code, envelope = examined(scene)
    scene.run("sandbox", "heal")
    wrong = found(envelope)
    assert code == 8
    assert wrong["credentials"] == {("", region, "unknown")}
    assert {(where, verdict) for _, where, verdict in wrong["health-function"]} == {(region, "unknown")}
    assert {(where, verdict) for _, where, verdict in wrong["failover-kit-copy"]} == {(region, "unknown")}
    unknown = [one for one in envelope["data"]["readings"] if one["verdict"] == "unknown"]
    assert all(region in one["detail"] for one in unknown)
    assert len(envelope["problems"]) < len(unknown)


@pytest.mark.long
def test_an_alias_that_is_gone_is_found_with_the_region_that_it_cuts_off(scene: Scene) -> None:
    """Without the alias to the third region DNS can never answer it, and doctor says which."""
    alias = record(scene, "connect-priority-2.example.com.", "secondary")
    change(scene, "DELETE", alias)
    code, envelope = examined(scene)
    wrong = found(envelope)
    assert code == 8
    assert wrong["record"] == {("route53_record.global.connect-priority-2.example.com.secondary", "", "bad")}
    assert wrong["route"] == {("connect.example.com", LONDON, "bad")}
    follow(scene, envelope, "route")


def test_records_without_health_are_found(scene: Scene) -> None:
    """A leaf without its health check, and an alias that does not evaluate its target's health, are named."""
    leaf = record(scene, LEAF, WEST)
    change(scene, "UPSERT", {key: value for key, value in leaf.items() if key != "HealthCheckId"})
    alias = record(scene, "connect.example.com.", "primary")
    change(scene, "UPSERT", {**alias, "AliasTarget": {**alias["AliasTarget"], "EvaluateTargetHealth": False}})
    code, envelope = examined(scene)
    assert code == 8
    assert found(envelope)["record"] == {
        ("route53_record.global.connect-us-west-2.example.com.us-west-2", "", "bad"),
        ("route53_record.global.connect.example.com.primary", "", "bad"),
    }
    assert "EvaluateTargetHealth is off" in detail(envelope, "record")
    follow(scene, envelope, "record")


def test_a_kit_that_is_missing_or_untrue_is_found(scene: Scene) -> None:
    """No kit, a kit of other settings, and a region without its copy are each found; a deploy heals all of them."""
    kit = scene.state / "failover-kit.json"
    text = kit.read_text(encoding="utf-8")
    kit.write_text(
        text.replace('"public_name": "connect.example.com"', '"public_name": "old.example.com"'), encoding="utf-8"
    )
    code, envelope = examined(scene)
    assert code == 8
    assert "public_name" in detail(envelope, "failover-kit")
    kit.unlink()
    bucket = f"enterprise-recordings-123456789012-{WEST}"
    s3 = scene.client("s3", WEST)
    for version in s3.list_object_versions(Bucket=bucket, Prefix="sbctl/kit/us-west-2.json")["Versions"]:
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    code, envelope = examined(scene)
    assert code == 8
    assert found(envelope) == {
        "failover-kit": {(str(kit), "", "bad")},
        "failover-kit-copy": {(f"s3://{bucket}/sbctl/kit/us-west-2.json", WEST, "bad")},
    }
    follow(scene, envelope, "failover-kit")


def test_a_failing_health_function_is_found(scene: Scene) -> None:
    """A region whose health function says no is named with its answer."""
    table = scene.client("dynamodb", WEST)
    key = {"PK": {"S": "HEALTH"}, "SK": {"S": WEST}}
    item = {**key, "failing_until": {"N": "99999999999"}}
    table.put_item(TableName="connect-config-global", Item=item)
    scene.pass_time(HEALTH_CACHE_SECONDS)
    code, envelope = scene.run("doctor", "--to", WEST)
    table.delete_item(TableName="connect-config-global", Key=key)
    assert code == 8
    assert {(region, verdict) for _, region, verdict in found(envelope)["health-function"]} == {(WEST, "bad")}
    assert "HTTP 503" in detail(envelope, "health-function")


@pytest.mark.long
def test_only_what_one_target_needs(scene: Scene) -> None:
    """--to looks at one standby and calls no other; a region that takes no traffic is refused."""
    scene.forget_calls()
    code, envelope = examined(scene, "--to", WEST)
    assert code == 0, envelope["problems"]
    assert {one["to"] for one in envelope["data"]["readings"]} - {""} == {WEST}
    assert LONDON not in {line["region"] for line in scene.calls()}
    code, envelope = examined(scene, "--to", "eu-west-9")
    assert (code, envelope["problems"][0]["at"]) == (2, "--to")


@pytest.mark.long
def test_a_standby_that_may_carry_less_is_found(scene: Scene) -> None:
    """A quota raised in the primary alone is found in each standby, with the command that asks AWS for it."""
    arns = {region: _instance(scene, region) for region in (EAST, WEST, LONDON)}
    _raise_calls(scene, EAST, arns[EAST])
    code, envelope = examined(scene)
    assert code == 8
    assert found(envelope) == {"quota": {("concurrent calls per instance", region, "bad") for region in (WEST, LONDON)}}
    fixes = {one["to"]: one["fix"] for one in envelope["data"]["readings"] if one["verdict"] == "bad"}
    assert all(arns[region] in fix and "--desired-value 50" in fix for region, fix in fixes.items())
    for region in (WEST, LONDON):
        _raise_calls(scene, region, arns[region])


def _instance(scene: Scene, region: str) -> str:
    (only,) = scene.client("connect", region).list_instances()["InstanceSummaryList"]
    return str(only["Arn"])


def _raise_calls(scene: Scene, region: str, arn: str) -> None:
    quota = {"ServiceCode": "connect", "QuotaCode": "L-12AB7C57", "ContextId": arn}
    scene.client("service-quotas", region).request_service_quota_increase(**quota, DesiredValue=50.0)


def test_data_outside_its_regions_is_found(scene: Scene) -> None:
    """A table whose replica is still where a new rule forbids it is named with that region."""
    files = [scene.folder / "config" / name for name in ("regions.json", "failover-rules.json")]
    before = [path.read_text(encoding="utf-8") for path in files]
    _edit(files[0], lambda config: config["tables"][1].update(regions=[EAST, WEST]))
    rule = {"data": ["customers-global"], "regions": [EAST, WEST], "reason": "US customers"}
    _edit(files[1], lambda rules: rules.update(dataResidency=[rule]))
    code, envelope = examined(scene)
    for path, text in zip(files, before, strict=True):
        path.write_text(text, encoding="utf-8")
    assert code == 8, envelope["problems"]
    assert found(envelope)["data-residency"] == {("customers-global", "", "bad")}
    assert f"it lives in {LONDON}" in detail(envelope, "data-residency")


def _edit(path: Path, change_it: Any) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change_it(content)
    path.write_text(json.dumps(content), encoding="utf-8")
