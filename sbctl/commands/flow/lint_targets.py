"""What `sbctl flow lint` is asked to look at: the project's flows, some of them by name, or files from anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from sbctl.app import App
from sbctl.commands.flow.chosen import named, unknown_flow
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project_files import REGIONS_FILE
from sbctl.desired.files.flows import lint_project, read_all
from sbctl.desired.files.folders import no_folders
from sbctl.files.positions import Source, read_json
from sbctl.flows.lint.around import NOTHING
from sbctl.flows.lint.diagnostic import Diagnostic
from sbctl.flows.lint.several import Linted, lint_files, nesting_of, twice
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.found import STDIN, is_below, lexical
from sbctl.flows.reading.load import unread_folders
from sbctl.flows.reading.read import MODULES, read_flows

PATTERN = frozenset("*?[")


@dataclass
class Looked:
    """What was read and found. `problems` are of files that cannot be read, and notes."""

    files: list[FlowFile] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def looked_at(app: App, targets: tuple[str, ...]) -> Looked:
    """The findings on the targets, in their order; on all of the project's flows without any."""
    project = _Project(app)
    if not targets and not project.is_there:
        return Looked(problems=[_no_project(app)])
    found = Looked()
    names = [one for one in targets if project.is_named(one)]
    paths = tuple(one for one in targets if one not in names)
    files, problems = read_flows(paths, flows_folder=project.flows if project.is_there else None, lenient=True)
    found.problems += problems
    if names or not targets or (project.is_there and any(project.has(file) for file in files)):
        project.read()
        found.problems += project.notes
    if names or not targets:
        files += project.chosen(names, found.problems)
    _lint(project, _each_once(files), found)
    return found


def _lint(project: _Project, files: list[FlowFile], found: Looked) -> None:
    found.files = files
    own = {_key(file) for file in files if project.has(file)} if project.is_there else set()
    others = [file for file in files if _key(file) not in own] if own else files
    results = [*lint_files(others, NOTHING), *twice(files)]
    results += [(file, rows) for file, rows in project.linted if _key(file) in own]
    results += [(file, rows) for file, rows in nesting_of(project.files) if _key(file) in own]
    for _, rows in results:
        found.diagnostics += rows


class _Project:
    """The project's flows, read when they are needed."""

    def __init__(self, app: App) -> None:
        self._config = Path(app.settings.config)
        self.flows = app.project_folder / "flows"
        self.is_there = _lies(self._config / REGIONS_FILE) or self.flows.is_dir()
        self._is_read = False
        self.files: list[FlowFile] = []
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.linted: Linted = []

    def read(self) -> list[FlowFile]:
        """Read and lint all of them, once: what one flow sets another may use."""
        if not self._is_read:
            self._is_read = True
            self.files, self.problems = read_all(self.flows)
            self.problems += [*no_folders(self.flows / MODULES), *unread_folders(self.flows)]
            self.linted = lint_project(self.files, self._regions())
        return self.files

    def is_named(self, target: str) -> bool:
        """Whether a target is meant as a name: it is no path, or there is no such file and a flow is called so."""
        if target == STDIN or _lies(Path(target)):
            return False
        if not _looks_like_path(target):
            return True
        return self.is_there and named(self.read(), target) is not None

    def has(self, file: FlowFile) -> bool:
        return self.is_there and is_below(Path(file.file), self.flows)

    def chosen(self, names: Iterable[str], problems: list[Problem]) -> list[FlowFile]:
        """The flows of these names, all without any. Others' faults are told where a name is not found."""
        wanted = list(dict.fromkeys(names))
        if not wanted:
            problems += self.problems
            return self.files
        found = [(name, named(self.files, name)) for name in wanted]
        missing = [unknown_flow(name, self.files) for name, file in found if file is None]
        problems += [*missing, *(self.problems if missing else ())]
        return [file for _, file in found if file is not None]

    def _regions(self) -> Source | None:
        """regions.json, for what it ignores; a note where it cannot be read."""
        if not _lies(self._config / REGIONS_FILE):
            return None
        try:
            return read_json(self._config / REGIONS_FILE)
        except SbctlError as error:
            self.notes += [replace(one, exit=Exit.DONE) for one in error.problems]
            return None


def _lies(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _looks_like_path(target: str) -> bool:
    return Path(target).suffix in (".json", ".py") or "/" in target or bool(PATTERN & set(target))


def _key(file: FlowFile) -> tuple[str, object]:
    return lexical(Path(file.file)), (file.inside, file.document.name)


def _each_once(files: Iterable[FlowFile]) -> list[FlowFile]:
    return list({_key(file): file for file in files}.values())


def _no_project(app: App) -> Problem:
    return Problem(
        code="flow-no-project",
        summary="There is no project here",
        detail=f"{app.settings.config / REGIONS_FILE} does not exist",
        at=str(app.settings.config),
        fix="Name files, a folder, a pattern, or - for standard input.",
        exit=Exit.USAGE,
    )
