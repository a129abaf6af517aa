"""Man pages of all commands, from the same texts as their help. `python -m tests.man FOLDER` writes them.

A library for this exists (click-man); it does not know groups that import their commands late, nor what stands after the options.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from sbctl import __version__
from sbctl.main import cli

SECTION = 1


def pages(context: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """File name and text of the page of sbctl, and of each command below it."""
    context = context or click.Context(cli, info_name="sbctl", **cli.context_settings)
    yield f"{_dashed(context)}.{SECTION}", page(context)
    for inner in _inner(context):
        yield from pages(inner)


def _inner(context: click.Context) -> list[click.Context]:
    group = context.command
    if not isinstance(group, click.Group):
        return []
    found = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    return [click.Context(one, info_name=name, parent=context) for name, one in found if one is not None]


def page(context: click.Context) -> str:
    """One page, in the man macros."""
    command = context.command
    name = _dashed(context)
    examples, codes = _ending(command.epilog or "")
    parts = [
        f'.TH "{name.upper()}" "{SECTION}" "" "sbctl {__version__}" "sbctl manual"',
        ".SH NAME",
        f"{_escaped(name)} \\- {_escaped(command.get_short_help_str(1000).rstrip('.'))}",
        ".SH SYNOPSIS",
        f"\\fB{_escaped(context.command_path)}\\fR {_escaped(' '.join(command.collect_usage_pieces(context)))}",
        ".SH DESCRIPTION",
        *_paragraphs(command.help or ""),
        ".SH OPTIONS",
        *_options(context),
        *_commands(context),
        ".SH EXAMPLES",
        ".nf",
        *map(_escaped, examples),
        ".fi",
        ".SH EXIT STATUS",
        _escaped(codes),
        *_see_also(context),
    ]
    return "\n".join(parts) + "\n"


def _dashed(context: click.Context) -> str:
    return context.command_path.replace(" ", "-")


def _escaped(text: str) -> str:
    """For the man macros: no escape, no minus that is a hyphen, no line that is taken for a macro."""
    safe = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{safe}" if safe.startswith((".", "'")) else safe


def _paragraphs(text: str) -> list[str]:
    blocks = re.split(r"\n\s*\n", cleandoc(text).replace("\b\n", ""))
    return [line for block in blocks for line in (".PP", *(_escaped(one.strip()) for one in block.splitlines()))]


def _options(context: click.Context) -> list[str]:
    options = [one for one in context.command.get_params(context) if isinstance(one, click.Option)]
    records = [one.get_help_record(context) for one in options]
    return [
        line
        for names, text in (record for record in records if record is not None)
        for line in (".TP", f"\\fB{_escaped(names)}\\fR", _escaped(text))
    ]


def _commands(context: click.Context) -> list[str]:
    lines = [
        line
        for inner in _inner(context)
        for line in (
            ".TP",
            f"\\fB{_escaped(_dashed(inner))}\\fR({SECTION})",
            _escaped(inner.command.get_short_help_str(1000)),
        )
    ]
    return [".SH COMMANDS", *lines] if lines else []


def _ending(epilog: str) -> tuple[list[str], str]:
    """The examples, and the sentence of exit codes, of what stands after the options (cli/epilog.py)."""
    examples, _, codes = epilog.replace("\b\n", "").partition("Exit codes: ")
    return [line.strip() for line in examples.strip().splitlines()[1:] if line.strip()], " ".join(codes.split())


def _see_also(context: click.Context) -> list[str]:
    outer = context.parent
    return [".SH SEE ALSO", f"\\fB{_escaped(_dashed(outer))}\\fR({SECTION})"] if outer is not None else []


def main(folder: Path) -> None:
    """Write them all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
