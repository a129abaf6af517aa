"""The commands that the kind `flow` has besides those of every kind."""

from __future__ import annotations

import click

from sbctl.commands.flow.format_files import fmt
from sbctl.commands.flow.import_flows import import_flows
from sbctl.commands.flow.lint import lint
from sbctl.commands.flow.picture.diff import diff
from sbctl.commands.flow.picture.draw import draw
from sbctl.commands.flow.pull import pull
from sbctl.commands.flow.render import render

COMMANDS: tuple[click.Command, ...] = (
    diff,
    draw,
    lint,
    render,
    import_flows,
    pull,
    fmt,
)
