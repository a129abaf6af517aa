"""What a share of the long stages is, how figures get from a stage to the table, and that a failure can be seen again."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.long.figures import Figures, read_figures, read_junit, write_figures
from tests.long.run import Ended, run, shown
from tests.long.sample import sample
from tests.long.stages import STAGES, Stage, Task
from tests.long.table import as_line, table

NAMES = [f"tests/test_{file}.py::test_{number}" for file in "ab" for number in range(5)]


def stage(figures: str, code: int) -> tuple[Stage, Task]:
    """A stage that leaves these figures, and ends so."""
    script = "import sys\nprint('it broke')\n" + (f"open(sys.argv[-1], 'w').write('{figures}')\n" if figures else "")
    task = Task((sys.executable, "-c", f"{script}sys.exit({code})"), 0.5)
    return Stage("fake", "nothing", lambda *_: task), task


@pytest.mark.parametrize("stage", STAGES, ids=[one.name for one in STAGES])
def test_a_share_is_what_it_says(stage: Stage) -> None:
    """The whole is whole, a share is that or the least that makes sense, and each command has the seed in it."""
    assert stage.task(1.0, 7).share == 1.0
    assert stage.task(0.5, 7).share == pytest.approx(0.5)
    assert 0 < stage.task(0.000001, 7).share <= 0.1
    assert "7" in stage.task(0.5, 7).command


def test_a_sample_is_some_of_each_file_by_seed() -> None:
    """Rounded up, so at least one a file; the same in any order; another seed gives others."""
    kept = sample(NAMES, 0.3, 1)
    assert [sum(name.startswith(f"tests/test_{file}.py") for name in kept) for file in "ab"] == [2, 2]
    assert kept == sample(reversed(NAMES), 0.3, 1)
    assert len({frozenset(sample(NAMES, 0.3, seed)) for seed in range(20)}) > 1
    assert sample(NAMES, 1.0, 1) == {*NAMES}


def test_figures_come_back_as_written(tmp_path: Path) -> None:
    """By the stages' own file and by pytest's report; a file that is none is a ValueError."""
    write_figures(tmp_path / "own", 7, 2)
    assert read_figures(tmp_path / "own") == Figures(7, 2)
    suite = '<testsuites><testsuite tests="9" skipped="2" failures="1" errors="1"/></testsuites>'
    (tmp_path / "junit").write_text(suite)
    assert read_junit(tmp_path / "junit") == Figures(7, 2)
    for read in (read_figures, read_junit):
        (tmp_path / "damaged").write_text("<")
        with pytest.raises(ValueError):
            read(tmp_path / "damaged")


def test_a_stage_that_holds_is_counted(tmp_path: Path) -> None:
    """Its figures, and no word of a failure."""
    said: list[str] = []
    ended = run(*stage('{"tried": 3, "wrong": 0}', 0), tmp_path, said.append)
    assert (ended.tried, ended.wrong, ended.share) == (3, 0, 0.5)
    assert len(said) == 1


@pytest.mark.parametrize(
    ("figures", "code", "wrong"),
    [('{"tried": 3, "wrong": 2}', 1, 2), ('{"tried": 3, "wrong": 0}', 1, 1), ("", 0, 1), ("", 1, 1), ("[", 0, 1)],
    ids=["two are wrong", "ends badly", "no figures", "neither", "damaged figures"],
)
def test_a_stage_that_fails_tells_how_to_see_it_again(tmp_path: Path, figures: str, code: int, wrong: int) -> None:
    """What it said and its whole command; a stage that ends without figures is wrong too."""
    said: list[str] = []
    failing, task = stage(figures, code)
    ended = run(failing, task, tmp_path, said.append)
    assert ended.wrong == wrong
    assert "    it broke" in said
    assert said[-1] == f"fake is repeated by: {shown(task.command)}"
    assert [*table([ended])][-3:-1] == ["fake: it broke", f"fake: {said[-1]}"]


def test_the_table_counts_stages() -> None:
    """A line a stage, and last how many passed; the line of JSON has the same figures."""
    ended = [Ended("fuzz", 0.1, 1000, 0, 61.0), Ended("sweep-adopt", 0.05, 95, 2, 30.04)]
    lines = [*table(ended)]
    assert lines[1].split() == ["fuzz", "0.1", "1000", "0", "61.0"]
    assert lines[-1] == "long: 1 passed, 1 failed"
    told = json.loads(as_line(datetime(2026, 1, 1, tzinfo=UTC), 0.1, 7, ended))
    assert (told["seed"], told["share"], told["stages"][1]["wrong"]) == (7, 0.1, 2)
