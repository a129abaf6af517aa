"""The sbctl commands that shell lines contain, as words; and whether sbctl has them, without running any."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click

from sbctl.main import cli

CONTINUED = re.compile(r"\\\n *")
SUBSTITUTED = re.compile(r"\$\(([^()]*)\)")
OPERATORS = frozenset("();<>|&")


def sbctl_commands(text: str) -> Iterator[list[str]]:
    """The words after `sbctl` of each command in a shell block, those in `$(…)` included."""
    for line in CONTINUED.sub("", text).splitlines():
        for inner in SUBSTITUTED.findall(line):
            yield from _commands(inner)
        yield from _commands(SUBSTITUTED.sub("", line))


def _commands(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, "#"
    words: list[str] = []
    for word in [*lexer, ";"]:
        if not OPERATORS.issuperset(word):
            words.append(word)
            continue
        if "sbctl" in words:
            yield words[words.index("sbctl") + 1 :]
        words = []


def refusal(words: list[str]) -> str:
    """Why sbctl would refuse these words before it does anything; "" when it would not."""
    try:
        _parse(words)
    except click.ClickException as error:
        return error.format_message()
    return ""


def _parse(words: list[str]) -> None:
    command: click.Command = cli
    context = cli.make_context("sbctl", [*words])
    while isinstance(command, click.Group):
        left = [*context._protected_args, *context.args]
        if not left:
            if not command.invoke_without_command:
                raise click.UsageError("a command is missing")
            return
        name, found, left = command.resolve_command(context, left)
        assert found is not None
        command, context = found, found.make_context(name, left, parent=context)
