"""The flows of a file as git has it at a revision. Python flows are run from a copy of their folder."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.flows.reading.flow_file import FlowFile
from sbctl.flows.reading.read import read_flows


def flows_at(project: Path, file: Path, revision: str) -> list[FlowFile]:
    """The flows of the file's folder at a revision, those of the file first. Raises SbctlError where git has none.

    The whole folder is laid out, since a Python flow may read what is beside it, and a flow may have been in another file.
    """
    if revision.startswith("-"):
        raise SbctlError(_problem(f"{revision} is no revision", revision))
    place = file.resolve()
    top = Path(_git(place.parent, revision, "rev-parse", "--show-toplevel").decode().strip())
    folder = place.parent.relative_to(top)
    flows = (
        (project.resolve() / "flows").relative_to(top) if place.is_relative_to(project.resolve() / "flows") else folder
    )
    _git(top, revision, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    packed = _git(top, revision, "archive", "--format=tar", revision, "--", flows.as_posix() or ".")
    with tempfile.TemporaryDirectory() as copy:
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(copy, filter="data")
        inside = Path(copy).resolve() / flows
        first = Path(copy).resolve() / folder / place.name
        files, problems = read_flows([*([first] if first.exists() else []), inside], flows_folder=inside, lenient=True)
    wrong = [problem for problem in problems if problem.exit]
    if not files and wrong:
        raise SbctlError(*wrong)
    return files


def _git(folder: Path, revision: str, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise SbctlError(_problem("git is not installed", revision)) from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise SbctlError(_problem(lines[-1] if lines else f"{revision} is no revision", revision))
    return done.stdout


def _problem(detail: str, revision: str) -> Problem:
    return Problem(
        code="no-revision",
        summary="git does not have this revision of the flow",
        detail=detail,
        at=f"git:{revision}",
        fix="Name a commit, a branch or a tag whose tree has the file.",
        exit=Exit.USAGE,
    )
