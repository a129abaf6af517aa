"""No remedy names an option that its command does not have: "the same command with --x", in every file that says it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import click
import pytest

import sbctl
from sbctl.main import cli

ROOT = Path(sbctl.__file__).parent
PLANNING = ("deploy", "apply", "destroy", "drift", "parity", "queue apply", "record apply", "flow test")
SAID_BY: dict[str, tuple[str, ...]] = {
    "cli/confirm.py": (
        *PLANNING,
        "failover",
        "failback",
        "drill run",
        "adopt",
        "state rebuild",
        "sandbox advance",
        "flow pull",
    ),
    "commands/deploy/apply_flow.py": ("drift", "parity", "flow test"),
    "commands/flow/testing/chosen_tests.py": ("flow test",),
    "commands/failover/drill.py": ("drill run",),
    "commands/flow/import_report.py": ("flow import",),
    "commands/flow/pull.py": ("flow pull",),
    "commands/failover/failover.py": ("failover",),
    "commands/failover/inputs.py": ("failover", "failback"),
    "commands/project/adopt.py": ("adopt",),
    "engine/planning/allowing.py": PLANNING,
    "engine/planning/guards.py": (*PLANNING, "plan"),
    "failover/decision/supersede.py": ("failover", "failback"),
    "failover/execution/own_steps.py": ("failover", "failback"),
    "failover/mechanisms/standby_takeover.py": ("failover",),
}
"""Files that say "the same command with", and whose command it may be."""
OPEN = {"engine/planning/allowing.py": ("--allow", "--max-deletes"), "cli/confirm.py": ("--yes",)}
"""Options that stand in such a text as a value."""
OF_APPLYING = {"apply", "deploy", "destroy", "drift", "changes", "parity", "run_tests"}


def command(name: str) -> click.Command:
    found: click.Command = cli
    context = click.Context(cli)
    for word in name.split():
        assert isinstance(found, click.Group)
        inner = found.get_command(context, word)
        assert inner is not None, name
        found = inner
    return found


def options(name: str) -> set[str]:
    """Those of a command, and the global ones, which are taken after its name too."""
    return {option for one in (command(name), cli) for given in one.params for option in given.opts}


@cache
def trees() -> tuple[tuple[str, ast.AST], ...]:
    paths = sorted(path for path in ROOT.rglob("*.py") if "sandbox" not in path.parts)
    return tuple((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


@cache
def said() -> dict[str, set[str]]:
    """By file, the options that follow "the same command with"."""
    found: dict[str, set[str]] = {}
    for name, tree in trees():
        for node in (one for one in ast.walk(tree) if isinstance(one, ast.JoinedStr)):
            for value, after in zip(node.values, [*node.values[1:], None], strict=True):
                if (
                    isinstance(value, ast.FormattedValue)
                    and isinstance(value.value, ast.Name)
                    and value.value.id == "AGAIN"
                ):
                    text = after.value if isinstance(after, ast.Constant) else ""
                    words = str(text).split()
                    found.setdefault(name, set()).update(
                        word.strip(",.") for word in words[:1] if word[2:] and word.startswith("--")
                    )
    found.pop("ui/invocation.py")  # puts the line in its place
    return found


def test_every_file_that_says_it_is_known() -> None:
    """A new one belongs in the table above, with the commands that may show it."""
    assert said().keys() == SAID_BY.keys()


@pytest.mark.parametrize("file", sorted(SAID_BY))
def test_the_command_has_the_option(file: str) -> None:
    for name in SAID_BY[file]:
        assert said()[file] | set(OPEN.get(file, ())) <= options(name), name


def test_every_command_that_applies_a_plan_can_allow_what_guards_refuse() -> None:
    """The files that do it, every kind among them."""
    callers = {
        Path(name).stem
        for name, tree in trees()
        if any(
            isinstance(one, ast.ImportFrom) and one.module == "sbctl.commands.deploy.apply_flow"
            for one in ast.walk(tree)
        )
        and any(isinstance(one, ast.Call) and getattr(one.func, "id", "") == "carry_out" for one in ast.walk(tree))
    }
    assert callers == OF_APPLYING
    assert {"--allow", "--max-deletes"} <= set.intersection(*map(options, PLANNING))
