"""A sandbox in a process of its own: started once, found by its note, stopped, and never taken for another process."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from sbctl.core.problem import SbctlError
from sbctl.local_sandbox import start
from sbctl.sandbox import lifecycle
from tests.sandbox.conftest import Sandbox


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for one server, which is stopped at the end whatever happened."""
    place = tmp_path / "state" / "sandbox"
    yield place
    lifecycle.down(place)


def test_up_find_reset_down(folder: Path) -> None:
    """A server is started with its options, found again, obeys its control API, and is gone after down."""
    note = lifecycle.up(folder, speed=10.0, limits=False, zone="")
    assert (note["account"], note["speed"], note["limits"]) == ("123456789012", 10.0, False)
    assert note["endpoint"] == f"http://127.0.0.1:{note['port']}"
    assert {"pid", "started", "version"} <= note.keys()
    found = lifecycle.running(folder)
    assert found is not None
    assert found["instance"] == note["instance"]
    assert lifecycle.request(note, "POST", "reset")["instance"] == note["instance"]
    assert lifecycle.down(folder) is True
    assert lifecycle.running(folder) is None
    assert not (folder / lifecycle.NOTE).exists()
    assert lifecycle.down(folder) is False


def test_a_server_has_a_hosted_zone_from_the_start_and_after_a_reset(folder: Path) -> None:
    """A fresh server and a reset one hold the zone that was asked for, once, in the account that was asked for."""
    note = lifecycle.up(folder, account="111122223333", zone="example.com")
    assert note["account"] == "111122223333"
    for _ in range(2):
        assert _zones(note["endpoint"]) == ["example.com."]
        lifecycle.request(note, "POST", "reset")


def _zones(endpoint: str) -> list[str]:
    client = boto3.client(
        "route53",
        region_name="us-west-2",
        endpoint_url=endpoint,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
        config=Config(proxies={}),
    )
    return [zone["Name"] for zone in client.list_hosted_zones()["HostedZones"]]


def test_two_at_once_get_the_same_server(folder: Path) -> None:
    """Two callers that both find none running start one between them."""
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: lifecycle.up(folder, zone=""), range(2))
    assert (first["pid"], first["instance"]) == (second["pid"], second["instance"])


def test_a_note_of_a_process_that_is_someone_else_is_not_believed(folder: Path, sandbox: Sandbox) -> None:
    """A stale note whose process id and port now belong to others is no server, and nobody is signalled for it."""
    folder.mkdir(parents=True)
    stale = {"pid": os.getpid(), "port": sandbox.running.port, "endpoint": sandbox.endpoint, "instance": "of-yesterday"}
    (folder / lifecycle.NOTE).write_text(json.dumps(stale), encoding="utf-8")
    assert lifecycle.running(folder) is None
    assert lifecycle.down(folder) is False  # and this very process, whose id the note holds, is still here
    assert not (folder / lifecycle.NOTE).exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"port": "x"}', '{"port": 1, "endpoint": "e", "instance": "i"}'])
def test_a_broken_note_is_no_server(folder: Path, text: str) -> None:
    """A note that was cut, emptied, or points at a closed port counts as none."""
    folder.mkdir(parents=True)
    (folder / lifecycle.NOTE).write_text(text, encoding="utf-8")
    assert lifecycle.running(folder) is None


def test_nothing_but_a_file_is_taken_for_a_note(folder: Path) -> None:
    """A FIFO in its place is no server, and is not waited for."""
    folder.mkdir(parents=True)
    os.mkfifo(folder / lifecycle.NOTE)
    assert lifecycle.running(folder) is None
    assert lifecycle.left_behind(folder) is None


@pytest.mark.parametrize("in_the_way", ["a FIFO as log", "a file as folder"])
def test_a_folder_that_cannot_be_used_is_a_problem(folder: Path, in_the_way: str) -> None:
    """The place is named; nothing is waited for."""
    if in_the_way == "a FIFO as log":
        folder.mkdir(parents=True)
        os.mkfifo(folder / lifecycle.LOG)
    else:
        folder.parent.mkdir(parents=True)
        folder.write_text("", encoding="utf-8")
    with pytest.raises(SbctlError) as caught:
        start(folder)
    assert [(one.code, one.at) for one in caught.value.problems] == [("sandbox-failed", str(folder))]
    folder.unlink() if folder.is_file() else (folder / lifecycle.LOG).unlink()


@pytest.mark.parametrize(
    ("data", "found"), [("", None), ("world", "world"), ("gone", None), (7, None)], ids=["none", "kept", "gone", "odd"]
)
def test_the_world_of_a_killed_server_is_found(folder: Path, data: object, found: str | None) -> None:
    """By the note that it could not take along; not where the folder is gone."""
    (folder / "world").mkdir(parents=True)
    told = str(folder / data) if isinstance(data, str) and data else data
    note = {"pid": 1, "port": 1, "endpoint": "e", "instance": "i", **({"data": told} if data else {})}
    (folder / lifecycle.NOTE).write_text(json.dumps(note), encoding="utf-8")
    assert lifecycle.left_behind(folder) == (folder / found if found else None)


def test_a_server_that_cannot_start_says_why(folder: Path, sandbox: Sandbox) -> None:
    """A port that is taken ends in an error with the server's own last words and where its log is."""
    with pytest.raises(lifecycle.SandboxError, match=r"did not start: .*in use.*sandbox\.log"):
        lifecycle.up(folder, port=sandbox.running.port, zone="")


def test_a_refused_control_request_is_an_error(sandbox: Sandbox) -> None:
    """What the control API refuses is raised with its reason."""
    note = {"port": sandbox.running.port, "endpoint": sandbox.endpoint, "token": sandbox.world.token}
    with pytest.raises(lifecycle.SandboxError, match="N from 0 to 2678400"):
        lifecycle.request(note, "POST", "advance", {"seconds": -5})
