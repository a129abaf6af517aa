"""The help of every command: it fits a terminal of 80 columns, is short and plain, and ends with exit codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from sbctl.cli.options import GLOBAL_NAMES
from sbctl.main import GROUPS, cli
from tests.unit.test_words import banned

WIDTH = 80
OPTION = 60
LINE = 60
"""The line of a command in the list of its group."""
CLAUSE = re.compile(r"\b(that|which|who|whom|whose|what|whatever|whoever|where|when|how)\b", re.IGNORECASE)
"""The words with which a clause begins; an option's help is a phrase or an order."""


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


def context_of(path: tuple[str, ...]) -> click.Context:
    context = click.Context(cli, info_name=path[0], terminal_width=WIDTH - 2, **cli.context_settings)
    for name in path[1:]:
        assert isinstance(context.command, click.Group)
        command = context.command.get_command(context, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=context)
    return context


def help_of(path: tuple[str, ...]) -> str:
    return context_of(path).get_help()


def options_of(path: tuple[str, ...]) -> list[click.Option]:
    """Its options; global ones only of sbctl itself, and none that click adds."""
    found = [one for one in context_of(path).command.params if isinstance(one, click.Option)]
    return [one for one in found if len(path) == 1 or one.name not in GLOBAL_NAMES]


PATHS = list(commands(cli, ("sbctl",)))


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_fits_and_ends_with_exit_codes(path: tuple[str, ...]) -> None:
    """No line of any help is folded at 80 columns, and each tells its exit codes."""
    text = help_of(path)
    assert [line for line in text.splitlines() if len(line) > WIDTH] == []
    assert "Exit codes:" in text
    assert "Example" in text
    assert banned(text) == []


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_the_help_of_every_option_is_short(path: tuple[str, ...]) -> None:
    """There is one, of at most 60 characters, without a relative clause; one that may be given several times says so."""
    texts = {one.opts[-1]: one.help or "" for one in options_of(path)}
    assert {name: text for name, text in texts.items() if not text or len(text) > OPTION} == {}
    assert {name: text for name, text in texts.items() if CLAUSE.search(text)} == {}
    repeatable = {one.opts[-1] for one in options_of(path) if one.multiple}
    assert {name for name, text in texts.items() if "Repeatable." in text} == repeatable


@pytest.mark.parametrize("path", PATHS[1:], ids=" ".join)
def test_every_command_has_a_line_in_the_list_of_its_group(path: tuple[str, ...]) -> None:
    """One line, whole at 80 columns, that begins with what the command does."""
    line = context_of(path).command.get_short_help_str(1000)
    assert len(line) <= LINE
    assert line.split()[0].istitle()
    assert line.split()[0] not in ("The", "What", "A", "Everything", "Every", "One", "Its")


def test_the_table_of_commands_says_what_each_help_begins_with() -> None:
    """`sbctl --help` imports no command, and so has the lines itself."""
    said = {name: line for group in GROUPS.values() for name, (_, _, line) in group.items()}
    begin = {name: context_of(("sbctl", name)).command.get_short_help_str(1000) for name in said}
    assert said == begin
