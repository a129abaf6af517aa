"""The composition root: where a project's files are, wherever sbctl is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.app import App, Settings


def app(config: Path = Path("config"), state: Path | None = None) -> App:
    return App(Settings(config=config, state=state), lambda _: None, "sbctl")


@pytest.mark.parametrize("config", [".", "../config", "../../shop/config", "../config/../config"])
def test_the_project_is_the_folder_around_the_config(
    config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the config folder is spelled, flows, functions and state are looked for beside it."""
    (tmp_path / "shop" / "config").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "shop" / "config")
    assert app(config=Path(config)).project_folder.resolve() == tmp_path / "shop"


def test_the_state_belongs_to_the_project_unless_told_otherwise(tmp_path: Path) -> None:
    """Run from elsewhere, sbctl finds the state that the project has and does not begin another."""
    assert app(config=tmp_path / "config").state == tmp_path / "state"
    assert app(config=tmp_path / "config", state=Path("elsewhere")).state == Path("elsewhere")


def test_paths_of_the_project_in_hand_stay_short() -> None:
    """Run in the project's own folder, places in messages are relative to it."""
    assert app().state == Path("state")
