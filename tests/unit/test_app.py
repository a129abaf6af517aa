"""The composition root: where a project's files are, wherever sbctl is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.app import App, Settings
from sbctl.core.reading import Reading
from sbctl.core.state import Record, State
from tests.worlds import empty_world, make_known, still


def app(config: Path = Path("config"), state: Path | None = None, *, sandbox: bool = False) -> App:
    return App(Settings(config=config, state=state, sandbox=sandbox), lambda _: None, "sbctl")


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


def test_the_sandbox_that_is_called_by_its_endpoint_gives_its_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after `eval "$(sbctl sandbox env)"`: figures are measured on the clock of the world they are of."""
    called = app(config=tmp_path / "config", state=tmp_path)
    with empty_world(still()) as running:
        make_known(running, tmp_path)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"{running.endpoint}/")
        running.world.scheduler.advance(7200)
        assert called.sandbox_speed() == 0.0
        assert called.world.now() == running.world.clock.now()


@pytest.mark.parametrize("called", ["--sandbox", "AWS_ENDPOINT_URL", "nothing"])
def test_ages_are_counted_to_the_time_of_the_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, called: str
) -> None:
    """Of the sandbox that is called, and of a kit that was made there. No sandbox is started to be asked."""
    one = app(state=tmp_path, sandbox=called == "--sandbox")
    before = one.clock.now()
    assert one.now("sandbox") >= before
    assert not (tmp_path / "sandbox").exists()
    with empty_world(still()) as running:
        make_known(running, tmp_path)
        if called == "AWS_ENDPOINT_URL":
            monkeypatch.setenv("AWS_ENDPOINT_URL", running.endpoint)
            one = app(state=tmp_path)
        running.world.scheduler.advance(7200)
        there = running.world.clock.now()
        assert one.now("sandbox") == there
        assert (one.now() == there) is (called != "nothing")
    assert "_sandbox" not in one.__dict__


def test_another_endpoint_than_the_noted_sandboxs_has_real_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note of a sandbox beside the state says nothing about a stand-in at another address."""
    called = app(config=tmp_path / "config", state=tmp_path)
    with empty_world(still()) as running:
        make_known(running, tmp_path)
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        assert called.world is called.clock


@pytest.mark.parametrize(("made_in", "kept"), [("sandbox", False), ("aws", True)])
def test_readings_of_a_world_that_is_gone_are_forgotten(tmp_path: Path, made_in: str, *, kept: bool) -> None:
    """A new, empty sandbox knows nothing of them; those of AWS are none of its business."""
    begun = app(config=tmp_path / "config", state=tmp_path)
    record = Record(address="connect_queue.us-east-1.sales", ids={"id": "1"})
    with begun.store.lock():
        begun.store.write(State(project="acme", endpoint=made_in, records={record.address: record}))
    begun.readings.keep("doctor", [Reading(check="health", verdict="ok", at=begun.clock.now())])
    begun.remark({"begun": "empty", "endpoint": "http://127.0.0.1:1"})
    assert bool(app(config=tmp_path / "config", state=tmp_path).readings.load()) is kept
