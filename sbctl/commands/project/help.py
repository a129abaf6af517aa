"""`sbctl help [COMMAND...]`: the same as `sbctl COMMAND --help`."""

from __future__ import annotations

import difflib

import click

from sbctl.cli.epilog import ending


@click.command("help", epilog=ending("sbctl help failover\nsbctl help state restore", "0 done, 2 no such command"))
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of COMMAND, or of sbctl."""
    found: click.Context = ctx.find_root()
    for word in words:
        found = _inner(found, word)
    click.echo(found.get_help())


def _inner(outer: click.Context, word: str) -> click.Context:
    """The context of a command below another. Raises UsageError where there is none of this name."""
    group = outer.command
    command = group.get_command(outer, word) if isinstance(group, click.Group) else None
    if command is None:
        names = group.list_commands(outer) if isinstance(group, click.Group) else []
        close = difflib.get_close_matches(word, names, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise click.UsageError(f"No such command {word!r}.{hint}", outer)
    return click.Context(command, info_name=word, parent=outer)
