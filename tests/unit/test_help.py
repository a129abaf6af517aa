"""The help of every command: it fits a terminal of 80 columns, and ends with exit codes."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from sbctl.main import cli

WIDTH = 80


def commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The paths of all commands below a group, and of the group itself."""
    yield path
    context = click.Context(group, info_name=path[-1])
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))
        else:
            yield (*path, name)


def help_of(path: tuple[str, ...]) -> str:
    context = click.Context(cli, info_name=path[0], terminal_width=WIDTH - 2, **cli.context_settings)
    found: click.Command = cli
    for name in path[1:]:
        assert isinstance(found, click.Group)
        command = found.get_command(context, name)
        assert command is not None
        found, context = command, click.Context(command, info_name=name, parent=context)
    return found.get_help(context)


@pytest.mark.parametrize("path", list(commands(cli, ("sbctl",))), ids=" ".join)
def test_help_fits_and_ends_with_exit_codes(path: tuple[str, ...]) -> None:
    """No line of any help is folded at 80 columns, and each tells its exit codes."""
    text = help_of(path)
    assert [line for line in text.splitlines() if len(line) > WIDTH] == []
    assert "Exit codes:" in text
    assert "Example" in text
