"""`flow import` and `flow fmt` on a project: all files or none, stubs that say so, and the exit codes of their pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sbctl.main import cli
from tests.sandbox.deployed import check_data

ID = "11111111-2222-3333-4444-555555555555"
LAMBDA = "arn:aws:lambda:eu-west-2:999999999999:function:crm-lookup"
END = {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
Run = Callable[..., tuple[int, Any]]


def export(kind: str, parameters: dict[str, Any], shown: Any = None, **metadata: Any) -> str:
    errors = [{"NextAction": "end", "ErrorType": "NoMatchingError"}]
    action = {"Identifier": "a", "Type": kind, "Parameters": parameters}
    action["Transitions"] = {"NextAction": "end", "Errors": errors, "Conditions": []}
    shown = {"ActionMetadata": {"a": shown or {}}, **metadata}
    return json.dumps({"Version": "2019-10-30", "StartAction": "a", "Metadata": shown, "Actions": [action, END]})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    assert CliRunner().invoke(cli, ["init", str(folder)]).exit_code == 0
    return folder


@pytest.fixture
def run(project: Path) -> Run:
    def called(*arguments: str) -> tuple[int, Any]:
        place = ["--config", str(project / "config"), "--output", "json"]
        done = CliRunner().invoke(cli, [*place, *arguments], catch_exceptions=False)
        envelope = json.loads(done.stdout)
        check_data(envelope)
        return done.exit_code, envelope

    return called


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_export_becomes_a_flow_of_the_project(run: Run, project: Path, tmp_path: Path) -> None:
    """With a stub of the function that it calls; the project loads, and a second import changes nothing."""
    shown = {"queue": {"id": ID, "text": "Sales"}}
    (tmp_path / "a.json").write_text(export("UpdateContactTargetQueue", {"QueueId": ID}, shown, name="Route"))
    call = {"LambdaFunctionARN": LAMBDA, "InvocationTimeLimitSeconds": "3"}
    (tmp_path / "b.json").write_text(export("InvokeLambdaFunction", call, name="Look up", type="contactFlow"))
    paths = (str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    before = contents(project)
    code, dry = run("flow", "import", *paths, "--dry-run")
    assert (code, contents(project)) == (0, before)
    code, said = run("flow", "import", *paths)
    assert (code, said["data"]["missing"], said["data"]["functions"]) == (0, [], ["crm-lookup"])
    assert {**said["data"], "dry_run": True} == dry["data"]
    rows = {one["name"]: (one["type_from"], one["state"], Path(one["file"]).name) for one in said["data"]["imported"]}
    assert rows == {"Route": ("guessed", "new", "route.json"), "Look up": ("metadata", "new", "look-up.json")}
    assert "stub" in (project / "lambdas" / "crm-lookup" / "handler.py").read_text()
    config = json.loads((project / "config" / "regions.json").read_text())
    assert config["lambdas"][-1]["name"] == "crm-lookup"
    code, checked = run("config", "check")
    assert code == 0, checked["problems"]
    after = contents(project)
    code, again = run("flow", "import", *paths)
    assert (code, [one["state"] for one in again["data"]["imported"]]) == (0, ["unchanged", "unchanged"])
    assert contents(project) == after


def test_what_has_no_name_is_asked_for_at_once_and_nothing_is_written(run: Run, project: Path, tmp_path: Path) -> None:
    """Every value with its place; a map of them is accepted."""
    bot = "arn:aws:lex:eu-west-2:999999999999:bot-alias/ABCDEFGHIJ/KLMNOPQRST"
    lex = {"Text": "Hi", "LexV2Bot": {"AliasArn": bot}}
    (tmp_path / "a.json").write_text(export("UpdateContactTargetQueue", {"QueueId": ID}))
    (tmp_path / "b.json").write_text(export("ConnectParticipantWithLexBot", lex, {"lexV2BotName": "Booking"}))
    before = contents(project)
    paths = (str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    code, said = run("flow", "import", *paths)
    assert (code, contents(project)) == (2, before)
    asked = {one["value"]: (one["flow"], one["kind"], one["name"]) for one in said["data"]["unresolved"]}
    assert asked == {ID: ("a", "queue", ""), bot: ("b", "lex", "Booking")}
    assert said["data"]["map"] == {ID: "${queue:NAME}", bot: ""}
    assert [one["code"] for one in said["problems"]] == ["unresolved-reference"] * 2 + ["needs-map"]
    assert said["problems"][-1]["command"].endswith("--map names.json")
    table = tmp_path / "names.json.map"
    table.write_text(json.dumps({ID: "${queue:Unknown}", bot: bot.replace("eu-west-2", "${region}")}))
    code, said = run("flow", "import", *paths, "--map", str(table))
    assert (code, said["data"]["missing"]) == (0, [{"section": "queues", "name": "Unknown", "flows": ["a"]}])
    assert [one["code"] for one in said["problems"] if one["at"] == "queues"] == ["name-missing"]


def test_a_map_is_written_into_a_flow_of_the_project(run: Run, project: Path, tmp_path: Path) -> None:
    """What it does not name stays, as it was there already."""
    file, table = project / "flows" / "ask.json", tmp_path / "names.json"
    tree = json.loads(export("UpdateContactTargetQueue", {"AgentId": ID}))
    tree["Actions"][0]["Parameters"]["Note"] = LAMBDA
    file.write_text(json.dumps({"name": "Ask", "type": "CONTACT_FLOW", "content": tree}))
    table.write_text(json.dumps({LAMBDA: "${lambda:customer_lookup}"}))
    code, said = run("flow", "import", str(file), "--map", str(table))
    assert (code, said["data"]["imported"][0]["state"]) == (0, "rewritten"), said["problems"]
    parameters = json.loads(file.read_text())["content"]["Actions"][0]["Parameters"]
    assert parameters == {"AgentId": ID, "Note": "${lambda:customer_lookup}"}
    assert any(ID in note for note in said["data"]["imported"][0]["notes"])


def test_a_file_in_the_way_stops_all(run: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(export("MessageParticipant", {"Text": "Hi"}, name="New"))
    (tmp_path / "b.json").write_text(export("MessageParticipant", {"Text": "Hi"}, name="Other"))
    (project / "flows" / "other.json").write_text("{}")
    before = contents(project)
    code, said = run("flow", "import", str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert (code, [one["code"] for one in said["problems"]]) == (7, ["in-the-way"])
    assert contents(project) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Expecting"),
        ('{"modules": [{"type": "PlayPrompt"}], "start": "a", "version": "1"}', "no longer imports"),
        ("[]", "no flow"),
    ],
)
def test_what_cannot_be_read_stops_all(run: Run, project: Path, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.json").write_text(export("MessageParticipant", {"Text": "Hi"}))
    (tmp_path / "b.json").write_text(text)
    before = contents(project)
    code, found = run("flow", "import", str(tmp_path / "a.json"), str(tmp_path / "b.json"))
    assert (code, contents(project)) == (2, before)
    assert any(said in one["detail"] for one in found["problems"])


def test_an_instance_has_a_region(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(export("MessageParticipant", {"Text": "Hi"}))
    code, said = run("flow", "import", str(tmp_path / "a.json"), "--instance", "acme")
    assert (code, said["problems"][0]["at"]) == (2, "--instance, --region")


def test_fmt_writes_one_form_and_check_writes_nothing(run: Run, project: Path) -> None:
    path = project / "flows" / "odd.json"
    path.write_bytes(b"\xef\xbb\xbf" + export("MessageParticipant", {"Text": "Hi"}).replace(", ", ",\r\n").encode())
    path.chmod(0o640)
    (project / "flows" / "bad.json").write_text("{")
    before = path.read_bytes()
    code, said = run("flow", "fmt", str(path), "--check")
    assert (code, said["data"]["changed"], path.read_bytes()) == (3, [str(path)], before)
    code, said = run("flow", "fmt")
    assert (code, [Path(one["at"]).name for one in said["problems"]]) == (2, ["bad.json:1"])
    assert str(path) in said["data"]["changed"]
    assert json.loads(path.read_text()) == json.loads(before.decode("utf-8-sig"))
    assert path.stat().st_mode & 0o777 == 0o640
    code, said = run("flow", "fmt", str(path), "--check")
    assert (code, said["data"]) == (0, {"changed": [], "files": 1})
