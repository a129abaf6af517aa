"""The audio of prompts as the config names it: found in prompts/, hashed, and refused where it cannot be."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.core.problem import Problem, SbctlError
from sbctl.desired.load import Loaded, load_project

EAST, WEST = "us-east-1", "us-west-2"
AUDIO = b"RIFF\0\0\0\0WAVEfmt "
BASE = {
    "project": "acme",
    "account": "123456789012",
    "domain": "example.com",
    "strategy": "active-passive",
    "regions": [
        {"name": "East", "region": EAST, "isPrimary": True, "priority": 1},
        {"name": "West", "region": WEST, "priority": 2},
    ],
    **{section: [] for section in ("lambdas", "alarms", "dashboards", "tables")},
}


def loaded(folder: Path, *prompts: dict[str, Any]) -> Loaded:
    """A project with these prompts; hello.wav and de/hello.wav are in its folder."""
    for name in ("config", "prompts/de"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "config" / "regions.json").write_text(json.dumps({**BASE, "prompts": prompts}))
    (folder / "config" / "failover-rules.json").write_text("{}")
    (folder / "prompts" / "hello.wav").write_bytes(AUDIO)
    (folder / "prompts" / "de" / "hello.wav").write_bytes(AUDIO + b"de")
    (folder / "outside.wav").write_bytes(AUDIO)
    (folder / "prompts" / "text.wav").write_text("text")
    kinds = tuple(discover("sbctl.resources", "RESOURCE").values())
    return load_project(folder / "config", kinds, folder / "flows", folder / "lambdas")


def audio(found: Loaded) -> dict[str, str]:
    """The mark of each prompt's audio, by region."""
    prompts = [one for one in found.desired if one.address.kind == "connect_prompt"]
    return {one.address.region: str(one.values["audio"]) for one in prompts}


def problems(folder: Path, *prompts: dict[str, Any]) -> list[Problem]:
    with pytest.raises(SbctlError) as caught:
        loaded(folder, *prompts)
    return list(caught.value.problems)


def test_each_region_has_the_file_that_is_its_own(tmp_path: Path) -> None:
    """An override names another file, and that one's hash is the region's."""
    found = loaded(tmp_path, {"name": "hello", "overrides": {WEST: {"file": "de/hello.wav"}}})
    assert audio(found) == {
        EAST: hashlib.sha256(AUDIO).hexdigest(),
        WEST: hashlib.sha256(AUDIO + b"de").hexdigest(),
    }


def test_another_file_makes_another_digest(tmp_path: Path) -> None:
    """A plan that was made before it is seen to be stale."""
    first = loaded(tmp_path, {"name": "hello"}).digest
    assert loaded(tmp_path, {"name": "hello", "file": "de/hello.wav"}).digest != first


def test_objects_are_named_for_each_region(tmp_path: Path) -> None:
    """Placeholders in an address are filled, and no file is needed."""
    found = loaded(tmp_path, {"name": "music", "s3": "s3://acme-${region}/music.wav"})
    assert audio(found) == {region: f"s3://acme-{region}/music.wav" for region in (EAST, WEST)}


@pytest.mark.parametrize(
    ("prompt", "code"),
    [
        ({"name": "none"}, "prompt-missing"),
        ({"name": "hello", "file": "../outside.wav"}, "prompt-outside"),
        ({"name": "hello", "file": "text.wav"}, "prompt-not-audio"),
        ({"name": "hello", "file": "hello.wav", "s3": "s3://acme/x.wav"}, "bad-item"),
        ({"name": "hello", "bucket": "nowhere"}, "bad-item"),
        ({"name": "hello", "s3": "https://example.com/x.wav"}, "bad-value"),
        ({"name": "hello", "s3": "s3://acme/${word}.wav"}, "bad-item"),
    ],
)
def test_what_cannot_be_played_is_a_problem_with_its_line(tmp_path: Path, prompt: dict[str, Any], code: str) -> None:
    """Missing, outside the folder, no audio, twice said or nowhere: each is told once, before any call."""
    (problem,) = problems(tmp_path, prompt)
    assert (problem.code, "regions.json:" in problem.at) == (code, True)
