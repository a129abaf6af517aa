"""Each mistake in the config gives its code, its line and a remedy; all mistakes of all files come at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sbctl.core.problem import SbctlError
from sbctl.desired.load import load_project
from tests.unit.desired.conftest import SOUND, Folder
from tests.unit.desired.kinds import KINDS


@pytest.fixture
def project(folder: Callable[[], Folder]) -> Folder:
    return folder()


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


EAST = '{ "name": "US-East-1", "region": "us-east-1", "isPrimary": true, "priority": 1 }'
WEST = '{ "name": "US-West-2", "region": "us-west-2", "priority": 2 }'
EUROPE = '{ "name": "EU-West-2", "region": "eu-west-2", "priority": 3 }'
SALES = '"hours": "24x7", "maxContacts": 100'

# (what is replaced, by what, code, text on the line of the problem, part of the detail, part of the remedy)
CASES = {
    "unknown region": ('"us-west-2"', '"us-wset-2"', "unknown-region", "us-wset-2", "us-wset-2", "'us-west-2'"),
    "no Connect in the region": (
        '"eu-west-2"', '"eu-west-1"', "region-without-connect", "eu-west-1", "eu-west-1", "eu-west-2",
    ),
    "replica-only region": (
        '"eu-west-2"', '"ap-northeast-3"', "region-without-connect", "ap-northeast-3", "of its own", "ap-northeast-2",
    ),
    "duplicate priority": ('"priority": 3', '"priority": 2', "duplicate-priority", "EU-West-2", "line 8", "1, 2, 3"),
    "no primary": ('"isPrimary": true, ', "", "one-primary", '"regions"', "no region", '"isPrimary": true'),
    "two primaries": (
        '"priority": 2', '"isPrimary": true, "priority": 2', "one-primary", "US-West-2", "us-west-2", "one region",
    ),
    "data-only primary": (
        '"priority": 1', '"priority": 1, "connect": false', "primary-without-connect", "US-East-1", "data-only",
        "with Connect",
    ),
    "region twice": ('"eu-west-2"', '"us-west-2"', "duplicate-name", "EU-West-2", "line 8", "once"),
    "region name twice": ("EU-West-2", "us-west-2", "duplicate-name", '"priority": 3', "line 8", "its own name"),
    "no regions": (f"{EAST},\n    {WEST},\n    {EUROPE}", "", "bad-value", '"regions"', "regions", "at least 1"),
    "item name twice": (
        '"Support"', '"Sales"', "duplicate-name", '"Sales", "hours": "24x7" }', "'Sales' stands already in line", "its own name",
    ),
    "missing hours": ('"hours": "24x7" }', '"hours": "Night" }', "bad-item", '"Night"', "queues[1].hours", "Choose"),
    "unknown section": ('"queues"', '"queus"', "unknown-field", '"queus"', "queus", "'queues'"),
    "unknown field": ("maxContacts", "maxContact", "unknown-field", "maxContact", "maxContact", "'maxContacts'"),
    "unknown field of a region": (
        '"priority": 3', '"priority": 3, "prio": 1', "unknown-field", "prio\"", "regions[2].prio", "'priority'",
    ),
    "value out of bounds": (
        '"maxContacts": 100', '"maxContacts": -1', "bad-value", ": -1", "maxContacts", "at least 0",
    ),
    "missing field": ('"account": "123456789012",', "", "missing-field", "{", "account", "Add it"),
    "account too short": ("123456789012", "12345", "bad-value", "12345", "account", "[0-9]{12}"),
    "account as a number": ('"123456789012"', "123456789012", "bad-value", "account", "account", 'in quotes: "123456789012"'),
    "global resiliency": (
        '"strategy"', '"resiliency": "global",\n  "strategy"', "not-built-yet", '"resiliency"', "Global Resiliency",
        "independent",
    ),
    "routing without active-active": (
        '"strategy"', '"routing": "latency",\n  "strategy"', "bad-value", '"routing"', "active-passive", "Remove it",
    ),
    "unknown strategy": ('"active-passive"', '"active"', "bad-value", '"active"', "strategy", "active-active"),
    "reserved tag": (
        '"strategy"', '"tags": {"aws:x": "y"},\n  "strategy"', "bad-value", "aws:x", "reserved", "Correct the value",
    ),
    "endpoint": (
        '"priority": 3', '"priority": 3, "endpoint": ["1.2.3.4", "x.example.com"]', "bad-value", "endpoint", "IPv4",
        "Correct the value",
    ),
    "item in an unknown region": (
        SALES, f'{SALES}, "regions": ["eu-west-1"]', "wrong-region", '"eu-west-1"', "queues[0].regions[0]",
        "'eu-west-2'",
    ),
    "override in an unknown region": (
        SALES, f'{SALES}, "overrides": {{"us-west-1": {{}}}}', "wrong-region", "us-west-1", "us-west-1", "'us-west-2'",
    ),
    "override of an unknown field": (
        SALES, f'{SALES}, "overrides": {{"us-west-2": {{"maxContact": 1}}}}', "bad-override", '"maxContact"',
        "overrides.us-west-2.maxContact", "'maxContacts'",
    ),
    "override of a name": (
        SALES, f'{SALES}, "overrides": {{"us-west-2": {{"name": "S"}}}}', "bad-override", '"S"', "name", "Use one of",
    ),
    "override with a wrong value": (
        SALES, f'{SALES}, "overrides": {{"us-west-2": {{"maxContacts": -5}}}}', "bad-value", "-5",
        "overrides.us-west-2.maxContacts", "at least 0",
    ),
    "override that names what is not there": (
        SALES, f'{SALES}, "overrides": {{"us-west-2": {{"hours": "Dusk"}}}}', "bad-item", "Dusk",
        "overrides.us-west-2.hours", "Choose",
    ),
    "field in another spelling": (
        '"maxContacts": 100', '"max_contacts": 100', "unknown-field", '"max_contacts"', "max_contacts", "'maxContacts'",
    ),
    "overridden field in another spelling": (
        SALES, f'{SALES}, "overrides": {{"us-west-2": {{"max_contacts": 1}}}}', "bad-override", '"max_contacts"',
        "overrides.us-west-2.max_contacts", "'maxContacts'",
    ),
    "missing Lambda source": ('"lookup"', '"lookdown"', "lambda-missing", "lookdown", "handler.py", "Create"),
    "section that is no list": (
        '"hours": [\n    { "name": "24x7" }\n  ]', '"hours": {}', "bad-value", '"hours": {}', "list", "[",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "on_line", "detail", "fix"), CASES.values(), ids=CASES.keys())
def test_mistake(project: Folder, old: str, new: str, code: str, on_line: str, detail: str, fix: str) -> None:
    """A mistake is reported with its code, on its own line, with the field in the text and a remedy that fits."""
    project.change(old, new)
    found = [problem for problem in project.problems() if problem.code == code]
    assert found, project.problems()
    assert found[0].at == f"config/regions.json:{line_of(project.regions, on_line)}"
    assert detail in found[0].detail
    assert fix in found[0].fix


def test_another_account_than_the_state_has(project: Folder) -> None:
    """A config whose account is not the one that was deployed to is refused before any call, at its line."""
    assert project.load("123456789012").account_at.endswith(f":{line_of(project.regions, 'account')}")
    (problem,) = project.problems("999999999999")
    assert problem.code == "wrong-account"
    assert problem.at == f"config/regions.json:{line_of(project.regions, 'account')}"
    assert "999999999999" in problem.detail


def test_sound_project_loads(project: Folder) -> None:
    """The project that the other tests break has no problem of its own."""
    assert len(project.load().desired) == 3 + 6 + 1 + 3 + 3


def test_all_mistakes_at_once(project: Folder) -> None:
    """Mistakes in the head, in items, in a flow, in the rules and in Lambda sources are all shown in one run."""
    project.change('"us-west-2"', '"us-wset-2"').change('"eu-west-2"', '"eu-west-1"').change("123456789012", "1")
    project.change('"priority": 3', '"isPrimary": true, "priority": 2').change('"lookup"', '"lookdown"')
    project.change('"hours": "24x7" }', '"hours": "Night" }').change('"tables"', '"tabels"')
    project.flow = project.flow.replace("queue:Sales", "queue:Sails")
    project.rules = {"ttlSeconds": -1, "dataResidency": [{"data": ["nothing"], "regions": ["us-east-1"]}]}
    codes = sorted(problem.code for problem in project.problems())
    assert codes == sorted(
        [
            "unknown-region", "region-without-connect", "bad-value", "one-primary", "duplicate-priority",
            "lambda-missing", "bad-item", "unknown-field", "unknown-name", "bad-value", "unknown-name",
        ]
    )  # fmt: skip


def test_one_mistake_has_no_echoes(project: Folder) -> None:
    """A region that cannot be read wholly does not make the rest of the config look wrong."""
    project.change('"isPrimary": true, "priority": 1', '"isPrimary": true, "priority": "first"')
    assert [problem.code for problem in project.problems()] == ["bad-value"]


def test_unreadable_item_is_still_found_by_others(project: Folder) -> None:
    """Hours with a wrong field do not make the queues that name them look wrong."""
    project.change('{ "name": "24x7" }', '{ "name": "24x7", "timezone": "UTC" }')
    assert [problem.code for problem in project.problems()] == ["unknown-field"]


def test_flow_names_missing_queue(project: Folder) -> None:
    """A flow that names a queue which is not there is reported on the line of the flow, with the name most alike."""
    project.flow = project.flow.replace("queue:Sales", "queue:Sails")
    (problem,) = project.problems()
    assert (problem.code, problem.at) == ("unknown-name", f"flows/Inbound.json:{line_of(project.flow, 'Sails')}")
    assert "'Sales'" in problem.fix


@pytest.mark.parametrize("kind", ["flow", "hours", "lambda", "queue-id"])
def test_flow_names_missing_others(project: Folder, kind: str) -> None:
    """Flows are checked for every sort of name that they can hold."""
    project.flow = project.flow.replace("queue:Sales", f"{kind}:Nobody")
    assert f"${{{kind}:Nobody}}" in {problem.code: problem.detail for problem in project.problems()}["unknown-name"]


def test_data_residency(project: Folder) -> None:
    """A table that would be kept outside the regions allowed for its data is refused, on the line of the rule."""
    project.rules = {"dataResidency": [{"data": ["customers"], "regions": ["us-east-1", "us-west-2"], "reason": "law"}]}
    (problem,) = project.problems()
    assert problem.code == "data-residency"
    assert problem.at == "config/failover-rules.json:5"
    assert "eu-west-2" in problem.detail
    assert "law" in problem.detail


def test_data_residency_that_holds(project: Folder) -> None:
    """A table that names only allowed regions passes."""
    project.change('"partitionKey"', '"regions": ["us-east-1", "us-west-2"], "partitionKey"')
    project.rules = {"dataResidency": [{"data": ["customers"], "regions": ["us-east-1", "us-west-2"]}]}
    assert project.load().project.rules.data_residency


def test_rules_problems(project: Folder) -> None:
    """Wrong and unknown fields of the rules have their lines, and mechanisms that are not built are refused."""
    project.rules = {"mechanism": "arc", "guards": {"quorum": 0, "qorum": 1}}
    found = [(problem.code, problem.at) for problem in project.problems()]
    assert found == [
        ("bad-value", "config/failover-rules.json:4"),
        ("unknown-field", "config/failover-rules.json:5"),
    ]
    project.rules = {"mechanism": "arc"}
    assert [problem.code for problem in project.problems()] == ["not-built-yet"]


def test_item_in_fewer_regions_than_what_needs_it(project: Folder) -> None:
    """A queue in a region where its hours are not deployed is a problem that names both."""
    project.change('{ "name": "24x7" }', '{ "name": "24x7", "regions": ["us-east-1", "us-west-2"] }')
    first = project.problems()[0]
    assert first.code == "dangling-reference"
    assert first.at == f"config/regions.json:{line_of(project.regions, 'Sales')}"
    assert "test_queue.eu-west-2.sales" in first.detail
    assert "test_hours.eu-west-2.24x7" in first.detail


@pytest.mark.parametrize("name", ["regions.json", "failover-rules.json"])
def test_missing_file(project: Folder, name: str, tmp_path: Path) -> None:
    """A config file that is not there is a problem, not a crash."""
    project.load()
    (tmp_path / "project/config" / name).unlink()
    root = project.root
    with pytest.raises(SbctlError) as caught:
        load_project(root / "config", KINDS, root / "flows", root / "lambdas")
    assert [problem.code for problem in caught.value.problems] == ["config-missing"]
    assert caught.value.problems[0].at.endswith(name)


def test_syntax_and_repeated_keys(project: Folder) -> None:
    """JSON that is broken, and keys that a JSON reader would silently drop, are reported with their lines."""
    project.regions = SOUND.replace('"project": "acme",', '"project": "acme"')
    assert [(one.code, one.at) for one in project.problems()] == [("config-syntax", "config/regions.json:3")]
    project.regions = SOUND.replace('"domain"', '"account"')
    assert [(one.code, one.at) for one in project.problems()] == [("duplicate-key", "config/regions.json:4")]
