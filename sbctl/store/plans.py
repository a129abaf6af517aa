"""Saved plans: written atomically, private to the user, read back strictly."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sbctl.core.plan import PLAN_FORMAT, Plan
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.text.strict_json import read_value
from sbctl.files.regular import read_regular

LARGEST = 256 * 1024 * 1024
"""Bytes of a plan: it holds every wanted value, flows among them."""


def save_plan(plan: Plan, path: Path) -> None:
    """Write the plan to `path` (mode 0600). Raises SbctlError when the file cannot be written."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent or Path(), prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(_sealed(plan))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SbctlError(
            Problem(
                code="cannot-write",
                summary="The file cannot be written",
                detail=str(error.strerror or error),
                at=str(path),
                fix="Choose another file for --out.",
                exit=Exit.USAGE,
            )
        ) from error


def read_plan(path: Path) -> Plan:
    """Read a saved plan. Raises SbctlError when it is not one, or of a newer format."""
    try:
        content = read_value(read_regular(path, LARGEST))
    except OSError as error:
        raise SbctlError(_not_a_plan(path, str(error.strerror or error))) from error
    except ValueError as error:
        raise SbctlError(_not_a_plan(path, f"it is not JSON: {error}")) from error
    found = content.get("format") if isinstance(content, dict) else None
    if found != PLAN_FORMAT:
        raise SbctlError(_not_a_plan(path, f"its format is {found!r}, this sbctl reads {PLAN_FORMAT}"))
    digest = content.pop("sha256", None)
    if digest != _digest(content):
        raise SbctlError(_not_a_plan(path, "it was changed after it was made: its checksum does not fit"))
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SbctlError(_not_a_plan(path, f"{where}: {first['msg']}")) from error


def _sealed(plan: Plan) -> str:
    """The plan with a checksum: what is applied is what was shown, and not what a disk or an editor made of it."""
    content = plan.model_dump(mode="json")
    return json.dumps({**content, "sha256": _digest(content)}, indent=1, ensure_ascii=False)


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _not_a_plan(path: Path, detail: str) -> Problem:
    return Problem(
        code="not-a-plan",
        summary="This file is not a plan that can be applied",
        detail=detail,
        at=str(path),
        fix="Make one with: sbctl plan --out FILE",
        exit=Exit.USAGE,
    )
