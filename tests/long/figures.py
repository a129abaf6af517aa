"""How much a stage tried and how much of it was wrong: written by the stage's process, read by the one that started it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as Xml
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figures:
    """Counts of sweeps' broken runs, of damaged files, of lives, of answers, or of tests."""

    tried: int
    wrong: int


def write_figures(path: Path | None, tried: int, wrong: int) -> None:
    """For a stage that was asked for its figures; the others print theirs only."""
    if path is not None:
        path.write_text(json.dumps({"tried": tried, "wrong": wrong}), encoding="utf-8")


def read_figures(path: Path) -> Figures:
    """Raises OSError and ValueError when there are none."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return Figures(found["tried"], found["wrong"])


def read_junit(path: Path) -> Figures:
    """Of pytest's own report. Raises OSError and ValueError when there is none."""
    try:
        suites = [*Xml.parse(path).getroot().iter("testsuite")]
    except Xml.ParseError as error:
        raise ValueError(str(error)) from error
    counted = {
        name: sum(int(suite.get(name, "0")) for suite in suites) for name in ("tests", "skipped", "failures", "errors")
    }
    return Figures(counted["tests"] - counted["skipped"], counted["failures"] + counted["errors"])
