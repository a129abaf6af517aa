"""Nothing is read or written outside the folders that it belongs to, whatever names files, AWS or a bucket hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sbctl.core.address import Address
from sbctl.core.clock import FakeClock
from sbctl.core.place import shared_place
from sbctl.core.problem import SbctlError
from sbctl.core.state import Record
from sbctl.core.text.slug import slug
from sbctl.desired.config.sections import LambdaItem
from sbctl.desired.files.packages import LeadsOutside, pack
from sbctl.desired.files.recordings import OutsideFolder, recording
from sbctl.resources.connect_prompt import RESOURCE as PROMPT
from sbctl.resources.connect_prompt import PromptSpec
from sbctl.store.canaries import CanaryLedger
from sbctl.store.files.new_files import write_new
from sbctl.store.objects import MemoryObjects
from sbctl.store.runs.store import RunStore
from sbctl.store.state.move import move
from sbctl.store.state.shared import Shared
from sbctl.store.state.store import StateStore
from sbctl.store.stores import file_store
from tests.unit.desired.conftest import FLOW
from tests.unit.flows.loading import load_flows, load_modules

EVIL = (
    "../../outside",
    "/etc/passwd",
    "..",
    ".",
    "a/../../b",
    "a\\..\\b",
    "nul\x00byte",
    "line\nend",
    "~root",
    "-rf",
    "é" * 300,
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the project, with something in it that nobody may touch."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "flow.json").write_text(json.dumps({"name": "f", "type": "CONTACT_FLOW", "content": json.loads(FLOW)}))
    (folder / "handler.py").write_text("key = 1\n")
    (folder / "hold.wav").write_bytes(b"RIFF\0\0\0\0WAVE")
    return folder


@pytest.mark.parametrize("name", EVIL)
def test_a_name_as_part_of_a_file_name_stays_where_it_is(name: str, tmp_path: Path) -> None:
    """Flows and prompts that are taken over get files in their own folders, by whatever name AWS knows them."""
    files = [f"flows/{slug(name)}.json", f"flows/modules/{slug(name)}.json"]
    spec = PromptSpec.model_construct(name=name, description=None, audio="x")
    files += [f"prompts/{PROMPT.to_config(spec, 'us-east-1', lambda _, found: found)['file']}"]
    for file in files:
        assert "\x00" not in file
        assert (tmp_path / file).resolve().parent in {
            tmp_path / place for place in ("flows", "flows/modules", "prompts")
        }
        assert "/" not in str(Address.of("connect_flow", "us-east-1", name))


def test_a_link_in_a_new_project_leads_nothing_out_of_it(tmp_path: Path, outside: Path) -> None:
    """A folder of the project that is a link to elsewhere is refused before anything is written."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "flows").symlink_to(outside)
    files = {tmp_path / "project" / "config" / "a.json": b"{}", tmp_path / "project" / "flows" / "x.json": b"{}"}
    with pytest.raises(SbctlError) as caught:
        write_new(files, tmp_path / "project")
    assert caught.value.problems[0].code == "leads-outside"
    assert not (outside / "x.json").exists()
    assert not (tmp_path / "project" / "config").exists()


@pytest.mark.parametrize("name", ["../outside/hold.wav", "/outside/hold.wav", "link.wav", "folder/hold.wav"])
def test_audio_from_elsewhere_is_not_uploaded(name: str, tmp_path: Path, outside: Path) -> None:
    """By dots, by a path from the root, by a link, or by a link to a folder."""
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    (prompts / "link.wav").symlink_to(outside / "hold.wav")
    (prompts / "folder").symlink_to(outside)
    with pytest.raises(OutsideFolder):
        recording(prompts, name.replace("/outside", str(outside)) if name.startswith("/") else name)


@pytest.mark.parametrize("place", ["flows/link.json", "flows/modules/link.json", "flows/modules"])
def test_flows_from_elsewhere_are_not_deployed(place: str, tmp_path: Path, outside: Path) -> None:
    """A link to a file, and the folder of modules as a link: both lead out of flows/ and are refused."""
    link = tmp_path / place
    link.parent.mkdir(parents=True)
    link.symlink_to(outside if place.endswith("modules") else outside / "flow.json")
    with pytest.raises(SbctlError) as caught:
        (load_modules if "modules" in place else load_flows)(tmp_path / "flows")
    assert "leads out" in caught.value.problems[0].detail


def test_functions_from_elsewhere_are_not_deployed(tmp_path: Path, outside: Path) -> None:
    """Not by a link, and a name with dots or slashes is no name."""
    (tmp_path / "lambdas").mkdir()
    (tmp_path / "lambdas" / "lookup").symlink_to(outside)
    with pytest.raises(LeadsOutside):
        pack(tmp_path / "lambdas" / "lookup")
    for name in ("../outside", "/outside", "a/b", ".."):
        with pytest.raises(ValidationError):
            LambdaItem(name=name)


BAD_KEYS = (
    "../../outside/taken",
    "/outside/taken",
    "..",
    "a/b.json",
    "\x00",
    ".hidden",
    "00000001.json/../../x",
    "x" * 300,
)


@pytest.mark.parametrize("key", BAD_KEYS)
def test_keys_of_a_bucket_name_no_files_elsewhere(key: str, tmp_path: Path) -> None:
    """Who may write into the state's bucket may not thereby write files on the machine that moves the state home."""
    clock = FakeClock()
    objects = MemoryObjects(clock)
    shared = StateStore(Shared(objects, (), clock, "x"), clock, "x")
    with shared.lock():
        shared.put(Record(address="connect_queue.us-east-1.one"))
        shared.compact()
    objects.write(f"generations/{key}", b"evil")
    move(shared, file_store(tmp_path / "project" / "state", clock, "x"), "state")
    files = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert not [path for path in files if path.read_bytes() == b"evil"]
    assert {path.parent for path in files} == {tmp_path / "project/state", tmp_path / "project/state/generations"}


@pytest.mark.parametrize("prefix", ["a/../b", "..", "a\x07b"])
def test_a_prefix_is_a_prefix(prefix: str) -> None:
    """S3 knows no folders, but tools that copy a bucket to a disk do."""
    with pytest.raises(ValueError, match="cannot be used"):
        shared_place(f"s3://acme-state@us-east-1/{prefix}")


def test_a_note_of_a_canary_is_believed_in_its_own_file_alone(tmp_path: Path) -> None:
    """The id in a note names the file that is removed later; another file's note is passed over."""
    ledger = CanaryLedger(tmp_path)
    place = {"region": "us-west-2", "resource": "customers"}
    canary: dict[str, Any] = {"id": "../x", "kind": "item", "name": "c", "key": {"K": {"S": "c"}}, "places": [place]}
    (tmp_path / "a.json").write_text(json.dumps({"canary": canary, "process": None}))
    assert ledger.all() == []


def test_a_run_is_named_by_the_files_that_there_are(tmp_path: Path) -> None:
    """`history show ../../x` looks among the runs, and opens nothing else."""
    (tmp_path / "failover-1.run").write_text("elsewhere")
    with pytest.raises(SbctlError) as caught:
        RunStore(tmp_path / "runs", FakeClock(), FakeClock(), "x").load("../failover-1")
    assert caught.value.problems[0].code == "no-such-run"
