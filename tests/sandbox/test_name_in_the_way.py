"""A record of others under the public name: plan names it, and deploy replaces it in one change when its address is allowed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from tests.sandbox.projects import Small, small_on_sandbox

NAME = "connect.example.com."


def records(small: Small) -> list[tuple[str, str]]:
    """What stands under the public name: type, and set."""
    client = small.client("route53")
    zone = client.list_hosted_zones()["HostedZones"][0]["Id"]
    found = client.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [(one["Type"], one.get("SetIdentifier", "")) for one in found if one["Name"] == NAME]


def put(small: Small, **record: Any) -> None:
    client = small.client("route53")
    zone = client.list_hosted_zones()["HostedZones"][0]["Id"]
    change = {"Action": "CREATE", "ResourceRecordSet": {"Name": NAME, **record}}
    client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})


def line_of(problem: dict[str, str]) -> list[str]:
    """What follows "sbctl" in the command of a remedy."""
    return shlex.split(problem["fix"].partition(": sbctl ")[2])


def notes_of(envelope: dict[str, Any]) -> list[str]:
    return [note for step in envelope["data"]["steps"] for one in step["changes"] for note in one["notes"]]


def test_a_record_in_the_way_goes_when_it_is_named(tmp_path: Path) -> None:
    """Refused without its address; with it, the old answer goes in the batch that brings the new one."""
    with small_on_sandbox(tmp_path / "project") as small:
        put(small, Type="CNAME", TTL=60, ResourceRecords=[{"Value": "old.example.net"}])
        _, envelope = small.run("plan")
        (problem,) = [problem for problem in envelope["problems"] if problem["code"] == "name-taken"]
        assert "CNAME old.example.net" in problem["detail"]
        shown, envelope = small.call(*line_of(problem))
        assert shown == 0
        assert any("is deleted in the same change" in note for note in notes_of(envelope))
        code, envelope = small.run("deploy")
        assert code == 7
        assert records(small) == [("CNAME", "")]
        (problem,) = [problem for problem in envelope["problems"] if problem["code"] == "name-taken"]
        line = line_of(problem)  # the whole command, for primary and secondary
        code, envelope = small.call(*line)
        assert (code, envelope["problems"]) == (0, [])
        assert len(records(small)) == line.count("--allow") > 1
        assert all(name for _, name in records(small))
        assert small.run("plan", "--exit-code")[0] == 0
