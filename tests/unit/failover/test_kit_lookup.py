"""Which kit a command works from, as `status --cached` says, which calls nothing: told, of the state, or from the cache."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sbctl.commands.kit.find import KitFound
from sbctl.commands.kit.group import problems_of
from sbctl.core.clock import FakeClock
from sbctl.core.state import State
from sbctl.failover.kit.cache import KitCache, cache_folder
from sbctl.failover.kit.kit import FILE, FORMAT, Kit
from sbctl.failover.kit.verify import KitChecked, verify_endpoint
from sbctl.main import cli
from sbctl.store.stores import file_store
from tests.unit.failover.scenes import kit

AWS_KIT = kit(endpoint="aws", lineage="one", serial=3)
OTHER = kit(endpoint="aws", project="other", lineage="two", serial=1)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and no endpoint in the environment."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [one for one in os.environ if one.startswith("AWS_")]:
        monkeypatch.delenv(name)
    return folder


def cached(*kits: Kit) -> None:
    for one in kits:
        KitCache(cache_folder(os.environ)).keep(one, Path("anywhere") / one.project)


def run(*words: str, env: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(cli, [*words, "--output", "json"], env=env, catch_exceptions=False)
    return done.exit_code, json.loads(done.stdout)


def status(*words: str, env: dict[str, str] | None = None) -> dict[str, Any]:
    code, said = run("status", "--cached", *words, env=env)
    assert code == 0, said["problems"]
    found: dict[str, Any] = said["data"]["kit"]
    return found


def deployed(folder: Path, serial: int, lineage: str = "one") -> None:
    """A state of this serial, with a resource in it."""
    state = State(lineage=lineage, serial=serial)
    record = {"address": "connect_instance.us-east-1.main"}
    store = file_store(folder, FakeClock(datetime(2026, 1, 1, tzinfo=UTC)), "test")
    with store.held():
        store.write(State.model_validate({**state.model_dump(), "records": {record["address"]: record}}))


def test_the_kit_beside_the_state_comes_before_the_cache(place: Path) -> None:
    """And where it stands is said; a state that has moved on makes it stale."""
    cached(OTHER)
    (place / "state").mkdir()
    (place / "state" / FILE).write_text(AWS_KIT.as_text(), encoding="utf-8")
    found = status()
    assert (found["from"], found["at"], found["serial"], found["stale"]) == ("state", f"state/{FILE}", 3, False)
    deployed(place / "state", 3)
    assert not status()["stale"]
    deployed(place / "state", 4)
    found = status()
    assert (found["stale"], found["state_serial"]) == (True, 4)
    assert "failover-kit" in {row.get("check") for row in run("status", "--cached")[1]["data"]["faults"]}


def test_a_kit_that_is_told_is_the_one(place: Path) -> None:
    """By option or variable; what is typed wins. One that cannot be read is no reason to take another."""
    cached(OTHER)
    for name, one in (("a.json", AWS_KIT), ("b.json", OTHER)):
        (place / name).write_text(one.as_text(), encoding="utf-8")
    assert status("--kit", "a.json")["project"] == AWS_KIT.project
    assert status(env={"SBCTL_KIT": "b.json"})["at"] == "b.json"
    assert status("--kit", "a.json", env={"SBCTL_KIT": "b.json"})["from"] == "told"
    assert run("status", "--kit", "none.json")[0] == 2
    assert run("status", env={"SBCTL_KIT": "none.json"})[0] == 2


def test_the_cache_is_enough(place: Path) -> None:
    """Also where the kit beside the state is damaged; deploy and status keep it, so that it is as new as they were."""
    cached(AWS_KIT)
    assert status()["from"] == "cache"
    (place / "state").mkdir(exist_ok=True)
    (place / "state" / FILE).write_text("{", encoding="utf-8")
    assert status()["from"] == "cache"


def test_several_projects_are_told_with_the_commands_to_type() -> None:
    """Exit 2, one each; off a terminal nobody is asked."""
    cached(AWS_KIT, OTHER)
    code, said = run("status", "--cached")
    assert (code, {one["code"] for one in said["problems"]}) == (2, {"several-kits"})
    assert sorted(one["detail"].split()[0] for one in said["problems"]) == sorted([AWS_KIT.project, "other"])
    assert all(f"--kit {one['at']}" in one["fix"] for one in said["problems"])


def test_a_config_says_which_of_them_is_meant(place: Path) -> None:
    """By project and account, as regions.json has them; nothing else of it is read."""
    cached(AWS_KIT, OTHER)
    (place / "config").mkdir()
    named = {"project": "other", "account": OTHER.account, "regions": "nonsense"}
    (place / "config" / "regions.json").write_text(json.dumps(named), encoding="utf-8")
    assert status()["project"] == "other"


def test_a_state_says_which_of_them_is_meant(place: Path) -> None:
    """By its lineage. One in which nothing is deployed has no kit at all."""
    cached(AWS_KIT, OTHER)
    deployed(place / "state", 1, lineage="two")
    assert status()["project"] == "other"
    store = file_store(place / "state", FakeClock(), "test")
    with store.held():
        store.write(State(lineage="two", serial=2))
    code, said = run("status", "--cached")
    assert (code, [one["code"] for one in said["problems"]]) == (7, ["not-deployed"])


def test_a_kit_of_the_sandbox_is_not_meant_on_aws() -> None:
    """Its regions would all look lost."""
    cached(kit(endpoint="sandbox"))
    code, said = run("status", "--cached")
    assert (code, [one["code"] for one in said["problems"]]) == (7, ["not-deployed"])


def test_a_sandbox_takes_no_kit_of_another_one(place: Path) -> None:
    """Each state has a sandbox of its own: what was deployed in another is not there, with a project here or without."""
    cached(kit(endpoint="sandbox"))
    code, said = run("--sandbox", "kit", "show")
    assert (code, [one["code"] for one in said["problems"]]) == (7, ["not-deployed"])
    KitCache(cache_folder(os.environ)).keep(kit(endpoint="sandbox", serial=9), place / "state")
    assert run("--sandbox", "kit", "show")[1]["data"]["kit"]["serial"] == 9


def sandboxes(folder: Path, *endpoints: str) -> list[Path]:
    """Kits of as many sandboxes, each with its state; and the notes of those that have an endpoint."""
    states = [folder / f"state-{number}" for number in range(len(endpoints))]
    for number, (state, endpoint) in enumerate(zip(states, endpoints, strict=True)):
        KitCache(cache_folder(os.environ)).keep(kit(endpoint="sandbox", serial=number), state)
        if endpoint:
            (state / "sandbox").mkdir(parents=True)
            note = json.dumps({"endpoint": endpoint, "token": "x"})
            (state / "sandbox" / "sandbox.json").write_text(note, encoding="utf-8")
    return states


@pytest.mark.parametrize("by_option", [True, False])
def test_the_endpoint_that_is_called_says_which_kit_is_meant(place: Path, *, by_option: bool) -> None:
    """By the note of its sandbox; those of AWS, of sandboxes that are gone, and of other endpoints are not."""
    nobody, here = "http://127.0.0.1:9", "http://127.0.0.1:10"
    sandboxes(place.parent, "", here, nobody, "")
    cached(AWS_KIT, kit(endpoint="localhost:4566"))
    words, env = (["--endpoint-url", here], {}) if by_option else ([], {"AWS_ENDPOINT_URL": f"{here}/"})
    code, said = run(*words, "kit", "show", env=env)
    assert (code, said["data"]["kit"]["serial"], said["problems"]) == (0, 1, [])
    assert (
        run("kit", "show", env={"AWS_ENDPOINT_URL": "http://localhost:4566"})[1]["data"]["kit"]["project"] == "example"
    )
    assert (
        run("kit", "show", env={"AWS_ENDPOINT_URL": "https://sts.us-east-1.amazonaws.com"})[1]["data"]["kit"]["serial"]
        == 3
    )


def test_the_kit_of_a_sandbox_that_is_gone_is_used_where_it_is_the_only_one(place: Path) -> None:
    """And that is said; beside one of AWS, which may answer there, it is not meant."""
    sandboxes(place.parent, "")
    env = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    code, said = run("kit", "show", env=env)
    assert (code, said["data"]["kit"]["serial"]) == (0, 0)
    assert [(one["code"], "does not run" in one["detail"]) for one in said["problems"]] == [
        ("kit-of-another-world", True)
    ]
    cached(AWS_KIT)
    for url in (env["AWS_ENDPOINT_URL"], "http://[nonsense"):
        code, said = run("kit", "show", env={"AWS_ENDPOINT_URL": url})
        assert (code, said["data"]["kit"]["serial"], said["problems"]) == (0, 3, [])


NOWHERE = "/".join(["", "x" * 300, "x"])
"""A path that the system does not look at, as with a folder that may not be looked into: for `root` there is no such folder."""


@pytest.mark.parametrize("what", ["--config", "--state", "XDG_CACHE_HOME", "TEMP"])
@pytest.mark.parametrize("line", ["status --cached", "kit show", "history", "runbook region-down"])
def test_a_path_that_cannot_be_looked_at_stops_nothing(place: Path, what: str, line: str) -> None:
    """At 3 a.m. the project's folder, the cache or an old temporary directory may be out of reach."""
    (place / "kit.json").write_text(AWS_KIT.as_text(), encoding="utf-8")
    words = [what, NOWHERE] if what.startswith("--") else []
    kit_told = [] if line == "history" else ["--kit", "kit.json"]
    code, said = run(*words, *line.split(), *kit_told, env={} if words else {what: NOWHERE})
    assert (code, "internal-error" in {one["code"] for one in said["problems"]}) == (0, False), said["problems"]


def test_a_kit_of_a_later_version_is_used_and_said_to_be_one(place: Path) -> None:
    """It may name what this version does not know; in an event it is better than none."""
    (place / "kit.json").write_text(kit(endpoint="aws", format=FORMAT + 1).as_text(), encoding="utf-8")
    code, said = run("status", "--cached", "--kit", "kit.json")
    assert (code, [one["code"] for one in said["problems"]]) == (0, ["kit-format"])


@pytest.mark.parametrize(
    ("made", "said"), [("aws", "as this run is"), ("", "as this run is"), ("http://a:1", "another name")]
)
def test_an_endpoint_is_told_as_it_is(made: str, said: str) -> None:
    """A kit of another name is not said to be of this run's."""
    found = verify_endpoint(kit(endpoint=made), "aws", "here")
    assert (found.verdict, said in found.detail) == ("ok", True)


def test_a_fresh_project_is_told_once_what_to_do(place: Path) -> None:
    """Whatever its flows are like: none of them is run."""
    (place / "flows").mkdir()
    (place / "flows" / "loop.py").write_text("open('ran', 'w')\nwhile True: pass\n", encoding="utf-8")
    for line in (
        "status",
        "failback --yes --reason x",
        "runbook",
        "drill run region-loss",
        "kit verify",
        "failover --to us-west-2 --mode forced --yes --reason x",
    ):
        code, said = run(*line.split())
        assert (code, [one["code"] for one in said["problems"]]) == (7, ["not-deployed"]), line
        assert "sbctl deploy" in said["problems"][0]["fix"]
    assert not (place / "ran").exists()


def test_a_runbook_names_the_kit_that_is_there() -> None:
    """Its lines are typed as they are printed, wherever the kit was found."""
    cached(AWS_KIT)
    code, said = run("runbook", "region-down")
    (line,) = [line for step in said["data"]["steps"] for line in step["commands"] if "--kit" in line]
    assert code == 0
    assert f"--kit {said['data']['kit']['at']} " in line


@pytest.mark.parametrize("records", [False, True])
def test_where_there_is_neither_kit_nor_project_a_kit_is_asked_for(place: Path, records: bool) -> None:
    """An empty folder at three in the morning: nothing can be deployed there, and every region keeps a copy of the kit."""
    if records:
        deployed(place / "state", 1)
    _, said = run("failover", "--to", "us-west-2", "--mode", "forced", "--yes", "--reason", "x")
    (problem,) = said["problems"]
    assert "--kit s3://BUCKET/sbctl/kit/REGION.json" in problem["fix"]
    assert "init" not in problem["fix"]


def test_what_is_wrong_with_all_copies_alike_is_told_once() -> None:
    """With every place, and not with a deploy, which renews no file that somebody named."""
    found = KitFound(AWS_KIT, "told", "kit.json")
    rows = [KitChecked("copy", f"s3://b-{number}/k", "bad", "it differs in serial") for number in range(3)]
    first, second = problems_of([*rows, KitChecked("copy", "s3://b-9/k", "bad", "there is no copy")], found)
    assert first.at == "s3://b-0/k, s3://b-1/k, s3://b-2/k"
    assert "kit export" in first.fix
    assert second.at == "s3://b-9/k"
