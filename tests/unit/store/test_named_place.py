"""Where regions.json says that the state is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sbctl.core.place import shared_place
from sbctl.core.problem import Exit, SbctlError
from sbctl.store.named_place import named_place, near


def config(folder: Path, text: str) -> Path:
    (folder / "config").mkdir()
    (folder / "config" / "regions.json").write_text(text, encoding="utf-8")
    return folder / "config"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"state": ""}', '{"state": 5}'])
def test_files_that_name_no_place_leave_it_to_others(tmp_path: Path, text: str) -> None:
    """Damaged files too: they are reported by who needs the config."""
    assert named_place(config(tmp_path, text), tmp_path) is None


def test_without_a_config_nothing_is_named(tmp_path: Path) -> None:
    """A failover from the kit alone has none."""
    assert named_place(tmp_path / "config", tmp_path) is None


def test_a_folder_counts_from_the_project(tmp_path: Path) -> None:
    """And is named so, wherever a command is typed."""
    assert named_place(config(tmp_path, '{"state": "kept/here"}'), tmp_path) == tmp_path / "kept" / "here"
    assert near(tmp_path / "kept", tmp_path) == Path("kept")
    assert near(tmp_path.parent, tmp_path) == tmp_path.parent.resolve()


def test_a_bucket_is_a_shared_place(tmp_path: Path) -> None:
    """With its copies."""
    named = "s3://acme@us-east-1/prod,s3://acme-copy@us-west-2/prod"
    assert named_place(config(tmp_path, json.dumps({"state": named})), tmp_path) == shared_place(named)


def test_what_is_no_place_is_refused_with_its_file(tmp_path: Path) -> None:
    """A wrong name must not lead to a second state."""
    with pytest.raises(SbctlError) as raised:
        named_place(config(tmp_path, '{"state": "s3://A B/prod"}'), tmp_path)
    [problem] = raised.value.problems
    assert (problem.exit, problem.at) == (Exit.USAGE, str(tmp_path / "config" / "regions.json"))
