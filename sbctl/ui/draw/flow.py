"""What the linter finds on flows."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from sbctl.core.text.counted import counted
from sbctl.flows.lint.diagnostic import Diagnostic
from sbctl.ui.console import columns, one_line, plain
from sbctl.ui.flow_views import FlowsLinted

Row = tuple[Diagnostic, int]
"""The first finding of a rule on a flow, and how many there are."""
STYLES = {"error": "bad", "warning": "warn"}
INDENT = 7
PROSE = 40
"""Columns that the sentences of a table need at least; a narrower screen gets a list."""


def draw_linted(console: Console, view: FlowsLinted) -> None:
    rows = _rows(view.diagnostics)
    if rows and console.width >= _needed(rows):
        console.print(_table(rows))
    else:
        for row in rows:
            _listed(console, row)
    if rows:
        console.print()
    console.print(plain(_sum(view), "head"))
    if view.guessed:
        guessed = f"{counted(view.guessed, 'type')} guessed: no wrapper or Metadata states it, so rules for types are warnings."
        console.print(plain(guessed, "quiet"), soft_wrap=not console.is_terminal)


def _rows(found: Iterable[Diagnostic]) -> list[Row]:
    """One row a rule and flow, errors first."""
    groups: dict[tuple[str, str, str, str], list[Diagnostic]] = {}
    for one in found:
        groups.setdefault((one.level, one.file, one.flow, one.rule), []).append(one)
    return [(group[0], len(group)) for _, group in sorted(groups.items(), key=lambda item: item[0][0])]


def _needed(rows: Sequence[Row]) -> int:
    """The columns of a table in which nothing is cut but sentences."""
    cells = [_cells(row) for row in rows]
    return sum(max(map(len, column)) + 2 for column in zip(*cells, strict=True)) + PROSE


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    first, count = row
    return first.level, one_line(first.rule), one_line(first.flow), str(count), one_line(first.at)


def _table(rows: Sequence[Row]) -> Table:
    table = columns("level", "rule", "flow", "count", "first at", prose="finding")
    for row in rows:
        level, *rest = _cells(row)
        table.add_row(plain(level, STYLES[level]), *map(plain, rest), plain(_words(row[0])))
    return table


def _listed(console: Console, row: Row) -> None:
    level, rule, flow, count, at = _cells(row)
    head = plain("").append_text(plain(level, STYLES[level])).append_text(plain(f"  {rule}  {flow}  {count}"))
    console.print(head, soft_wrap=True)
    for name, text in (("at", at), ("why", _why(row[0])), ("fix", one_line(row[0].fix))):
        console.print(plain(f"  {name:<5}{_hanging(text, console.width)}"), soft_wrap=True)


def _hanging(text: str, width: int) -> str:
    """Text folded between words below its own beginning; an ARN or a path stays whole."""
    room = max(PROSE, width - INDENT)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    return ("\n" + " " * INDENT).join(lines)


def _words(first: Diagnostic) -> str:
    return f"{_why(first)}. {one_line(first.fix)}"


def _why(first: Diagnostic) -> str:
    block = f"block {one_line(first.block)}: " if first.block else ""
    return f"{block}{one_line(first.message)}"


def _sum(view: FlowsLinted) -> str:
    errors = sum(1 for one in view.diagnostics if one.level == "error")
    warnings = len(view.diagnostics) - errors
    found = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}" if view.diagnostics else "no findings"
    checked = f"{counted(view.flows, 'flow')} checked"
    return f"{checked}: {found}." if view.flows else f"{checked}."
