"""Users and what they are made of, as a user of sbctl meets them: deployed from a file, changed, adopted, and never exposed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sbctl.main import cli
from tests.sandbox.projects import FOREIGN, KEYS, Small, small_on_sandbox

FIRST, LAST, LOGIN = "Zebulina", "Quixano", "zq.login@example.com"
MAIL, SECOND, PHONE = "zebulina@example.com", "quixano@example.org", "+18005550142"
SECRETS = (FIRST, LAST, LOGIN, "zq.login", MAIL, "zebulina", SECOND, "quixano", PHONE)
"""What no report, page or log may hold of a user unless it is asked for."""
HEAD = "name,firstName,lastName,email,secondaryEmail,securityProfiles,routingProfile,hierarchyGroup,deskPhone,proficiencies"
ROWS = [
    f"agent-1,{FIRST},{LAST},{MAIL},{SECOND},Agent,Agents,North/Voice,{PHONE},Product:Loans:3;Product:Cards:1",
    f"{LOGIN},{FIRST},{LAST},{MAIL},,Agent;Supervisors,Agents,,,",
]
PEOPLE: dict[str, Any] = {
    "regions": [{"name": "East", "region": "us-east-1", "isPrimary": True, "priority": 1}],
    "routingProfiles": [{"name": "Agents", "defaultOutboundQueue": "Support"}],
    "securityProfiles": [{"name": "Agent"}, {"name": "Supervisors", "permissions": ["BasicAgentAccess"]}],
    "agentStatuses": [{"name": "Lunch"}],
    "hierarchy": [{"levels": ["Site", "Team"]}],
    "hierarchyGroups": [{"name": "North"}, {"name": "North/Voice"}],
    "predefinedAttributes": [{"name": "Product", "values": ["Loans", "Cards"]}],
    "quickConnects": [{"name": "Bank", "phoneNumber": "+18005550111"}],
    "users": {"file": "users.csv"},
}


def write(folder: Path, rows: list[str], **changed: Any) -> None:
    """Write the project's files."""
    path = folder / "config/regions.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **PEOPLE, **changed}, indent=1))
    (folder / "config/users.csv").write_text("\n".join([HEAD, *rows, ""]))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """A deployed project with two users of a file."""
    folder = tmp_path_factory.mktemp("people") / "p"
    with small_on_sandbox(folder) as found:
        write(folder, ROWS)
        code, said = found.run("deploy")
        assert code == 0, said["problems"]
        yield found


def instance(small: Small) -> str:
    """The id of the instance."""
    found: str = small.client("connect").list_instances()["InstanceSummaryList"][0]["Id"]
    return found


def pending(small: Small, *arguments: str) -> list[dict[str, Any]]:
    """The steps of a plan that would change something."""
    code, said = small.run("plan", *arguments)
    assert code == 0, said["problems"]
    return [step for step in said["data"]["steps"] if step["action"] != "none"]


def text(small: Small, *arguments: str) -> str:
    """What a command prints for people, on both streams."""
    small.running.world.scheduler.advance(5)
    others = {name: None for name in os.environ if name.startswith(FOREIGN)}
    line = ["--config", str(small.folder / "config"), "--sandbox", "--yes", "-v", *arguments]
    done = CliRunner(env={**others, **KEYS}).invoke(cli, line, catch_exceptions=False)
    return str(done.output)


COMMANDS = [
    ("plan",),
    ("plan", "-o", "markdown"),
    ("drift",),
    ("parity",),
    ("user", "plan"),
    ("user", "list"),
    ("user", "show", "agent-1"),
    ("user", "show", LOGIN),
    ("state", "show", "connect_user.us-east-1.agent-1"),
    ("state", "list"),
    ("explain", "connect_user.us-east-1.agent-1"),
    ("config", "check"),
    ("deploy",),
    ("history",),
    ("cost",),
    ("iam-policy", "deploy"),
]


def test_a_plan_after_the_deploy_is_empty_and_costs_pages(small: Small) -> None:
    """Proficiencies are read of the one user that has some; nothing else of a user is read by itself."""
    code, said = small.run("plan")
    assert code == 0
    assert [step for step in said["data"]["steps"] if step["action"] != "none"] == []
    calls = said["data"]["calls"]
    assert calls["total"] > 0
    audit = (small.folder / "state/audit.jsonl").read_text().splitlines()[-calls["total"] :]
    made = [json.loads(line)["call"].partition(":")[2] for line in audit]
    assert (made.count("ListUserProficiencies"), made.count("DescribeUser"), made.count("SearchUsers")) == (1, 0, 1)


def test_no_report_page_or_log_exposes_a_user(small: Small, tmp_path: Path) -> None:
    """Whatever changes, in words and in JSON, on both streams and in the log of calls and of events."""
    connect, where = small.client("connect"), instance(small)
    ids = {row["Username"]: row["Id"] for row in connect.list_users(InstanceId=where)["UserSummaryList"]}
    moved = {"FirstName": FIRST + "x", "LastName": LAST + "x", "Email": f"x{MAIL}"}
    connect.update_user_identity_info(InstanceId=where, UserId=ids["agent-1"], IdentityInfo=moved)
    log = tmp_path / "events.jsonl"
    for command in COMMANDS:
        for form in ((), ("-o", "json")) if "-o" not in command else ((),):
            shown = text(small, "--log-file", str(log), *command, *form).replace(" ".join(command), "")
            found = [secret for secret in SECRETS if secret in shown and secret not in command]
            assert found == [], (command, form)
    written = log.read_text() + (small.folder / "state/audit.jsonl").read_text()
    typed = [line for line in written.splitlines() if LOGIN not in line or '"run-started"' not in line]
    assert [secret for secret in SECRETS if secret in "\n".join(typed)] == []


def test_who_asks_for_it_sees_everything(small: Small) -> None:
    """With the option, or its variable."""
    shown = text(small, "user", "show", "agent-1", "--show-personal")
    assert FIRST in shown
    assert MAIL in shown
    assert LOGIN in text(small, "--show-personal", "user", "list")


def test_a_password_is_nowhere(small: Small) -> None:
    """Neither state nor journal nor log nor plan has a member of that name."""
    names = [path for path in (small.folder / "state").rglob("*") if path.is_file()]
    assert names != []
    assert [path.name for path in names if "assword" in path.read_text(errors="replace")] == []


def test_a_changed_address_is_written_and_one_changed_by_hand_is_drift(small: Small) -> None:
    """A plan takes addresses as recorded where the config says the same; drift reads them."""
    connect, where = small.client("connect"), instance(small)
    ids = {row["Username"]: row["Id"] for row in connect.list_users(InstanceId=where)["UserSummaryList"]}
    moved = {"FirstName": FIRST, "LastName": LAST, "Email": "other@example.com"}
    connect.update_user_identity_info(InstanceId=where, UserId=ids[LOGIN], IdentityInfo=moved)
    assert pending(small) == []
    code, said = small.run("drift", "--exit-code")
    assert code == 3
    assert [(one["field"], one["live"]) for one in said["data"]["drifted"]] == [("email", "o***@example.com")]
    assert small.run("drift", "--revert")[0] == 0
    shown = connect.describe_user(InstanceId=where, UserId=ids[LOGIN])["User"]["IdentityInfo"]
    assert shown["Email"] == MAIL
    write(small.folder, [ROWS[0], ROWS[1].replace(MAIL, "new@example.com")])
    (step,) = pending(small)
    assert [(one["field"], one["after"]) for one in step["changes"]] == [("email", "n***@example.com")]
    assert small.run("user", "apply")[0] == 0
    shown = connect.describe_user(InstanceId=where, UserId=ids[LOGIN])["User"]["IdentityInfo"]
    assert shown["Email"] == "new@example.com"
    write(small.folder, ROWS)
    assert small.run("deploy")[0] == 0


def test_another_user_name_is_a_deletion_that_the_guard_stops(small: Small) -> None:
    """A user name cannot change: the new user is created, and the old one goes only where it is named."""
    write(small.folder, [ROWS[0].replace("agent-1", "agent-9"), ROWS[1]])
    try:
        assert sorted(step["action"] for step in pending(small)) == ["create", "delete"]
        code, said = small.run("deploy")
        assert code == 7
        assert "connect_user.us-east-1.agent-1" in json.dumps(said["problems"])
    finally:
        write(small.folder, ROWS)


def test_a_status_that_is_not_wanted_is_disabled_and_comes_back(small: Small) -> None:
    """AWS has no deletion: the plan says so, and a later wish enables it again."""
    connect, where = small.client("connect"), instance(small)

    def lunch() -> list[str]:
        small.running.world.scheduler.advance(60)
        rows = connect.search_agent_statuses(InstanceId=where)["AgentStatuses"]
        return [row["State"] for row in rows if row["Name"] == "Lunch"]

    write(small.folder, ROWS, agentStatuses=[])
    (step,) = pending(small)
    assert "disables it" in step["reason"]
    assert small.run("deploy", "--allow", "connect_agent_status.us-east-1.lunch")[0] == 0
    assert lunch() == ["DISABLED"]
    assert pending(small) == []
    write(small.folder, ROWS)
    assert small.run("deploy")[0] == 0
    assert lunch() == ["ENABLED"]
    assert pending(small) == []
