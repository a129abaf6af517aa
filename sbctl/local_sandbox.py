"""The sandbox's server as sbctl starts, finds and ends it. The only place that imports the sandbox."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project_files import REGIONS_FILE
from sbctl.core.text.strict_json import read_value
from sbctl.files.regular import read_text

FOLDER = "sandbox"
OF_SANDBOX = (
    "AWS_ENDPOINT_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_EC2_METADATA_DISABLED",
    "SBCTL_RESOLVER",
)
"""Variables that `sandbox env` sets and that keep a terminal from AWS. The others of it do no harm there."""
SPEED = 10.0
"""Of a sandbox that --sandbox starts: an instance that AWS makes in a minute is there in seconds."""


def ensure_running(state: Path, config: Path) -> dict[str, Any]:
    """The note of the sandbox that belongs to a state folder; started when none runs."""
    return start(state / FOLDER, speed=SPEED, **world_of(config))


def world_of(config: Path) -> dict[str, str]:
    """The account and the hosted zone that a config takes for granted. The config may still be wrong or missing."""
    try:
        found = read_value(read_text(config / REGIONS_FILE))
        account, domain = str(found.get("account", "")), str(found.get("domain", ""))
    except (OSError, ValueError, AttributeError):
        account, domain = "", ""
    return {"account": account if re.fullmatch(r"[0-9]{12}", account) else "", "zone": domain or "example.com"}


def lifecycle_of() -> Any:
    """The sandbox's lifecycle module. Raises SbctlError when the extra is not installed."""
    missing = [name for name in ("moto", "cheroot", "regex") if find_spec(name) is None]
    if missing:
        raise SbctlError(
            Problem(
                code="no-sandbox",
                summary="The sandbox is not installed",
                detail=f"missing: {', '.join(missing)}",
                at="--sandbox",
                fix="pip install 'sbctl-connect[sandbox]'",
                exit=Exit.USAGE,
            )
        )
    from sbctl.sandbox import lifecycle

    return lifecycle


def start(place: Path, **options: Any) -> dict[str, Any]:
    """The note of the server that runs, or of one that is started now. Raises SbctlError when it does not start."""
    lifecycle = lifecycle_of()
    try:
        note: dict[str, Any] = lifecycle.up(place, **options)
    except (lifecycle.SandboxError, OSError) as error:
        raise SbctlError(
            Problem(
                code="sandbox-failed",
                summary="The sandbox did not start",
                detail=str(error),
                at=str(place),
                fix="sbctl sandbox up starts it and says more; what it wrote is beside its note.",
            )
        ) from error
    return note


def stop(place: Path, lifecycle: Any = None) -> bool:
    """Stop the server; whether one ran. Raises SbctlError when it does not end. `lifecycle` stands in for the sandbox's own."""
    lifecycle = lifecycle or lifecycle_of()
    try:
        return bool(lifecycle.down(place))
    except (lifecycle.SandboxError, OSError) as error:
        raise SbctlError(
            Problem(
                code="sandbox-stays",
                summary="The sandbox did not stop",
                detail=str(error),
                at=str(place),
                fix="Wait until it has done what it does, and run sbctl sandbox down again.",
            )
        ) from error


def remark(note: Mapping[str, Any], recorded: int) -> Problem | None:
    """What to know of a sandbox that was just started, for a state that records so many resources of a sandbox."""
    if note["begun"] == "resumed":
        return Problem(
            code="sandbox-resumed",
            summary="The sandbox resumes the world of the one that was killed",
            detail="About the last second of its changes may be missing.",
            at=str(note["data"]),
            exit=Exit.DONE,
        )
    if note["begun"] == "empty" and recorded:
        return Problem(
            code="sandbox-empty",
            summary="A new, empty sandbox was started",
            detail=f"The state records {recorded} resources of an earlier sandbox that no longer runs. Nothing of them is left"
            " in this one: a plan shows them as to be created.",
            at=str(note["endpoint"]),
            fix="sbctl sandbox up --data FOLDER resumes a world that was kept in FOLDER; stop this one before it.",
            exit=Exit.DONE,
        )
    return None


def still_called(note: Mapping[str, Any], environment: Mapping[str, str]) -> Problem | None:
    """What to know where the caller's variables lead every AWS call to the sandbox of this note, which stops."""
    called = environment.get("AWS_ENDPOINT_URL", "").rstrip("/")
    if not called or called != note.get("endpoint"):
        return None
    return Problem(
        code="sandbox-still-called",
        summary="AWS calls of this terminal still go to the sandbox that has stopped",
        detail="`sbctl sandbox env` set the variables.",
        at=f"AWS_ENDPOINT_URL={called}",
        fix=f"unset {' '.join(OF_SANDBOX)}",
        exit=Exit.DONE,
    )
