"""`sbctl flow lint`: what it reads, what it tells in each format, what it ignores, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sbctl.commands.data.flow import Linted
from sbctl.main import cli
from tests.unit.flows.samples import flow, sample

SOUND = flow(sample("MessageParticipant"))
BROKEN = flow(sample("InvokeLambdaFunction") | {"Parameters": {"InvocationTimeLimitSeconds": "3"}})
WARNED = flow(sample("MessageParticipant") | {"Type": "MessageParticipan"})
REGIONS = {
    "project": "acme",
    "account": "123456789012",
    "domain": "example.com",
    "strategy": "active-passive",
    "regions": [{"name": "East", "region": "us-east-1", "isPrimary": True, "priority": 1}],
    "lambdas": [],
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder, in which the commands are run."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def write(path: Path, tree: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree, indent=1), encoding="utf-8")


def project(here: Path, **more: Any) -> None:
    """A project with a sound flow and a broken one."""
    write(here / "config" / "regions.json", {**REGIONS, **more})
    write(here / "config" / "failover-rules.json", {})
    write(here / "flows" / "Good.json", SOUND)
    write(here / "flows" / "Bad.json", BROKEN)


def run(*words: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, words, input=text, catch_exceptions=False)


def lint(*words: str, text: str | None = None) -> dict[str, Any]:
    """The envelope; its data fits its model."""
    done = run("--output", "json", "flow", "lint", *words, text=text)
    envelope: dict[str, Any] = json.loads(done.stdout)
    assert envelope["exit"] == done.exit_code
    if envelope["data"]:
        assert Linted.model_validate(envelope["data"]).as_json() == envelope["data"]
    return envelope


def rules(envelope: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["flow"], one["rule"], one["level"]) for one in envelope["data"]["diagnostics"]]


def test_files_outside_a_project(here: Path) -> None:
    """A finding has its place to the column; a broken file hides nothing."""
    write(here / "a.json", BROKEN)
    write(here / "b.json", '{\n"Actions": [}')
    write(here / "c.json", SOUND)
    found = lint(".")
    (one,) = found["data"]["diagnostics"]
    assert {key: one[key] for key in ("rule", "level", "flow", "block")} == {
        "rule": "parameter-missing", "level": "error", "flow": "a", "block": "a",
    }  # fmt: skip
    assert one["at"] == "a.json:9:4"
    assert one["page"].startswith("https://docs.aws.amazon.com/")
    assert [problem["at"] for problem in found["problems"]] == ["b.json:2", "a.json:9:4"]
    assert (found["exit"], found["data"]["flows"]) == (2, ["a", "c"])


@pytest.mark.parametrize(("words", "ended"), [((), 0), (("--strict",), 2), (("--strict", "--ignore", "near-miss"), 0)])
def test_warnings_end_with_2_only_where_they_are_to(here: Path, words: tuple[str, ...], ended: int) -> None:
    """--strict makes errors of them; a rule that is ignored is not told."""
    write(here / "a.json", WARNED)
    found = lint("a.json", *words)
    assert found["exit"] == ended
    assert rules(found) == ([] if "--ignore" in words else [("a", "near-miss", "error" if ended else "warning")])


def test_a_member_that_a_wrapper_has_not_is_told(here: Path) -> None:
    """It would be left out silently."""
    write(here / "a.json", {"nam": "A", "owner": "me", "content": SOUND})
    assert rules(lint("a.json")) == [("a", "near-miss", "warning"), ("a", "document-key", "warning")]


@pytest.mark.usefixtures("here")
def test_standard_input() -> None:
    """As other tools write it."""
    response = {"ContactFlow": {"Name": "Live", "Type": "CONTACT_FLOW", "Content": json.dumps(BROKEN)}}
    found = lint("-", text=json.dumps(response))
    assert rules(found) == [("Live", "parameter-missing", "error")]
    assert found["data"]["diagnostics"][0]["at"].startswith("<stdin>:1:")


def test_a_project_is_linted_flow_by_flow(here: Path) -> None:
    """All of it, by name, and by path; a fault of one flow is nothing to another."""
    project(here)
    assert rules(lint()) == [("Bad", "parameter-missing", "error")]
    assert lint("good")["exit"] == 0
    assert lint("flows/Good.json")["exit"] == 0
    write(here / "flows" / "Worse.json", "{")
    assert lint("Good")["exit"] == 0
    assert run("flow", "render", "Good").exit_code == 0
    assert run("flow", "render", "Bad").exit_code == 0
    found = lint()
    assert [one["at"].split(":")[0] for one in found["problems"]] == ["flows/Worse.json", "flows/Bad.json"]
    assert rules(found) == [("Bad", "parameter-missing", "error")]


def test_a_name_that_looks_like_a_path_is_found(here: Path) -> None:
    """Names are free text."""
    project(here)
    write(here / "flows" / "Slash.json", {"name": "Sales/Main*.json", "content": SOUND})
    assert lint("Sales/Main*.json")["data"]["flows"] == ["Sales/Main*.json"]


def test_an_unknown_name_is_told_with_what_is_unread(here: Path) -> None:
    """It may be in the file that cannot be read."""
    project(here)
    write(here / "flows" / "Worse.json", "{")
    found = lint("Goood")
    assert [one["code"] for one in found["problems"]] == ["unknown-flow", "flow-unreadable"]
    assert "Good" in found["problems"][0]["fix"]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", [(), ("none.json",), ("none/*.json",)])
def test_nothing_to_lint_is_a_problem(words: tuple[str, ...]) -> None:
    """It must not look like sound flows."""
    assert lint(*words)["exit"] == 2


def test_an_unknown_rule_is_refused(here: Path) -> None:
    """With the one that is meant; findings that sbctl cannot work with are always told."""
    write(here / "a.json", SOUND)
    found = lint("a.json", "--ignore", "near-mis", "--ignore", "shape")
    assert [one["code"] for one in found["problems"]] == ["flow-unknown-rule"] * 2
    assert "near-miss" in found["problems"][0]["fix"]
    assert found["exit"] == 2


def ignoring(*rules: str) -> list[dict[str, Any]]:
    return [
        {"name": "Bad", "lint": {"ignore": [{"rule": rule, "reason": "seen in AWS"} for rule in rules]}},
        {"name": "Good"},
    ]


def test_a_project_excuses_findings(here: Path) -> None:
    """On one flow; what excuses nothing is a warning with its line."""
    project(here, flows=ignoring("parameter-missing", "near-miss"))
    found = lint()
    assert rules(found) == [("Bad", "excuse-unused", "warning")]
    assert found["data"]["diagnostics"][0]["at"].startswith("config/regions.json:")
    assert found["exit"] == 0
    assert run("config", "check").exit_code == 0


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ({"rule": "near-mis", "reason": "x"}, "near-miss"),
        ({"rule": "shape", "reason": "x"}, "cannot be ignored"),
        ({"rule": "near-miss"}, "reason"),
        ({"rule": "near-miss", "reason": ""}, "reason"),
        (5, "ignore"),
    ],
)
def test_a_wrong_excuse_is_refused(here: Path, one: Any, said: str) -> None:
    """With its place in the config."""
    project(here, flows=[{"name": "Good", "lint": {"ignore": [one]}}])
    (here / "flows" / "Bad.json").unlink()
    done = run("--output", "json", "config", "check")
    assert done.exit_code == 2
    assert said in json.dumps(json.loads(done.stdout)["problems"])
    lint()


def test_an_excuse_for_one_region_is_refused(here: Path) -> None:
    """It would be ignored silently: a flow is linted once."""
    project(here, flows=[{"name": "Good", "overrides": {"us-east-1": {"lint": {"ignore": []}}}}])
    (here / "flows" / "Bad.json").unlink()
    done = run("--output", "json", "config", "check")
    assert "linted once" in json.loads(done.stdout)["problems"][0]["detail"]


def test_the_load_of_a_project_refuses_errors_and_notes_warnings(here: Path) -> None:
    """Errors with the exit code 2, all at once; one note, with a line for each flow and rule."""
    project(here)
    write(here / "flows" / "Warned.json", WARNED)
    done = run("--output", "json", "config", "check")
    assert done.exit_code == 2
    (problem,) = json.loads(done.stdout)["problems"]
    assert (problem["code"], problem["at"]) == ("flow-invalid", "flows/Bad.json:9:4")
    (here / "flows" / "Bad.json").unlink()
    done = run("--output", "json", "config", "check")
    assert done.exit_code == 0
    (note,) = json.loads(done.stdout)["problems"]
    place = "flows/Warned.json:8:4"
    assert (note["code"], note["at"], note["detail"]) == ("flow-warnings", place, f"Warned: near-miss, {place}")
    assert note["command"] == "sbctl flow lint"


def test_sarif_has_what_the_standard_requires(here: Path) -> None:
    """SARIF 2.1.0, sections 3.13, 3.14, 3.19, 3.27, 3.28: every required member, and results that point at their rule."""
    write(here / "a b.json", BROKEN)
    write(here / "c.json", WARNED)
    write(here / "d.json", "{")
    done = run("flow", "lint", ".", "-o", "sarif")
    log = json.loads(done.stdout)
    assert done.exit_code == 2
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (told,) = log["runs"]
    driver = told["tool"]["driver"]
    assert driver["name"] == "sbctl"
    assert all({"id", "shortDescription", "defaultConfiguration"} <= set(rule) for rule in driver["rules"])
    places = []
    for result in told["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
        (place,) = (one["physicalLocation"] for one in result["locations"])
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
        places.append((result["ruleId"], place["artifactLocation"]["uri"]))
    assert places == [("parameter-missing", "a%20b.json"), ("near-miss", "c.json"), ("flow-unreadable", "d.json")]


def test_github_gets_a_command_a_finding(here: Path) -> None:
    """With what would end a command or a property escaped."""
    write(here / "a,b.json", flow({**sample("MessageParticipant"), "Type": "New%\n::Type"}))
    write(here / "c.json", "{")
    done = run("flow", "lint", ".", "-o", "github")
    first, second = done.stdout.splitlines()
    assert first.startswith("::warning file=a%2Cb.json,line=8,col=4,title=flow/type-unknown::a,b, block a: ")
    assert "New%25%0A::Type" in first
    assert second.startswith("::error file=c.json,line=1,title=A flow file cannot be read::")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("output", ["sarif", "github"])
def test_sentences_end_once(here: Path, output: str) -> None:
    """Also where a detail is more than one sentence, or there is none."""
    write(here / "old.json", {"modules": [{"type": "PlayPrompt"}], "start": "a"})
    said = run("flow", "lint", "old.json", "-o", output).stdout
    assert "PlayPrompt is MessageParticipant. Open the flow" in said


def test_formats_of_findings_are_refused_elsewhere() -> None:
    """As Markdown is."""
    assert run("version", "-o", "sarif").exit_code == 2


@pytest.mark.parametrize("width", ["80", "200"])
def test_people_get_a_line_a_rule_and_flow_with_a_count(
    here: Path, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors first; names of rules and places are whole, also on a narrow screen."""
    monkeypatch.setenv("COLUMNS", width)
    name = "a-flow-of-a-name-that-is-rather-long-for-a-screen-of-eighty-columns"
    twice = flow({**sample("MessageParticipant"), "Parameters": {"Text": 1, "SkipWhenDTMFBufferEnabled": 2}})
    write(here / f"{name}.json", twice)
    write(here / "b.json", BROKEN)
    told = run("flow", "lint", ".").stdout
    assert told.index("parameter-missing") < told.index("value-native")
    assert told.count("value-native") == 1
    assert f"{name}.json:10:" in told
    assert "2 flows checked: 1 error, 2 warnings." in told
