"""The state file's form: the state and a checksum of it, so that damage is recognised and not acted on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sbctl.core.problem import Problem, SbctlError
from sbctl.core.state import FORMAT, State
from sbctl.store.upgrade import upgraded


def seal(state: State) -> str:
    """The file's text."""
    content = state.model_dump(mode="json")
    return json.dumps({"sha256": _digest(content), "state": content}, indent=1, ensure_ascii=False) + "\n"


def open_envelope(file: bytes, path: Path) -> State:
    """The state in a file's bytes. Raises SbctlError when it is damaged, emptied, or newer than this sbctl."""
    try:
        envelope = json.loads(file.decode())
        content, digest = envelope["state"], envelope["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise SbctlError(_damaged(path, "it is empty" if not file.strip() else "it is cut off or not JSON")) from error
    found = content.get("format") if isinstance(content, dict) else None
    if type(found) is not int:
        raise SbctlError(_damaged(path, "its format is not a number"))
    if found > FORMAT:
        raise SbctlError(_newer(path, found))
    if digest != _digest(content):
        raise SbctlError(_damaged(path, "its checksum does not fit its content"))
    try:
        return State.model_validate(upgraded(content))
    except ValidationError as error:
        raise SbctlError(_damaged(path, f"{error.error_count()} fields do not fit")) from error


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _damaged(path: Path, detail: str) -> Problem:
    return Problem(
        code="state-damaged",
        summary="The state file is damaged",
        detail=f"{detail}; nothing was done with it",
        at=str(path),
        fix=f"Put back the newest sound file of {path.parent / 'generations'}, then run sbctl plan.",
    )


def _newer(path: Path, found: object) -> Problem:
    return Problem(
        code="state-newer",
        summary="The state was written by a newer sbctl",
        detail=f"its format is {found!r}, this sbctl knows {FORMAT}",
        at=str(path),
        fix="Use the version of sbctl that wrote it, or a newer one.",
    )
