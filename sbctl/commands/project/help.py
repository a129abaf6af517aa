"""`sbctl help [COMMAND...]`: the same as `sbctl COMMAND --help`."""

from __future__ import annotations

import click

from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of


@click.command("help", epilog=epilog_of("sbctl help failover\nsbctl help state restore", "0 done, 2 no such command"))
@click.argument("words", nargs=-1, metavar="[COMMAND]...", shell_complete=completions.commands)
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of a command. Without COMMAND, of sbctl."""
    found: click.Context = ctx.find_root()
    for word in words:
        found = _inner(found, word)
    click.echo(found.get_help())


def _inner(outer: click.Context, word: str) -> click.Context:
    """The context of a command below another. Raises UsageError where there is none of this name."""
    group = outer.command
    if not isinstance(group, click.Group):
        raise click.UsageError(f"{outer.info_name} has no command {word!r}.", outer)
    _, command, _ = group.resolve_command(outer, [word])
    assert command is not None  # it raises where there is none
    return click.Context(command, info_name=word, parent=outer)
