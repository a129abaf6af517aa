"""A section that stands in a CSV file: `"users": { "file": "users.csv" }`, a file of the config's folder, a row an item.

The first row names the columns, by the fields of the item (`Kind.columns`). Values of a list are parted by semicolons; a
proficiency is `Attribute:Value:Level`. An empty cell leaves its field out. UTF-8, with or without a byte order mark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sbctl.core.kinds.resource import Kind
from sbctl.core.problem import SbctlError
from sbctl.desired.config.findings import Findings
from sbctl.files.misfits import did_you_mean
from sbctl.files.positions import JsonPath, Source, text_of
from sbctl.files.regular import read_regular

Cells = list[str]
FILE = "file"
LIST_SIGN = ";"
PART_SIGN = ":"
FLAGS = {"true": True, "false": False}


@dataclass(frozen=True)
class TableSource(Source):
    """A CSV file as read: an item a row. `lines` are those on which the rows begin, `columns` what the first row names."""

    lines: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()

    def position(self, path: JsonPath) -> tuple[int, int]:
        row = path[1] if len(path) > 1 else None
        column = self.columns.index(str(path[2])) + 1 if len(path) > 2 and path[2] in self.columns else 1
        return (self.lines[row], column) if isinstance(row, int) and row < len(self.lines) else (1, column)

    def has(self, path: JsonPath) -> bool:
        return len(path) < 3 or path[2] in self.columns


@dataclass(frozen=True)
class Table:
    """The items of a file, as JSON would have them, and where they stand."""

    source: TableSource
    items: tuple[dict[str, Any], ...]


def names_file(given: Any) -> bool:
    """Whether a section is an object that names a file."""
    return isinstance(given, dict) and FILE in given


def read_table(kind: Kind[Any, Any], given: Mapping[str, Any], findings: Findings) -> Table | None:
    """The rows of a section's file; None when it cannot be read. Everything that is wrong is noted, in the file that it is of."""
    for field in given:
        if field != FILE:
            findings.add("unknown-field", (kind.section, field), "there is no such field", "Remove it.")
    text = _text(kind.section, given[FILE], findings)
    if text is None:
        return None
    file, content = text
    rows = _rows(kind, file, content, findings)
    if rows is None:
        return None
    (_, header), *rest = rows
    columns = tuple(cell.strip() for cell in header)
    lines = tuple(line for line, _ in rest)
    source = TableSource(file, content, {}, lines, columns)
    own = findings.of(source)
    if not _fit(kind, columns, own):
        return None
    items = tuple(_item(kind, columns, cells, (kind.section, at), own) for at, (_, cells) in enumerate(rest))
    return Table(source, items)


def _text(section: str, named: Any, findings: Findings) -> tuple[str, str] | None:
    """Path and text of the file that a section names."""
    place = (section, FILE)
    folder = Path(findings.source.file).parent
    if not isinstance(named, str) or not named or Path(named).is_absolute() or ".." in Path(named).parts:
        findings.add("bad-value", place, "is no file of the config's folder", f'Write it as "{section}.csv".')
        return None
    path = folder / named
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            findings.add("table-unreadable", place, f"{named} leads out of the config's folder", "Put the file there.")
            return None
        return path.as_posix(), text_of(path, read_regular(path), "CSV file")
    except OSError as error:
        why = "does not exist" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
        findings.add("table-unreadable", place, f"{path.as_posix()}: {why}", "Put a readable file there.")
    except SbctlError as error:
        findings.take(error.problems)
    return None


def _rows(kind: Kind[Any, Any], file: str, text: str, findings: Findings) -> list[tuple[int, Cells]] | None:
    """The rows that are not empty, each with its line; None where the first is damaged or there is none.

    A row that cannot be read is noted and left out, so that what is wrong with the others is told as well.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, Cells]] = []
    damaged = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            at = max(len(rows) - 1, 0) + damaged
            broken = findings.of(TableSource(file, text, {}, (line,) * (at + 1)))
            broken.add("table-damaged", (kind.section, at), f"the row cannot be read: {error}", "Put its quotes right.")
            if not rows:  # without its columns no row can be judged
                return None
            damaged += 1
            continue
        if cells is None:
            break
        if any(cell.strip() for cell in cells):
            rows.append((line, cells))
    if rows:
        return rows
    fix = f"Begin it with a row of columns: {','.join(list(kind.columns)[:6])},..."
    findings.of(TableSource(file, text, {})).add("table-damaged", (kind.section,), "the file is empty", fix)
    return None


def _fit(kind: Kind[Any, Any], columns: Sequence[str], own: Findings) -> bool:
    """Whether the columns are ones that an item has."""
    place = (kind.section,)
    if len(columns) == 1 and columns[0] not in kind.columns:
        own.add("table-damaged", place, "the columns are not parted by commas", "Save the file with commas.")
        return False
    fit = True
    for name in dict.fromkeys(columns):
        if name not in kind.columns:
            what = f"there is no column {name!r}" if name else "a column has no name"
            own.add("unknown-field", place, what, did_you_mean(name, kind.columns), field="columns")
            fit = False
        elif columns.count(name) > 1:
            own.add("table-damaged", place, f"the column {name} stands twice", "Remove one of the two.")
            fit = False
    for name in _required(kind):
        if name not in columns:
            own.add("missing-field", place, f"there is no column {name}", f"Add {name}.", field="columns")
            fit = False
    return fit


def _required(kind: Kind[Any, Any]) -> Iterator[str]:
    for name, field in kind.item.model_fields.items():
        if field.is_required():
            yield field.alias or name


def _item(kind: Kind[Any, Any], columns: Sequence[str], cells: Cells, path: JsonPath, own: Findings) -> dict[str, Any]:
    if len(cells) != len(columns):
        said = f"the row has {len(cells)} cells, and there are {len(columns)} columns"
        own.add("table-damaged", path, said, "Put a value with a comma in quotes; leave cells empty, not out.")
        cells = [*cells, *[""] * len(columns)][: len(columns)]
    item: dict[str, Any] = {}
    for name, cell in zip(columns, cells, strict=True):
        text = cell.strip()
        if text:
            item[name] = _value(kind.columns[name], text, (*path, name), own)
    return item


def _value(form: str, text: str, path: JsonPath, own: Findings) -> Any:
    """What a cell says; the text itself where it does not have the form, which is then noted once more by its field."""
    match form:
        case "list":
            return _parts(text)
        case "flag" if text.lower() in FLAGS:
            return FLAGS[text.lower()]
        case "number" if text.isascii() and text.isdecimal():
            return int(text)
        case "skills":
            return [_skill(part, path, own) for part in _parts(text)]
    return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(LIST_SIGN) if part.strip()]


def _skill(text: str, path: JsonPath, own: Findings) -> dict[str, Any]:
    """`Attribute:Value:Level`; colons of the attribute's own name stay with it."""
    *name, value, level = text.split(PART_SIGN) if text.count(PART_SIGN) > 1 else (text, "", "")
    if not value or not (level.strip().isascii() and level.strip().isdecimal()):
        own.add(
            "bad-value", path, f"{text!r} is no proficiency", "Write it as Attribute:Value:Level, Language:English:3."
        )
        return {"attribute": text, "value": text, "level": 1}
    return {"attribute": PART_SIGN.join(name).strip(), "value": value.strip(), "level": int(level)}
