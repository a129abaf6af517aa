"""The ledger of canaries: on disk before they are written, and only those of dead runs are anybody's to remove."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sbctl.core.moving.canary import OBJECT_PREFIX, Canary, CanaryPlace, key_value
from sbctl.store.canaries import CanaryLedger

PLACES = tuple(CanaryPlace(region=region, resource="customers") for region in ("us-east-1", "us-west-2"))
TOKEN = "3f0e5b0a6c0d4c559c7e3d3a4f5b6c7d"


def canary(kind: str = "S") -> Canary:
    return Canary(id=TOKEN, kind="item", name="customers", key={"Id": key_value(kind, TOKEN)}, places=PLACES)


def test_a_note_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Text, numbers and bytes come back the same."""
    for kind in "SNB":
        ledger = CanaryLedger(tmp_path / kind)
        ledger.begin(canary(kind))
        assert CanaryLedger(tmp_path / kind).all() == [canary(kind)]


def test_those_of_a_living_run_are_not_abandoned(tmp_path: Path) -> None:
    """A run's own are its own until it leaves them."""
    ledger = CanaryLedger(tmp_path)
    ledger.begin(canary())
    assert ledger.abandoned() == []
    ledger.left(canary(), PLACES[1:])
    assert [found.places for found in ledger.abandoned()] == [PLACES[1:]]
    ledger.left(canary(), ())
    assert ledger.all() == []


def test_those_of_a_killed_run_are_abandoned(tmp_path: Path) -> None:
    """A process that ended without a word leaves its canaries to whoever comes next."""
    code = (
        "import os, sys; from pathlib import Path; from tests.unit.store.test_canaries import canary\n"
        "from sbctl.store.canaries import CanaryLedger\n"
        "CanaryLedger(Path(sys.argv[1])).begin(canary()); os._exit(9)\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=root, check=False)
    assert done.returncode == 9
    assert CanaryLedger(tmp_path).abandoned() == [canary()]


def test_what_is_no_note_is_passed_over(tmp_path: Path) -> None:
    """A file that somebody else put there stops nothing."""
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    (tmp_path / "y.json").write_text("torn", encoding="utf-8")
    assert CanaryLedger(tmp_path).all() == []


def test_a_note_whose_key_is_no_canarys_is_passed_over(tmp_path: Path) -> None:
    """A damaged note must not lead to the deletion of somebody's data, nor stop the check that would clean up."""
    key = {**canary().key, "Other": {"S": "a customer"}}
    CanaryLedger(tmp_path).begin(canary().model_copy(update={"key": key}))
    assert CanaryLedger(tmp_path).all() == []
    made = canary().model_copy(update={"kind": "object", "key": {"Key": f"{OBJECT_PREFIX}x"}})
    CanaryLedger(tmp_path).begin(made)
    assert CanaryLedger(tmp_path).all() == [made]
    CanaryLedger(tmp_path).begin(made.model_copy(update={"key": {"Key": "recordings/call.wav"}}))
    assert CanaryLedger(tmp_path).all() == []
