"""The commands that the kind `flow` has besides those of every kind."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial

import click

COMMANDS = {
    "lint": ("lint", "lint"),
    "render": ("render", "render"),
    "draw": ("picture.draw", "draw"),
    "diff": ("picture.diff", "diff"),
    "import": ("import_flows", "import_flows"),
    "pull": ("pull", "pull"),
    "fmt": ("format_files", "fmt"),
    "rollback": ("rollback", "rollback"),
    "test": ("testing.run_tests", "run_tests"),
}
"""Module of this folder and function, by command: each is imported when it is called."""


def makers() -> dict[str, Callable[[], click.Command]]:
    """What imports each command, by its name."""
    return {name: partial(_found, module, function) for name, (module, function) in COMMANDS.items()}


def _found(module: str, function: str) -> click.Command:
    found: click.Command = getattr(importlib.import_module(f"sbctl.commands.flow.{module}"), function)
    return found
