"""What adopting would write, tried before it is written: a project that does not load would be in the way of the next run."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sbctl.app import App
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.desired.load import load_project
from sbctl.store.files.atomic import cannot_write


def check_written(app: App, files: Mapping[str, bytes]) -> None:
    """Raise SbctlError with what is wrong with these files of a project. Nothing of the project's own is looked at."""
    with tempfile.TemporaryDirectory(prefix="sbctl-adopt-") as name:
        root = Path(name)
        try:
            for path, content in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(content)
        except OSError as error:
            raise SbctlError(cannot_write(root, error)) from error
        kinds = tuple(app.kinds.values())
        try:
            load_project(root / "config", kinds, root / "flows", root / "lambdas", prompts_folder=root / "prompts")
        except SbctlError as error:
            raise SbctlError(*(_of_project(problem, name) for problem in error.problems)) from error


def _of_project(problem: Problem, root: str) -> Problem:
    """The problem with the file's place in the project, which was not written."""
    return replace(
        problem,
        at=problem.at.replace(f"{root}/", ""),
        detail=problem.detail.replace(f"{root}/", ""),
        fix=f"Nothing was written. {problem.fix}",
        exit=Exit.FAILED,
    )
