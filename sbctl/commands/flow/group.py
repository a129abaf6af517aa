"""The commands that the kind `flow` has besides those of every kind."""

from __future__ import annotations

import click

from sbctl.commands.flow.diff import diff
from sbctl.commands.flow.draw import draw
from sbctl.commands.flow.lint import lint
from sbctl.commands.flow.render import render

COMMANDS: tuple[click.Command, ...] = (
    diff,
    draw,
    lint,
    render,
)
