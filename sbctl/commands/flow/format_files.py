"""`sbctl flow fmt`: flow files in their one form. Calls nothing."""

from __future__ import annotations

from pathlib import Path

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.core.problem import Exit, SbctlError
from sbctl.core.report import Report
from sbctl.core.text.counted import counted
from sbctl.files.regular import read_regular, read_text
from sbctl.flows.reading.found import STDIN
from sbctl.flows.reading.problems import passed_over, unreadable
from sbctl.flows.reading.read import read_flows
from sbctl.flows.writing.canonical import canonical_text
from sbctl.store.files.atomic import write_atomic
from sbctl.ui.views import Pairs

NAME = "flow fmt"
EPILOG = epilog_of(
    """
    sbctl flow fmt                        every JSON flow of the project
    sbctl flow fmt flows/Main.json --check
    """,
    "0 done, 2 a file cannot be read, 3 a file is not in its form (with --check)",
)


@click.command("fmt", epilog=EPILOG)
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--check", is_flag=True, help="Write nothing; exit with 3 if a file would change.")
@command(NAME)
def fmt(app: App, paths: tuple[str, ...], check: bool) -> Report:
    """Format flow files: keys in order, two spaces, all data kept. Without PATH: the flows of the project.

    A file that cannot be read is reported, and the others are formatted.
    """
    folder = app.project_folder / "flows"
    if STDIN in paths:
        raise SbctlError(unreadable(STDIN, "standard input is no file", "Name a file or a folder."))
    files, problems = read_flows(paths or _own(folder), flows_folder=folder, lenient=True)
    names = list(dict.fromkeys(one.file for one in files))
    programs = [name for name in names if not name.endswith(".json")]
    if paths:
        problems += [passed_over(name, "it is a program", "Format it with a tool for Python.") for name in programs]
    looked_at = [Path(name) for name in names if name not in programs]
    changed = [path for path in looked_at if canonical_text(read_text(path)).encode() != read_regular(path)]
    if not check:
        for path in changed:
            _write(app, path)
    said = "not formatted" if check else "formatted"
    rows = tuple((str(path), said) for path in changed)
    title = f"{counted(len(looked_at), 'file')} looked at, {len(changed)} {said}"
    data = {"changed": [str(path) for path in changed], "files": len(looked_at)}
    finding = Exit.DIFFERENCES if check and changed else Exit.DONE
    return Report(command=NAME, data=data, problems=tuple(problems), view=Pairs(title, rows), finding=finding)


def _own(folder: Path) -> tuple[str, ...]:
    return (str(folder),) if folder.is_dir() else ()


def _write(app: App, path: Path) -> None:
    """The whole file, where a link leads, with the mode that it had."""
    place = path.resolve()
    mode = place.stat().st_mode
    write_atomic(place, canonical_text(read_text(place)).encode(), app.disk)
    place.chmod(mode)
