"""Bad input that was found once stays found, and the watch over a trial is awake. `make fuzz` and `make test-long` draw more."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.damage import LINES, STATE, Damage
from tests.fuzz.project import RUN, Bench, bench
from tests.fuzz.targets import Command, Target
from tests.fuzz.trial import Trial, tried
from tests.fuzz.writes import Writes

HALF_A_LETTER = '"\\ud800"'


@pytest.fixture(scope="module")
def on() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="sbctl-fuzz-") as folder, bench(Path(folder)) as made:
        yield made


@pytest.fixture(scope="module")
def writes() -> Writes:
    return Writes()


CHECK: Command = ("config", "check")
FOUND: tuple[tuple[str, Command, Damage], ...] = (
    ("config/regions.json", CHECK, Damage("value", 7 * 3, HALF_A_LETTER)),
    ("config/regions.json", CHECK, Damage("value", 7 * 3, "[" * 990 + "]" * 990)),
    ("config/regions.json", CHECK, Damage("insert", 9, "\x9b")),
    ("config/failover-rules.json", CHECK, Damage("value", 7 * 2, "1e999")),
    ("flows/AfterHours.json", CHECK, Damage("loop")),
    ("flows/AfterHours.json", CHECK, Damage("insert", 0, "[" * 50_000)),
    ("lambdas/health", CHECK, Damage("loop")),
    ("lambdas/health/handler.py", CHECK, Damage("unreadable")),
)


@pytest.mark.parametrize(("file", "command", "damage"), FOUND)
def test_what_the_fuzz_found_stays_found(
    on: Bench, writes: Writes, file: str, command: Command, damage: Damage
) -> None:
    """An input that once ended in a traceback, or steered the terminal, is told as a problem."""
    outcome = tried(on, Trial(Target(file, (command,)), (damage,), command, "json"), writes)
    assert not outcome.faults
    assert outcome.exit == 2


def test_a_trial_that_writes_elsewhere_is_seen(on: Bench, writes: Writes) -> None:
    """The watch over writes is awake: one outside the project is named."""
    with writes.watched(on.place) as elsewhere:
        (on.outside / "taken").write_text("", encoding="utf-8")
    assert any(one.endswith("outside/taken") for one in elsewhere)


@pytest.mark.parametrize(
    ("form", "file"), [(STATE, "state/sbctl.json"), (LINES, f"state/runs/{RUN}.run")], ids=["state", "run"]
)
def test_damage_gets_past_checksums(on: Bench, writes: Writes, form: object, file: str) -> None:
    """A value that is changed in a sealed file is sealed anew, so that what is behind the checksum is tried too."""
    assert form in (STATE, LINES)
    target = Target(file, (), LINES if form is LINES else STATE)
    command: Command = ("history",) if form is LINES else ("state", "list")
    outcome = tried(on, Trial(target, (Damage("rename", 7 * 2, '"strange"'),), command, "json"), writes)
    assert not outcome.faults
