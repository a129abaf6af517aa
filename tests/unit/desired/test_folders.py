"""Folders of a project in whose place something else stands: one problem, which names the path and says what it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sbctl.core.problem import Exit, SbctlError
from sbctl.desired.load import load_project
from sbctl.main import cli
from sbctl.store.state.folder import require_folder
from tests.unit.desired.conftest import Folder

Place = Callable[[Path], None]


def file(path: Path) -> None:
    path.write_text("")


def fifo(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


PLACES: list[tuple[Place, str]] = [
    (file, "is a file"),
    (fifo, "is a FIFO"),
    (loop, "is a link that leads back to itself"),
    (dangling, "is a link to nowhere, which does not exist"),
]


@pytest.fixture
def project(folder: Callable[[], Folder]) -> Folder:
    made = folder()
    made.load()
    return made


def replaced(path: Path, place: Place) -> None:
    """Put something else in the place of a folder, which stays beside it."""
    if path.exists():
        path.rename(path.with_name(f"{path.name}-before"))
    place(path)


@pytest.mark.parametrize("name", ["config", "flows", "flows/modules", "lambdas", "prompts"])
@pytest.mark.parametrize(("place", "said"), PLACES)
def test_a_folder_of_the_project_is_something_else(project: Folder, name: str, place: Place, said: str) -> None:
    """Flows would be deleted, and each function told as missing: instead the folder is told, once."""
    path = project.root / name
    replaced(path, place)
    with pytest.raises(SbctlError) as caught:
        load_project(project.root / "config", (), project.root / "flows", project.root / "lambdas")
    told = [one for one in caught.value.problems if one.at == path.as_posix()]
    assert len(told) == 1
    assert f"{path.as_posix()} {said}" in told[0].detail
    assert told[0].exit == Exit.USAGE
    if name == "config":
        assert caught.value.problems == tuple(told)
        assert "sbctl init" in told[0].fix


@pytest.mark.parametrize(("place", "said"), PLACES)
def test_the_state_is_something_else(project: Folder, place: Place, said: str) -> None:
    """It never reads as empty: a deploy would create everything a second time."""
    path = project.root / "state"
    place(path)
    for below in (path, path / "deeper"):
        with pytest.raises(SbctlError) as caught:
            require_folder(below)
        (problem,) = caught.value.problems
        assert (problem.at, problem.exit) == (str(path), Exit.USAGE)
        assert f"{path} {said}" in problem.detail


def called(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


@pytest.mark.parametrize("command", ["config check", "state list", "history", "status"])
@pytest.mark.parametrize(("place", "said"), PLACES)
def test_every_command_refuses_such_a_state(tmp_path: Path, command: str, place: Place, said: str) -> None:
    """With exit 2, told once, by the default name and by --state."""
    state = tmp_path / "state"
    place(state)
    done = called("--config", str(tmp_path / "config"), "--state", str(state), *command.split())
    assert done.exit_code == Exit.USAGE
    assert said in " ".join(done.output.split())
    again = called("--config", str(tmp_path / "config"), *command.split())
    assert again.exit_code == Exit.USAGE
    assert f"state {said}" in " ".join(again.output.split()) or "Config is missing" in again.output


def test_a_state_that_is_not_there_yet_is_sound(tmp_path: Path) -> None:
    """As is one behind a link to a folder."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert require_folder(tmp_path / "none/yet") == tmp_path / "none/yet"
    assert require_folder(tmp_path / "link") == tmp_path / "link"
    assert require_folder(tmp_path / "link/new") == tmp_path / "link/new"


@pytest.mark.parametrize("made", [True, False])
def test_an_empty_folder_is_told_once(tmp_path: Path, made: bool) -> None:
    """And how a project is made."""
    if made:
        (tmp_path / "config").mkdir()
    with pytest.raises(SbctlError) as caught:
        load_project(tmp_path / "config", (), tmp_path / "flows", tmp_path / "lambdas")
    (problem,) = caught.value.problems
    assert problem.code == "config-missing"
    assert "sbctl init" in problem.fix
    assert "--config" in problem.fix
