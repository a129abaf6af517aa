"""The sandbox that runs, as commands ask it: its note, and requests to its control API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sbctl.app import App
from sbctl.core.problem import Problem, SbctlError
from sbctl.local_sandbox import FOLDER, lifecycle_of

_RIGHT = "Correct it and run it again: nothing was done."
_LOOK = "sbctl sandbox status shows whether and where it runs."


def folder(app: App) -> Path:
    """Where the sandbox keeps its note and log."""
    return app.sandbox_home / FOLDER


def running(app: App) -> Mapping[str, Any]:
    """The note of the server that runs; empty when none does."""
    return lifecycle_of().running(folder(app)) or {}


def needed(app: App) -> dict[str, Any]:
    """The note of the server that runs. Raises SbctlError when none does."""
    lifecycle = lifecycle_of()
    note: dict[str, Any] | None = lifecycle.running(folder(app))
    if note is None:
        left = lifecycle.left_behind(folder(app))
        why = f"It was killed; its world is kept in {left}, and the next one resumes it." if left else ""
        at = str(folder(app))
        raise SbctlError(
            Problem(code="sandbox-down", summary="No sandbox runs here", detail=why, at=at, fix="sbctl sandbox up")
        )
    return note


def request_to(app: App, method: str, action: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """One control request. Raises SbctlError when no sandbox runs, or when it refuses."""
    lifecycle, note = lifecycle_of(), needed(app)
    patience = lifecycle.ADVANCE_SECONDS if action == "advance" else lifecycle.ANSWER_SECONDS
    try:
        found: dict[str, Any] = lifecycle.request(note, method, action, params, patience=patience)
    except lifecycle.SandboxError as error:
        reason = str(error).removeprefix(f"the sandbox refused {method} {action}: ")
        raise SbctlError(
            Problem(code="sandbox-refused", summary="The sandbox refused", detail=reason, at=action, fix=_RIGHT)
        ) from error
    except OSError as error:
        raise SbctlError(
            Problem(
                code="sandbox-silent", summary="The sandbox does not answer", detail=str(error), at=action, fix=_LOOK
            )
        ) from error
    return found
