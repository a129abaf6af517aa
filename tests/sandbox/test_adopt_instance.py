"""`sbctl adopt --instance`: a contact centre made by boto3 is taken over, and taken into a second region."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.permissions.actions import actions_of, dependent_actions
from tests.sandbox import foreign_data as data
from tests.sandbox.deployed import WEST, Scene
from tests.sandbox.foreign_centre import ALIAS, FLOWS, QUEUES, build
from tests.worlds import empty_world, make_known, still

WRITES = ("Create", "Update", "Put", "Delete", "Tag", "Untag", "Associate", "Disassociate", "Add", "Remove", "Change")
ADOPT = ("adopt", "--region", "us-east-1", "--instance", ALIAS)
DOMAIN = "acme.example"


@dataclass(frozen=True)
class Taken:
    """A world with the foreign centre, and what the first adopt in it said, called and wrote."""

    scene: Scene
    said: Mapping[str, Any]
    calls: list[Mapping[str, Any]]
    config: Mapping[str, Any]
    functions: list[Mapping[str, Any]]
    """As Lambda had them before."""

    def item(self, section: str, name: str) -> Any:
        return next(item for item in self.config[section] if item["name"] == name)

    def why(self, rows: str, name: str) -> str:
        return "; ".join(row["why"] for row in self.said[rows] if row["name"] == name)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    with empty_world(still(), dns_port=0) as running:
        scene = Scene(running, tmp_path_factory.mktemp("acme"))
        build(lambda service: scene.client(service), scene.pass_time)
        functions = scene.client("lambda").list_functions()["Functions"]
        make_known(running, scene.state)
        _records(scene)
        code, said = scene.run(*ADOPT, "--domain", DOMAIN, "--table", data.OTHER, "--variable", "FORMAT")
        assert code == 0, (said["problems"], said["data"])
        yield Taken(scene, said["data"], scene.calls(), config(scene), functions)


def _records(scene: Scene) -> None:
    """A zone with a name that leads to the instance, one that leads to that, and one of the mail."""
    dns = scene.client("route53")
    zone = dns.create_hosted_zone(Name=DOMAIN, CallerReference="acme")["HostedZone"]["Id"]
    host = f"{ALIAS}.my.connect.aws"
    rows = [(f"connect.{DOMAIN}", "CNAME", host), (f"help.{DOMAIN}", "CNAME", f"connect.{DOMAIN}")]
    rows += [(DOMAIN, "MX", "10 mail.example.com")]
    changes = [
        {
            "Action": "CREATE",
            "ResourceRecordSet": {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]},
        }
        for name, kind, value in rows
    ]
    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def config(scene: Scene) -> Any:
    return json.loads((scene.folder / "config" / "regions.json").read_text())


def test_overrides_of_hours_are_taken_over(taken: Taken) -> None:
    """One item for the same day of two hours; of two days under one name the second is left out, as is what recurs."""
    christmas = {"name": "Christmas", "hours": ["Office", "Always"], "first": "2026-12-25", "closed": True}
    found = taken.item("hoursOverrides", "Christmas")
    assert {**found, "hours": sorted(found["hours"])} == {**christmas, "hours": ["Always", "Office"]}
    assert len(taken.item("hoursOverrides", "Inventory")["hours"]) == 1
    assert taken.said["adopted"]["override of hours"] == 3
    assert "says something else" in taken.why("left_out", "Inventory")
    assert "recurs" in taken.why("left_out", "New Year")


def test_adopting_changes_nothing_and_names_everything(taken: Taken) -> None:
    """Nothing is written in AWS, all is recorded as adopted, flows have names in place of ARNs, and functions are as they were."""
    assert [one["call"] for one in taken.calls if one["call"].partition(":")[2].startswith(WRITES)] == []
    adopted = taken.said["adopted"]
    assert adopted["queue"] >= QUEUES
    assert adopted["contact flow"] >= FLOWS
    assert {name: adopted[name] for name in ("bucket", "table", "table replica", "instance storage")} == {
        "bucket": 3,
        "table": 3,
        "table replica": 3,
        "instance storage": 2,
    }
    text = "".join(path.read_text() for path in (taken.scene.folder / "flows").rglob("*.json"))
    assert "arn:aws" not in text
    named = (
        "${queue:Line 2 (EN)}",
        "${flow:Step 0}",
        "${prompt:Greeting 0}",
        "${module:Say 1}",
        "${lambda:acme-lookup}",
    )
    assert [name for name in named if name not in text] == []
    assert taken.scene.client("lambda").list_functions()["Functions"] == taken.functions


def test_the_policy_for_adopt_allows_what_it_calls(taken: Taken) -> None:
    """Every call of the audit log is an action of `iam-policy --for adopt`, which allows no write."""
    code, envelope = taken.scene.run("iam-policy", "--for", "adopt")
    assert code == 0
    [document] = [one["document"] for one in envelope["data"]["policies"]]
    allowed = {action for statement in document["Statement"] for action in statement["Action"]}
    also = dependent_actions(discover("sbctl.resources", "RESOURCE").values())
    calls = [one["call"] for one in taken.calls]
    assert {action for call in calls for action in actions_of(call, also.get(call, ()))} - allowed == set()
    assert [action for action in allowed if action.partition(":")[2].startswith(WRITES)] == []


def test_the_config_says_how_storage_buckets_and_tables_are(taken: Taken) -> None:
    """Buckets by their names with the settings to keep, storage with its prefix and key, tables with keys and recovery."""
    recordings = taken.item("buckets", "acme-call-recordings-of")
    assert recordings["overrides"]["us-east-1"] == {"bucket": data.RECORDINGS, "keep": ["lifecycle", "policy"]}
    assert (recordings["expireAfterDays"], recordings["noncurrentExpireAfterDays"]) == (400, 5)
    transcripts = taken.item("storage", "chat-transcripts")
    assert transcripts["bucket"] == "acme-transcripts"
    assert transcripts["overrides"]["us-east-1"] == {"prefix": "chats", "key": data.KEY}
    callers = taken.item("tables", data.CALLERS)
    assert (callers["pointInTimeRecovery"], callers["recoveryDays"]) == (True, 20)
    settings = taken.item("tables", data.SETTINGS_TABLE)
    assert (settings["keep"], settings["regions"]) == (["billing"], ["us-east-1"])
    assert settings["sortKey"] == {"name": "B", "type": "N"}
    assert taken.item("tables", data.OTHER)
    assert "us-west-2" in taken.why("notes", data.CALLERS)
    assert "by-customer" in taken.why("notes", data.CALLERS)
    assert taken.why("left_out", "CONTACT_TRACE_RECORDS")


def test_code_and_settings_of_functions_are_written_and_secrets_are_not(taken: Taken) -> None:
    """Names become placeholders, a variable that was allowed is written, and a secret stands in no file at all."""
    lookup = taken.item("lambdas", data.LOOKUP)
    assert (lookup["handler"], lookup["runtime"], lookup["timeoutSeconds"]) == ("app.main", "python3.12", 7)
    assert lookup["environment"] == {
        "FORMAT": "wide",
        "INSTANCE": "${instance}",
        "LOG_LEVEL": "INFO",
        "REGION": "${region}",
        "REPORTS": "${bucket:acme-reports}",
        "SETTINGS": f"${{table:{data.SETTINGS_TABLE}}}",
        "TABLE": f"${{table:{data.CALLERS}}}",
    }
    assert (lookup["reads"], lookup["writes"]) == ([data.SETTINGS_TABLE], [data.CALLERS])
    assert "API_KEY" in taken.why("notes", data.LOOKUP)
    assert f"names {data.SETTINGS_TABLE}, which is in us-east-1 alone" in taken.why("notes", data.LOOKUP)
    folder = taken.scene.folder / "lambdas" / data.LOOKUP
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {"app.py", "lib/__init__.py"}
    assert taken.item("lambdas", data.NATIVE)["regions"] == ["us-east-1"]
    assert "arm64" in taken.why("notes", data.NATIVE)
    plan = taken.scene.folder / "saved.json"
    assert taken.scene.run("plan", "--out", str(plan))[0] == 0
    everything = [path for path in taken.scene.folder.rglob("*") if path.is_file()]
    assert plan in everything
    assert [path for path in everything if data.SECRET.encode() in path.read_bytes()] == []
    for command in (("lambda", "list"), ("lambda", "show", data.LOOKUP)):
        code, envelope = taken.scene.run(*command)
        assert code == 0, envelope
        assert data.SECRET not in json.dumps(envelope)


def test_dns_that_is_not_as_sbctl_makes_it_stays_with_the_reason(taken: Taken) -> None:
    """`dns` stays false; records that lead to the instance are told, and others are nobody's business."""
    assert (taken.config["dns"], taken.config["domain"]) == (False, DOMAIN)
    assert "health check us-east-1" in taken.why("left_out", DOMAIN)
    assert "would change its values" in taken.why("left_out", f"connect.{DOMAIN} CNAME")
    assert "a name of its own" in taken.why("left_out", f"help.{DOMAIN} CNAME")
    assert not taken.why("left_out", f"{DOMAIN} MX")


def test_what_is_named_and_not_there_is_refused(taken: Taken) -> None:
    """All of it at once, each at its option; nothing is written."""
    wanted = [part for option in ("--variable", "--bucket", "--table") for part in (option, "acme-nothing")]
    code, envelope = taken.scene.run(*ADOPT, *wanted)
    assert (code, [one["at"] for one in envelope["problems"]]) == (2, ["--variable", "--bucket", "--table"])


def test_what_was_adopted_is_deployed_elsewhere_without_handwork(taken: Taken) -> None:
    """The plan is empty; a second region is one line of config, changes nothing in the first, and comes out alike."""
    scene = taken.scene
    code, plan = scene.run("plan", "--region", "all", "--exit-code")
    assert (code, plan["problems"]) == (0, [])
    chosen = config(scene)
    chosen["regions"].append({"name": "US-West-2", "region": WEST, "isPrimary": False, "priority": 2})
    (scene.folder / "config" / "regions.json").write_text(json.dumps(chosen))
    code, deployed = scene.run("deploy", "--region", "all")
    assert code == 0, deployed["problems"]
    changed = {step["address"] for step in deployed["data"]["steps"] if step["action"] not in ("none", "create")}
    assert changed == {f"dynamodb_replica.{WEST}.{data.CALLERS}"}
    code, parity = scene.run("parity")
    assert code == 0, [one["detail"] for one in parity["problems"]]
    found = scene.client("lambda", WEST).get_function_configuration(FunctionName=f"{ALIAS}-{data.LOOKUP}")
    assert found["Environment"]["Variables"]["TABLE"] == data.CALLERS
    assert found["Handler"] == "app.main"


@pytest.mark.long
def test_records_can_be_forgotten_renamed_and_adopted_again(taken: Taken) -> None:
    """Of a bucket, a table and a function by their single addresses: afterwards the plan is as empty as before."""
    scene = taken.scene
    before = {step["address"] for step in scene.run("plan", "--region", "all")[1]["data"]["steps"]}
    nouns = {"bucket": "s3_bucket.us-east-1.acme-reports", "table": f"dynamodb_table.global.{data.OTHER}"}
    nouns["lambda"] = f"lambda_function.us-east-1.{data.NATIVE}"
    for noun, address in nouns.items():
        assert scene.run("state", "rename", address, f"{address}-moved")[0] == 0
        assert scene.run("state", "rename", f"{address}-moved", address)[0] == 0
        assert scene.run("state", "forget", address)[0] == 0
        code, envelope = scene.run(noun, "adopt", address)
        assert code == 0, envelope["problems"]
    plan = scene.run("plan", "--region", "all")[1]["data"]
    assert {step["address"] for step in plan["steps"]} == before
    assert {step["action"] for step in plan["steps"]} == {"none"}
