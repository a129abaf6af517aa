"""`sandbox up --data`: what a user has after down and up, and after a kill."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from click.testing import CliRunner

from sbctl.main import cli
from sbctl.sandbox import lifecycle
from tests.sandbox.projects import small_project
from tests.waits import eventually


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """The state folder of a small project, whose server is stopped at the end whatever happened."""
    yield small_project(tmp_path) / "state"
    lifecycle.down(tmp_path / "state" / "sandbox")


def sbctl(place: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON envelope of a command."""
    options = ["--config", str(place.parent / "config"), "--state", str(place), "--sandbox", "--output", "json"]
    done = CliRunner().invoke(cli, [*options, *arguments])
    return done.exit_code, json.loads(done.stdout)


def up(place: Path, *more: str) -> dict[str, Any]:
    """The note of the server that keeps its world beside the state folder, with a clock that stands."""
    asked = ["--data", str(place.parent / "world"), "--no-limits", *more]
    exit_code, found = sbctl(place, "sandbox", "up", *asked)
    assert exit_code == 0, found
    note = lifecycle.running(place / "sandbox")
    assert note is not None
    return note


def client(note: dict[str, Any], service: str) -> Any:
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=note["endpoint"],
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        config=Config(proxies={}),
    )


def kill(note: dict[str, Any]) -> None:
    """End the server as if the machine had been switched off."""
    os.kill(int(note["pid"]), signal.SIGKILL)
    eventually(lambda: lifecycle.running(Path(note["folder"])) is None, "the end of a killed server")


def test_a_deployed_contact_centre_is_there_after_down_and_after_a_kill(place: Path) -> None:
    """After a full deploy the plan is empty, at the same endpoint, after a stop in good order and after a kill -9."""
    note = up(place, "--speed", "0")
    exit_code, deployed = sbctl(place, "deploy", "--region", "all", "--yes")
    assert exit_code == 0, deployed["problems"]
    assert sbctl(place, "sandbox", "down")[0] == 0
    again = up(place)
    assert (again["endpoint"], again["dns"], again["speed"]) == (note["endpoint"], note["dns"], 0.0)
    assert sbctl(place, "plan", "--exit-code")[0] == 0
    kill({**again, "folder": place / "sandbox"})
    assert up(place)["endpoint"] == note["endpoint"]
    assert sbctl(place, "plan", "--exit-code")[0] == 0
    _killed_without_a_word(place)


def _killed_without_a_word(place: Path) -> None:
    """A command that starts a sandbox goes on with the world of the one that was killed, and says so; after a stop in good
    order an empty one begins, and what that means for the state is said."""
    found = lifecycle.running(place / "sandbox")
    assert found is not None
    kill({**found, "folder": place / "sandbox"})
    exit_code, planned = sbctl(place, "plan", "--exit-code")
    assert (exit_code, [one["code"] for one in planned["problems"]]) == (0, ["sandbox-resumed"])
    assert planned["problems"][0]["at"] == found["data"]
    assert sbctl(place, "sandbox", "down")[0] == 0
    exit_code, planned = sbctl(place, "plan", "--exit-code")
    assert (exit_code, [one["code"] for one in planned["problems"]]) == (3, ["sandbox-empty"])


def test_a_kill_loses_no_more_than_what_was_written_last(place: Path) -> None:
    """What was saved before a kill is there afterwards, and the world's time has not gone back.

    A fault and an advance that were confirmed survive a kill in the next instant.
    """
    note = up(place)
    s3 = client(note, "s3")
    s3.create_bucket(Bucket="calls-1")
    s3.put_object(Bucket="calls-1", Key="kept-early", Body=b"x")
    eventually(lambda: is_saved(place, b"kept-early"), "a save by itself")
    s3.put_object(Bucket="calls-1", Key="late", Body=b"x")
    seen = lifecycle.request(note, "GET", "status")["time"]
    kill({**note, "folder": place / "sandbox"})
    again = up(place)
    listed = [entry["Key"] for entry in client(again, "s3").list_objects_v2(Bucket="calls-1")["Contents"]]
    assert listed in (["kept-early"], ["kept-early", "late"])
    assert again["time"] >= seen
    lifecycle.request(again, "POST", "faults", {"kind": "down", "region": "us-east-1"})
    moved = lifecycle.request(again, "POST", "advance", {"seconds": 7200})["time"]
    kill({**again, "folder": place / "sandbox"})
    third = up(place)
    assert [fault["region"] for fault in third["faults"]] == ["us-east-1"]
    assert third["time"] >= moved


def is_saved(place: Path, word: bytes) -> bool:
    """Whether a word stands in the save, or in its journal."""
    return any(word in path.read_bytes() for path in (place.parent / "world").glob("world.db*"))


def test_a_second_server_in_the_same_folder_is_refused(place: Path) -> None:
    """Another state folder's sandbox with the same --data ends in a problem that names the process in the way."""
    note = up(place)
    data = str(place.parent / "world")
    exit_code, found = sbctl(place.parent / "other", "sandbox", "up", "--data", data)
    assert exit_code == 1
    assert f"in use by another sandbox server, process {note['pid']}" in found["problems"][0]["detail"]


def test_a_running_server_that_keeps_nothing_is_not_taken_for_one_that_does(place: Path) -> None:
    """`up --data` beside a server without is refused, instead of letting the user believe that the world is kept."""
    assert sbctl(place, "sandbox", "up")[0] == 0
    exit_code, found = sbctl(place, "sandbox", "up", "--data", str(place.parent / "world"))
    assert exit_code == 1
    assert "keeps nothing: stop it first" in found["problems"][0]["detail"]


def test_a_damaged_save_is_a_problem_with_its_remedy(place: Path) -> None:
    """The command says which file is damaged and what to do about it, without a traceback."""
    up(place)
    sbctl(place, "sandbox", "down")
    save = place.parent / "world" / "world.db"
    save.write_bytes(save.read_bytes()[:10_000])
    exit_code, found = sbctl(place, "sandbox", "up", "--data", str(save.parent))
    assert exit_code == 1
    assert "world.db is damaged" in found["problems"][0]["detail"]
    assert "put back a copy of it, or move it away" in found["problems"][0]["detail"]
    assert "Traceback" not in (place / "sandbox" / "sandbox.log").read_text(encoding="utf-8")
