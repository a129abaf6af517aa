"""The commands that the kind `flow` has besides those of every kind."""

from __future__ import annotations

import click

from sbctl.commands.flow.lint import lint
from sbctl.commands.flow.render import render
from sbctl.commands.flow.rollback import rollback

COMMANDS: tuple[click.Command, ...] = (
    lint,
    render,
    rollback,
)
