"""A Lambda function's spec, and between it and AWS: settings, states, the package's bytes.

https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.spec import Spec
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.text.secrets import without_secrets
from sbctl.desired.files.packages import HANDLER, LeadsOutside, pack
from sbctl.resources.calls.tags import owner

NAME_LIMIT = 64
FAILED = "Failed"
NO_REASON = "AWS gave no reason"


class FunctionSpec(Spec):
    """A function. `timeout` in seconds, `memory` in MB, `source` the folder that the package is made of.

    One that others made has no role here, and None for all else that sbctl leaves to them.
    """

    replace_on = frozenset({"name"})
    owned_maps = frozenset({"tags"})
    create_only = frozenset({"source"})
    confidential = frozenset({"environment"})
    as_is = frozenset(
        {"description", "role", "runtime", "handler", "timeout", "memory", "environment", "code_sha256", "reserved"}
    )

    name: str = Field(min_length=1, max_length=NAME_LIMIT, pattern=r"^[a-zA-Z0-9-_]+$")
    description: str | None = Field(default="", max_length=256)
    role: Link | None = None
    runtime: str | None = "python3.13"
    handler: str | None = Field(default="handler.handler", max_length=128)
    timeout: int | None = Field(default=5, ge=1, le=900)
    memory: int | None = Field(default=256, ge=128, le=10240)
    environment: dict[str, Link] | None = {}
    code_sha256: str | None = Field(default=None, description="Base64. None: whatever the folder packs to.")
    reserved: int | str | None = Field(default=None, description="Calls at a time; as text: none, and why not.")
    source: str = ""
    tags: dict[str, str] = {}


def made_by_others(name: str) -> FunctionSpec:
    """A function of which only the name is known: it is there already, and stays as it is."""
    return FunctionSpec(
        name=name, description=None, runtime=None, handler=None, timeout=None, memory=None, environment=None
    )


def never_made(name: str, region: str) -> Problem:
    """Why a function that others make cannot be created."""
    return Problem(
        code="function-missing",
        summary="A function that others make is not there",
        detail=f"regions.json says that {name} exists in {region}, and Lambda does not know it",
        at=f"{name} in {region}",
        fix='Create it, correct "function" in regions.json, or take that out and put the code in lambdas/.',
    )


def configuration_of(spec: FunctionSpec) -> dict[str, Any]:
    return {
        "Description": spec.description,
        "Role": spec.role,
        "Runtime": spec.runtime,
        "Handler": spec.handler,
        "Timeout": spec.timeout,
        "MemorySize": spec.memory,
        "Environment": {"Variables": dict(spec.environment or {})},
    }


def under_way(configuration: Mapping[str, Any]) -> str:
    """What the function is still busy with; empty when nothing."""
    if configuration.get("State") == "Pending":
        return "function being made"
    return "function being updated" if configuration.get("LastUpdateStatus") == "InProgress" else ""


def not_made(configuration: Mapping[str, Any], region: str) -> Problem | None:
    """Why the function cannot run; None when it can."""
    if configuration.get("State") != FAILED:
        return None
    name = configuration["FunctionName"]
    return _failed(
        f"{name} in {region}: {configuration.get('StateReason') or NO_REASON}",
        f"Remove the cause that AWS names; if Lambda does not recover, delete the function (aws lambda delete-function "
        f"--function-name {name} --region {region}). Then run the same command again.",
    )


def not_updated(configuration: Mapping[str, Any], region: str) -> Problem | None:
    """Why the function did not take its last update; None when it did."""
    failed = not_made(configuration, region)
    if failed is not None or configuration.get("LastUpdateStatus") != FAILED:
        return failed
    return _failed(
        f"{configuration['FunctionName']} in {region}: {configuration.get('LastUpdateStatusReason') or NO_REASON}",
        "Remove the cause that AWS names, then run the same command again.",
    )


def _failed(detail: str, fix: str) -> Problem:
    summary = "Lambda could not make the function ready"
    return Problem(code="function-failed", summary=summary, detail=detail, fix=fix, exit=Exit.PARTIAL)


def live_function(
    configuration: Mapping[str, Any], tags: dict[str, str], region: str, reserved: int | str | None = None
) -> Live[FunctionSpec]:
    """The function; its code is unknown (None) where Lambda did not finish the last update."""
    name = configuration["FunctionName"]
    finished = configuration.get("LastUpdateStatus") != FAILED
    spec = FunctionSpec.model_construct(
        name=name,
        description=configuration.get("Description", ""),
        role=configuration["Role"],
        runtime=configuration.get("Runtime", ""),
        handler=configuration.get("Handler", ""),
        timeout=configuration.get("Timeout", 3),
        memory=configuration.get("MemorySize", 128),
        # What others set by hand is compared and shown, and goes into plans and readings.
        environment=without_secrets((configuration.get("Environment") or {}).get("Variables") or {}),
        code_sha256=configuration["CodeSha256"] if finished else None,
        reserved=reserved,
        tags=tags,
    )
    outputs = {"name": name, "arn": configuration["FunctionArn"]}
    return Live(spec, {"name": name}, outputs, owner(tags), not_made(configuration, region))


def package_bytes(spec: FunctionSpec) -> bytes:
    """The package's bytes. Raises SbctlError when the folder is gone, or no longer what the plan was made of."""
    try:
        package = pack(Path(spec.source), spec.handler or HANDLER, spec.runtime or "")
    except LeadsOutside as error:
        raise SbctlError(_changed(spec.source, f"{error} is a link to elsewhere now")) from error
    except FileNotFoundError as error:
        raise SbctlError(
            Problem(
                code="package-missing",
                summary="The function's code is not where it was when the plan was made",
                detail=f"there is no {Path(str(error.args[0])).as_posix()}",
                at=spec.source,
                fix="Run sbctl in the folder in which the plan was made, or make a new plan.",
                exit=Exit.STALE,
            )
        ) from error
    if spec.code_sha256 not in (None, package.sha256):
        detail = f"{spec.source} packs to {package.sha256}, the plan holds {spec.code_sha256}"
        raise SbctlError(_changed(spec.source, detail))
    return package.zip


def _changed(source: str, detail: str) -> Problem:
    return Problem(
        code="package-changed",
        summary="The function's code changed after the plan was made",
        detail=detail,
        at=source,
        fix="Make a new plan.",
        exit=Exit.STALE,
    )
