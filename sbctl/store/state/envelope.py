"""The state file's form: the state and a checksum of it, so that damage is recognised and not acted on."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import ValidationError

from sbctl.core.problem import Problem, SbctlError
from sbctl.core.state import FORMAT, State
from sbctl.core.text.strict_json import read_value
from sbctl.store.state.upgrade import upgraded


class DamageError(Exception):
    """What is wrong with a state file that is not, or not wholly, what sbctl wrote."""


def seal(state: State) -> bytes:
    """The file's content."""
    content = state.model_dump(mode="json")
    text = json.dumps({"sha256": _digest(content), "state": content}, indent=1, ensure_ascii=False) + "\n"
    return text.encode()


def open_envelope(file: bytes, at: str) -> State:
    """The state in a file's bytes. Raises DamageError, or SbctlError when it is newer than this sbctl."""
    try:
        envelope = read_value(file)
        content, digest = envelope["state"], envelope["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise DamageError("it is empty" if not file.strip() else "it is cut off or not JSON") from error
    found = content.get("format") if isinstance(content, dict) else None
    if type(found) is not int or found < 1:
        raise DamageError("its format is not a number")
    if found > FORMAT:
        raise SbctlError(_newer(at, found))
    if digest != _digest(content):
        raise DamageError("its checksum does not fit its content")
    try:
        return State.model_validate(upgraded(content))
    except ValidationError as error:
        raise DamageError(f"{error.error_count()} fields do not fit") from error


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _newer(at: str, found: object) -> Problem:
    return Problem(
        code="state-newer",
        summary="The state was written by a newer sbctl",
        detail=f"its format is {found!r}, this sbctl knows {FORMAT}",
        at=at,
        fix="Use the version of sbctl that wrote it, or a newer one.",
    )
