"""Where imported flows go in a project, and what is in their way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.text.slug import mark, stem
from sbctl.files.regular import read_regular
from sbctl.flows.importing.imported import Imported
from sbctl.flows.language.facts import MODULE
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.read import MODULES
from sbctl.flows.writing.document import file_of

State = Literal["new", "unchanged", "rewritten"]


@dataclass(frozen=True)
class Target:
    """A flow and its file. `rewritten`: the flow came from that file."""

    flow: Imported
    path: Path
    content: bytes
    state: State


def targets(flows: Sequence[Imported], folder: Path, there: Iterable[FlowFile]) -> list[Target]:
    """The file of each flow in the project's folder of flows. `there`: the flows that the project has.

    Raises SbctlError for every one whose file or name is taken by something else.
    """
    there = list(there)
    known = {(one.document.name, one.document.type == MODULE): one for one in there}
    problems: list[Problem] = []
    found: list[Target] = []
    taken = {Path(one.file) for one in there}
    for flow in flows:
        document = flow.document
        path = _place(document.name, folder / MODULES if document.type == MODULE else folder, taken)
        taken.add(path)
        same = known.get((document.name, document.type == MODULE))
        if same is not None:
            path = Path(same.file)
        target = Target(flow, path, file_of(document).encode(), "new")
        settled = _settled(target, same)
        found.append(settled or target)
        if settled is None and (same is not None or path.exists() or path.is_symlink()):
            problems.append(_in_the_way(target))
    if problems:
        raise SbctlError(*problems)
    return found


def _settled(target: Target, same: FlowFile | None) -> Target | None:
    """The target where its file is there already: with this content, or as the file that was read."""
    content = _content(target.path)
    flow = target.flow
    if content is None:
        return None
    if content == target.content or (same is not None and _alike(same, flow)):
        return Target(flow, target.path, content, "unchanged")
    if Path(flow.file.file).resolve() == target.path.resolve():
        return Target(flow, target.path, target.content, "rewritten")
    return None


def _alike(same: FlowFile, flow: Imported) -> bool:
    one, other = same.document, flow.document
    fields = ("type", "description", "content", "settings", "status")
    return all(getattr(one, field) == getattr(other, field) for field in fields)


def _place(name: str, folder: Path, taken: set[Path]) -> Path:
    """The file of a name: that of no other one of this run, whatever file systems make of both."""
    path = folder / f"{stem(name)}.json"
    return folder / f"{stem(name)}-{mark(name)}.json" if path in taken else path


def _content(path: Path) -> bytes | None:
    try:
        return None if path.is_symlink() else read_regular(path)
    except OSError:
        return None


def _in_the_way(target: Target) -> Problem:
    return Problem(
        code="in-the-way",
        summary="A file is there already, and nothing is overwritten",
        detail=f"flow {target.flow.document.name!r} of {target.flow.file.file} is another one there",
        at=str(target.path),
        fix="Move that file away, or give the export another name. Nothing was written.",
        exit=Exit.REFUSED,
    )


def new_files(found: Iterable[Target]) -> Mapping[Path, bytes]:
    """What is to be written of files that are not there."""
    return {one.path: one.content for one in found if one.state == "new"}
