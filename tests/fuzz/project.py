"""A project with everything in it that sbctl reads back: made once by real runs, then copied for each trial.

The files are real: a deploy, a forced failover, a plan for a changed config. What is only there after a kill (a journal
that is not folded in, notes of canaries) is written by the product's own writers.
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sbctl.core.moving.canary import Canary, CanaryPlace, key_value
from sbctl.store.canaries import CanaryLedger
from sbctl.store.state.envelope import open_envelope
from sbctl.store.state.journal import JournalEntry
from tests.sandbox.deployed import EAST, WEST, Scene, deployed
from tests.waits import eventually

PLAN, PRICES, USAGE = "today.plan", "prices.json", "usage.json"
RUN = "failover-20260301T030000-1a2b"
RECORDS_IN_JOURNAL = 3
CACHE = "XDG_CACHE_HOME"


@dataclass(frozen=True)
class Bench:
    """`original` is never touched; each trial has a copy of it at `place`, beside `outside`, which nothing may touch."""

    scene: Scene
    original: Path
    place: Path
    outside: Path

    def fresh(self) -> None:
        """Have a whole project at `place`, whatever was there. A command's last thread may still be writing a line."""
        eventually(self._is_renewed, "a project that nobody writes in")

    def _is_renewed(self) -> bool:
        try:
            self._renew()
        except OSError:
            return False
        return True

    def _renew(self) -> None:
        """Only what differs is written, since most of it does not."""
        for path in sorted(self.place.rglob("*"), reverse=True):
            twin = self.original / path.relative_to(self.place)
            if path.is_symlink() or path.is_dir() != twin.is_dir() or not twin.exists():
                _remove(path)
        for twin in sorted(self.original.rglob("*")):
            path = self.place / twin.relative_to(self.original)
            if twin.is_dir():
                path.mkdir(parents=True, exist_ok=True)
            elif not path.exists() or not filecmp.cmp(twin, path):
                shutil.copy2(twin, path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """A deployed project and what lies around it."""
    original, outside = folder / "original", folder / "outside"
    with deployed(original) as scene:
        _live(scene)
        outside.mkdir()
        (outside / "secret.json").write_text('{"secret": "not to be read"}', encoding="utf-8")
        with _cache_at(folder / "project" / "state" / "cache"):
            yield Bench(scene, original, folder / "project", outside)


@contextmanager
def _cache_at(folder: Path) -> Iterator[None]:
    """The user's cache lies where writes are allowed: each trial has its own, and that of whoever runs this stays as it is."""
    before = os.environ.get(CACHE)
    os.environ[CACHE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[CACHE]
        else:
            os.environ[CACHE] = before


def _live(scene: Scene) -> None:
    """Let the project have a past, and a config that has moved on."""
    for arguments in (
        ("verify-replication", "--table", "customers-global"),
        ("failover", "--to", WEST, "--mode", "forced", "--reason", "fuzz"),
    ):
        scene.run(*arguments)
    run = next((scene.state / "runs").glob("failover-*.run"))
    run.rename(run.with_name(f"{RUN}.run"))
    _change_config(scene.folder / "config" / "regions.json")
    code, envelope = scene.run("plan", "--out", str(scene.folder / PLAN))
    assert code == 0, envelope["problems"]
    _leave_canary(scene.state)
    _leave_journal(scene.state)
    (scene.folder / PRICES).write_text(json.dumps(scene.run("cost", "--print-prices")[1]["data"]), encoding="utf-8")
    usage = scene.run("cost")[1]["data"]["usage"]
    (scene.folder / USAGE).write_text(json.dumps(usage), encoding="utf-8")
    scene.forget_calls()


def _change_config(path: Path) -> None:
    config = json.loads(path.read_text(encoding="utf-8"))
    config["queues"][0]["description"] = "Sales calls, anew"
    config["queues"].append({"name": "Billing", "description": "Bills", "hours": "24x7", "maxContacts": 7})
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")


def _leave_canary(state: Path) -> None:
    token = "0" * 31 + "7"
    key = {"PK": key_value("S", token), "SK": key_value("S", token)}
    places = (
        CanaryPlace(region=EAST, resource="customers-global"),
        CanaryPlace(region=WEST, resource="customers-global"),
    )
    canary = Canary(id=token, kind="item", name="customers-global", key=key, places=places)
    CanaryLedger(state / "canaries").left(canary, places)


def _leave_journal(state: Path) -> None:
    """Lines as a killed run leaves them: they rest on the present state and are not folded into it."""
    now = open_envelope((state / "sbctl.json").read_bytes(), "")
    entries = [
        JournalEntry(lineage=now.lineage, serial=now.serial, put=one)
        for one in [*now.records.values()][:RECORDS_IN_JOURNAL]
    ]
    entries.append(
        JournalEntry(lineage=now.lineage, serial=now.serial, drop="connect_queue.eu-west-2.old", generation=2)
    )
    handle = os.open(state / "journal.jsonl", os.O_CREAT | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(entry.as_line() for entry in entries)
