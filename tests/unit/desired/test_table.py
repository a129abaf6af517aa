"""A section in a CSV file: what is read, and every way in which a file can be damaged, told at once with its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.core.problem import Problem, SbctlError
from sbctl.desired.load import Loaded, load_project

KINDS = tuple(discover("sbctl.resources", "RESOURCE").values())
CONFIG: dict[str, Any] = {
    "project": "acme",
    "account": "123456789012",
    "domain": "example.com",
    "strategy": "active-passive",
    "regions": [
        {"name": "East", "region": "us-east-1", "isPrimary": True, "priority": 1},
        {"name": "West", "region": "us-west-2", "isPrimary": False, "priority": 2},
    ],
    "hours": [{"name": "Always", "timeZone": "UTC", "always": True}],
    "queues": [{"name": "Sales", "hours": "Always"}],
    "routingProfiles": [{"name": "Agents", "defaultOutboundQueue": "Sales"}],
    "securityProfiles": [{"name": "Agent"}, {"name": "Boss"}],
    "predefinedAttributes": [{"name": "Product", "values": ["Loans", "Cards"]}],
    "hierarchyGroups": [{"name": "North"}, {"name": "North/Voice"}],
    **{section: [] for section in ("flows", "lambdas", "tables", "alarms", "dashboards")},
    "buckets": [{"name": "recordings"}],
    "users": {"file": "users.csv"},
}
HEAD = "name,firstName,lastName,email,securityProfiles,routingProfile"
ROW = "agent-1,Ann,Example,ann@example.com,Agent,Agents"
Load = Callable[..., Loaded]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load a project whose users stand in a file with this content."""

    def loaded(content: str | bytes, **sections: Any) -> Loaded:
        for folder in ("config", "flows", "lambdas"):
            (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / "config/regions.json").write_text(json.dumps({**CONFIG, **sections}, indent=1))
        (tmp_path / "config/failover-rules.json").write_text("{}")
        (tmp_path / "config/users.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        return load_project(tmp_path / "config", KINDS, tmp_path / "flows", tmp_path / "lambdas")

    return loaded


def users(loaded: Loaded) -> list[dict[str, Any]]:
    """The wanted users of the first region."""
    return [one.values for one in loaded.desired if one.address.kind == "connect_user" and "east" in str(one.address)]


def told(load: Load, content: str | bytes, **sections: Any) -> list[tuple[str, str]]:
    """Code and line of everything that is wrong."""
    return [(one.code, one.at.rpartition("/")[2]) for one in problems(load, content, **sections)]


def problems(load: Load, content: str | bytes, **sections: Any) -> tuple[Problem, ...]:
    with pytest.raises(SbctlError) as caught:
        load(content, **sections)
    return tuple(caught.value.problems)


def test_a_row_is_an_item(load: Load) -> None:
    """Texts, lists, flags, numbers and proficiencies; an empty cell leaves its field out."""
    more = ",hierarchyGroup,autoAccept,afterContactWorkSeconds,proficiencies,phone,deskPhone,regions"
    rest = ",North/Voice,TRUE,30,Product:Loans:3; Product:Cards:1,desk,+18005550100,us-east-1"
    loaded = load(f"{HEAD}{more}\n{ROW.replace('Agent,A', 'Agent;Boss,A')}{rest}\nagent-2,Bob,B,,Agent,Agents,,,,,,,\n")
    one, other = users(loaded)
    assert (one["name"], one["first_name"], one["auto_accept"], one["after_contact_work"]) == (
        "agent-1",
        "Ann",
        True,
        30,
    )
    assert [(each["attribute"], each["value"], each["level"]) for each in one["proficiencies"]] == [
        ("Product", "Loans", 3),
        ("Product", "Cards", 1),
    ]
    assert len(one["security_profiles"]) == 2
    assert (one["phone_type"], one["desk_phone"]) == ("DESK_PHONE", "+18005550100")
    assert (other["email"], other["auto_accept"], other["phone_type"]) == (None, None, "SOFT_PHONE")
    assert sum(1 for one in loaded.desired if one.address.kind == "connect_user") == 3


def test_what_spreadsheets_write_is_read(load: Load) -> None:
    """A byte order mark, lines that end with CR LF, quotes, blanks around values, and empty rows at the end."""
    content = f'\ufeff{HEAD}\r\nagent-1,"Ann, Lee", "Exa""mple" ,,Agent , Agents\r\n,,,,,\r\n\r\n'
    (one,) = users(load(content.replace(', "Exa""mple" ', ',"Exa""mple"')))
    assert (one["first_name"], one["last_name"]) == ("Ann, Lee", 'Exa"mple')


def test_a_wanted_user_knows_its_line(load: Load) -> None:
    """So that plans and later problems name the file and the row, also after a cell of several lines."""
    loaded = load(f'{HEAD}\nagent-1,"Ann\nLee",Example,,Agent,Agents\nagent-2,Bob,B,,Agent,Agents\n')
    places = {
        one.address.name: one.at.rpartition("/")[2] for one in loaded.desired if one.address.kind == "connect_user"
    }
    assert places == {"agent-1": "users.csv:2", "agent-2": "users.csv:4"}


def test_the_digest_changes_with_the_file(load: Load) -> None:
    """A saved plan is stale when a user in the file changed."""
    assert load(f"{HEAD}\n{ROW}\n").digest != load(f"{HEAD}\n{ROW.replace('Ann', 'Anna')}\n").digest


def test_everything_wrong_with_all_rows_is_told_at_once(load: Load) -> None:
    """Doubled rows, too few and too many cells, unknown names, bad addresses, bad numbers: each with its line."""
    rows = [
        ROW + ",5",
        ROW + ",6",
        "agent-3,Ann,Example,,Agent",
        "agent-4,Ann,Example,,Agent,Agents,1,2",
        "agent-5,Ann,Example,nobody,Gone,Agents,",
        "agent-6,Ann,Example,,Agent,Agents,soon",
        "a-user-name-that-is-too-long,Ann,Example,,Agent,Agents,",
        ",Ann,Example,,Agent,Agents,",
    ]
    found = told(load, "\n".join([f"{HEAD},afterContactWorkSeconds", *rows]))
    assert found == [
        ("duplicate-name", "users.csv:3"),
        ("table-damaged", "users.csv:4"),
        ("missing-field", "users.csv:4"),
        ("table-damaged", "users.csv:5"),
        ("bad-item", "users.csv:6"),
        ("bad-item", "users.csv:6"),
        ("bad-value", "users.csv:7"),
        ("bad-item", "users.csv:8"),
        ("missing-field", "users.csv:9"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", [("table-damaged", "users.csv:1")]),
        ("\n\n", [("table-damaged", "users.csv:1")]),
        (f"{HEAD.replace(',', ';')}\n", [("table-damaged", "users.csv:1")]),
        (f"{HEAD},email\n", [("table-damaged", "users.csv:1")]),
        (f"{HEAD},emial\n", [("unknown-field", "users.csv:1")]),
        ("name,email\n", [("missing-field", "users.csv:1"), ("missing-field", "users.csv:1")]),
        (f'{HEAD}\n{ROW}\nagent-2,"Bob,B,,Agent,Agents\n', [("table-damaged", "users.csv:3")]),
        (f'{HEAD}\n{ROW}\nagent-2,"Bob"x,B,,Agent,Agents\n', [("table-damaged", "users.csv:3")]),
        (f"{HEAD}\n{ROW}\nagent-2,B\xf6b,B,,Agent,Agents\n".encode("latin-1"), [("config-unreadable", "users.csv:3")]),
        (f"{HEAD},proficiencies\n{ROW},Product:Loans\n", [("bad-value", "users.csv:2"), ("bad-item", "users.csv:2")]),
        (f"{HEAD},proficiencies\n{ROW},Product:Loans:9\n", [("bad-value", "users.csv:2")]),
    ],
)
def test_a_damaged_file_is_told_with_its_line(
    load: Load, content: str | bytes, expected: list[tuple[str, str]]
) -> None:
    """Empty, other separators, columns that are missing, unknown or doubled, broken quotes, other encodings, bad cells."""
    assert told(load, content) == expected


def test_a_row_that_cannot_be_read_hides_no_other(load: Load) -> None:
    """Rows before and after it are judged as well, each with its line; one that never ends is the last."""
    rows = [",Ann,Example,,Agent,Agents", 'agent-2,"Bob"x,B,,Agent,Agents', ",Ann,Example,,Agent,Agents", 'agent-4,"Bo']
    assert sorted(told(load, "\n".join([HEAD, *rows, ""]))) == [
        ("missing-field", "users.csv:2"),
        ("missing-field", "users.csv:4"),
        ("table-damaged", "users.csv:3"),
        ("table-damaged", "users.csv:5"),
    ]


@pytest.mark.parametrize("name", ["gone.csv", "../users.csv", "/etc/passwd", "", 5, ["users.csv"]])
def test_a_file_is_one_of_the_config_folder(load: Load, name: object) -> None:
    """Another is refused where regions.json names it."""
    (problem,) = problems(load, f"{HEAD}\n{ROW}\n", users={"file": name})
    assert problem.at.rpartition("/")[2].startswith("regions.json:")


def test_a_link_does_not_lead_out_of_the_config_folder(load: Load, tmp_path: Path) -> None:
    """What stands elsewhere is not read through it."""
    (tmp_path / "secret.csv").write_text(f"{HEAD}\n{ROW}\n")
    load(f"{HEAD}\n{ROW}\n")
    (tmp_path / "config/other.csv").symlink_to(tmp_path / "secret.csv")
    (problem,) = problems(load, "", users={"file": "other.csv"})
    assert "leads out" in problem.detail


def test_other_sections_are_lists(load: Load) -> None:
    """Only kinds that name columns may stand in a file; more fields than the file are refused."""
    assert told(load, f"{HEAD}\n{ROW}\n", hours={"file": "hours.csv"})[0][0] == "bad-value"
    assert told(load, f"{HEAD}\n{ROW}\n", users={"file": "users.csv", "sheet": 1})[0][0] == "unknown-field"
