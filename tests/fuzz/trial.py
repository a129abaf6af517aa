"""One trial: damage a copy of the project, run a command on it as a user would, and say what is wrong with the outcome.

Wrong is: a traceback, an exit code outside the contract, a problem without a place or a remedy, a write outside the
project, a changed source, a file left half written, or a character in the output that steers a terminal.
"""

from __future__ import annotations

import json
import os
import re
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from sbctl.core.problem import EXITS, SbctlError
from sbctl.main import cli
from sbctl.store.state.envelope import DamageError, open_envelope
from tests.fuzz.damage import BYTE_KINDS, JSON_KINDS, Damage, damaged
from tests.fuzz.project import PLAN, PRICES, USAGE, Bench
from tests.fuzz.targets import KIT, Command, Target
from tests.fuzz.writes import Writes

FILES = (PLAN, PRICES, USAGE, KIT)
WORLDLY = ("plan", "apply", "failover", "verify-replication", "rebuild", "status", "history", "restore")
SOURCES = ("config", "flows", "lambdas", PLAN, PRICES, USAGE)
_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Trial:
    """What is damaged and how, and the command that then reads it. `output` is human or json."""

    target: Target
    damages: tuple[Damage, ...]
    command: Command
    output: str

    def __str__(self) -> str:
        done = ", ".join(f"{one.kind}@{one.at} {one.text[:60]!r}" for one in self.damages)
        return f"{self.target.file}: {done}: sbctl --output {self.output} {' '.join(self.command)}"


@dataclass(frozen=True)
class Outcome:
    """How it ended. `faults` is empty when all promises were kept."""

    exit: int
    faults: tuple[str, ...]


def tried(bench: Bench, trial: Trial, writes: Writes) -> Outcome:
    """Do the trial on a fresh copy."""
    bench.fresh()
    _inflict(bench, trial)
    before = _content(bench.place)
    with writes.watched(bench.place) as elsewhere:
        result = CliRunner().invoke(cli, _arguments(bench.place, trial))
    faults = [*_crashes(result), *_contract(result, trial.output), *_steering(result)]
    faults += [f"wrote outside the project: {one}" for one in elsewhere]
    faults += _left_behind(bench, before)
    return Outcome(result.exit_code, tuple(faults))


def _arguments(place: Path, trial: Trial) -> list[str]:
    own = [str(place / one) if one in FILES else one for one in trial.command]
    shared = ["--config", str(place / "config"), "--state", str(place / "state"), "--debug", "--output", trial.output]
    worldly = any(word in trial.command for word in WORLDLY) and "--cached" not in trial.command
    declined = trial.command[:2] == ("apply", PLAN) and "--yes" not in trial.command
    return [*shared, *(["--sandbox"] if worldly else []), *([] if declined else ["--yes"]), *own]


def _inflict(bench: Bench, trial: Trial) -> None:
    path = bench.place / trial.target.file
    for damage in trial.damages:
        if damage.kind in (*BYTE_KINDS, *JSON_KINDS):
            if path.is_file() and not path.is_symlink():
                path.write_bytes(damaged(path.read_bytes(), damage, trial.target.form))
        else:
            _displace(path, damage, bench)


def _displace(path: Path, damage: Damage, bench: Bench) -> None:
    """Put something else where the file is; when its name cannot be on this disk there is nothing to try."""
    if not path.exists() or path.is_symlink():
        return
    if damage.kind == "copied-as":
        _copy_as(path, damage.text)
        return
    aside = bench.place / ".aside"
    if aside.exists():
        return
    path.rename(aside)
    match damage.kind:
        case "folder":
            path.mkdir(exist_ok=True)
        case "loop":
            path.symlink_to(path)
        case "dangling":
            path.symlink_to(bench.outside / "nothing.json")
        case "outside":
            path.symlink_to(bench.outside if aside.is_dir() else bench.outside / "secret.json")
        case "unreadable":
            path.symlink_to("/proc/self/mem")  # even for root, who may read everything: reading it fails


def _copy_as(path: Path, name: str) -> None:
    try:
        other = path.with_name(name.replace("/", "_") + path.suffix)
        if path.is_file():
            other.write_bytes(path.read_bytes())
        else:
            other.mkdir(exist_ok=True)
    except (OSError, ValueError):
        return


def _crashes(result: Result) -> list[str]:
    error = result.exception
    if error is not None and not isinstance(error, SystemExit):
        return ["".join(traceback.format_exception(error))]
    return [result.stderr[result.stderr.index("Traceback") :]] if "Traceback (most recent" in result.stderr else []


def _contract(result: Result, output: str) -> list[str]:
    if result.exit_code not in {int(code) for code in EXITS}:
        return [f"exit code {result.exit_code} is not in the contract"]
    if output == "human":
        said = result.exit_code == 0 or (
            "Error" in result.stderr and ("fix" in result.stderr or "Usage:" in result.stderr)
        )
        return (
            []
            if said or result.exit_code in (3, 8)
            else [f"exit {result.exit_code} without a problem: {result.stderr[-500:]}"]
        )
    try:
        envelope: dict[str, Any] = json.loads(result.stdout, parse_constant=_no_constant)
    except ValueError as error:
        return [f"stdout is not one JSON object: {error}: {result.stdout[:200]!r}"]
    problems = envelope.get("problems", [])
    if result.exit_code not in (0, 3, 8) and not problems:
        return [f"exit {result.exit_code} without a problem"]
    return [f"a problem without a place or remedy: {one}" for one in problems if not (one["at"] and one["fix"])]


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _steering(result: Result) -> list[str]:
    found = _STEERS.search(result.stdout + result.stderr)
    return (
        [f"output holds {found.group()!r}: {found.string[max(0, found.start() - 80) : found.end() + 40]!r}"]
        if found
        else []
    )


def _content(place: Path) -> dict[str, bytes]:
    """Every file by its path; a link is not followed."""
    found = {}
    for folder, _, names in os.walk(place):
        for name in names:
            path = Path(folder) / name
            inside = path.relative_to(place).as_posix()
            found[inside] = (
                str(path.readlink()).encode(errors="surrogateescape") if path.is_symlink() else path.read_bytes()
            )
    return found


def _left_behind(bench: Bench, before: dict[str, bytes]) -> list[str]:
    after = _content(bench.place)
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    faults = [f"a source was changed: {name}" for name in changed if name.split("/")[0] in SOURCES]
    faults += [f"half a file was left: {name}" for name in changed if Path(name).name.startswith(".") and name in after]
    if "state/sbctl.json" in changed and "state/sbctl.json" in after:
        try:
            open_envelope(after["state/sbctl.json"], "")
        except (DamageError, SbctlError) as error:
            faults.append(f"the state was written wrongly: {error}")
    return faults
