"""Finds the command lines in what sbctl tells people: as far as click takes the words, the line goes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

import click

from sbctl.main import cli

WORD = re.compile(r"""\s*((?:'[^']*'|"[^"]*"|[^\s'"])+)""")
START = re.compile(r"(?<![\w/.-])sbctl(?= )")
ENDS = ".,;:)"
"""What ends a word in a sentence, and belongs to no line."""


@dataclass
class Line:
    """`words` as they are typed after "sbctl"; `wrong` says which word no command takes."""

    words: list[str] = field(default_factory=list)
    wrong: str = ""

    @property
    def text(self) -> str:
        return shlex.join(["sbctl", *self.words])


def lines_in(text: str) -> list[Line]:
    """Every line of a text that has a command. "sbctl made it" has none."""
    found = [_line(text[start.end() :]) for start in START.finditer(text)]
    return [line for line in found if line is not None]


def _line(text: str) -> Line | None:
    line, wanting = Line(), False
    command: click.Command = cli
    for raw in _words(text):
        word = raw if wanting else raw.rstrip(ENDS)
        if wanting:
            line.words.append(_unquoted(word.rstrip(ENDS)))
            wanting = False
        elif word.startswith("-"):
            option = _option(command, word)
            if option is None:
                line.wrong = f"{word} is no option of {command.name}"
                break
            line.words.append(word)
            wanting = not option.is_flag and not option.count and "=" not in word
        elif not _goes_on(line, command, word):
            break
        else:
            command = _below(command, word) or command
        if not wanting and raw[-1:] in ENDS:
            break
    return line if line.wrong or command is not cli else None


def _goes_on(line: Line, command: click.Command, word: str) -> bool:
    if _below(command, word) is not None or _takes_more(line, command, word):
        line.words.append(_unquoted(word))
        return True
    return False


def _takes_more(line: Line, command: click.Command, word: str) -> bool:
    """Whether a word is an argument, and no word of the sentence: ids, addresses, numbers and placeholders, never prose."""
    takes = any(isinstance(one, click.Argument) for one in command.params) and not isinstance(command, click.Group)
    return takes and re.fullmatch(r"[a-z]+", word) is None and bool(line.words)


def _below(command: click.Command, word: str) -> click.Command | None:
    return command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None


def _unquoted(word: str) -> str:
    return "".join(shlex.split(word)) if {*word} & {"'", '"'} else word


def _option(command: click.Command, word: str) -> click.Option | None:
    name = word.partition("=")[0]
    if name in ("--help", "-h", "--version"):
        return click.Option([name if name.startswith("--") else "--help"], is_flag=True)
    for one in (*command.params, *cli.params):
        if isinstance(one, click.Option) and name in (*one.opts, *one.secondary_opts):
            return one
    return None


def _words(text: str) -> Iterator[str]:
    at = 0
    while (found := WORD.match(text, at)) is not None:
        at = found.end()
        yield found.group(1)
