"""Python files with flows: a constant FLOW (a FlowBuilder) or FLOWS (a list of them). Reading one runs it."""

from __future__ import annotations

import runpy
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, TypeVar

from sbctl.core.problem import Problem, SbctlError
from sbctl.files.links import why_unread
from sbctl.files.positions import Source
from sbctl.files.regular import NotUtf8, read_text, require_regular
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.problems import unreadable

T = TypeVar("T")


def run_flows(path: Path) -> list[FlowFile]:
    """The flows that a file defines. Raises SbctlError for whatever it does instead."""
    from sbctl.flows.builder import FlowBuilder  # where there is no such file, nobody needs it

    file = str(path)
    builders = run_values(path, ("FLOW", "FLOWS"), FlowBuilder, "flow")
    return [FlowFile(builder.build(file), Source(file, "", {})) for builder in builders]


def run_values(path: Path, constants: tuple[str, str], of: type[T], what: str) -> list[T]:
    """The values of a file's two constants: one, and a list of several. Raises SbctlError for whatever it does instead."""
    file = str(path)
    names = _run(path)
    one, more = constants
    several = names.get(more, [])
    found = [
        *([names[one]] if one in names else []),
        *(several if isinstance(several, list | tuple) else [several]),
    ]
    if not found or not all(isinstance(value, of) for value in found):
        fix = f"Assign a {of.__name__} to {one}, or a list of them to {more}."
        raise SbctlError(unreadable(file, f"it defines no {what}", fix))
    return found


def _run(path: Path) -> dict[str, Any]:
    file = str(path)
    try:
        require_regular(path)
    except OSError as error:
        raise SbctlError(unreadable(file, why_unread(path, error), "Put a readable file there.")) from error
    try:
        with redirect_stdout(sys.stderr):  # stdout is for what the command says
            return runpy.run_path(file)
    except (SbctlError, KeyboardInterrupt):
        raise
    except SyntaxError as error:
        raise SbctlError(_unparsed(path, error)) from error
    except BaseException as error:  # the file may raise anything, SystemExit too
        raise SbctlError(unreadable(file, _said(error), "Correct the file.", _line(error, file))) from error


def mentions_builder(path: Path) -> bool:
    """Whether a file may define flows."""
    try:
        return "FlowBuilder" in read_text(path)
    except (OSError, NotUtf8):
        return False


def _unparsed(path: Path, error: SyntaxError) -> Problem:
    """The problem of a file that Python cannot parse, or not read as UTF-8."""
    try:
        read_text(path)
    except NotUtf8 as other:
        return unreadable(str(path), str(other), "Save it as UTF-8.", other.line)
    return unreadable(str(path), _said(error), "Correct the file.", error.lineno)


def _said(error: BaseException) -> str:
    """The error's name and words, where it has any that can be said."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 (whatever its __str__ does)
        return type(error).__name__


def _line(error: BaseException, file: str) -> int | None:
    if isinstance(error, SyntaxError):
        return error.lineno
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return frames[-1].lineno if frames else None
