"""Settings of functions that Lambda refuses and moto takes.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.service import ApiError

LIMITS = {"Timeout": 900, "MemorySize": 10240}
"""Seconds and MB. The model has higher ones, which hold for functions on instances of one's own."""
RETIRED = frozenset(
    {
        *(f"dotnetcore{version}" for version in ("1.0", "2.0", "2.1", "3.1")),
        *(f"nodejs{version}" for version in ("", "4.3", "4.3-edge", "6.10", "8.10", "10.x", "12.x", "14.x")),
        *(f"python{version}" for version in ("2.7", "3.6", "3.7", "3.8")),
        "go1.x",
        "java8",
        "provided",
        "ruby2.5",
        "ruby2.7",
    }
)
"""Runtimes of which no function can be made or updated any more."""
ENVIRONMENT_BYTES = 4096
RESERVED = frozenset(
    {
        *(f"AWS_{name}" for name in ("ACCESS_KEY", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "REGION")),
        *(f"AWS_{name}" for name in ("DEFAULT_REGION", "EXECUTION_ENV", "LAMBDA_RUNTIME_API")),
        *(f"AWS_LAMBDA_{name}" for name in ("FUNCTION_NAME", "FUNCTION_VERSION", "FUNCTION_MEMORY_SIZE")),
        *(f"AWS_LAMBDA_{name}" for name in ("INITIALIZATION_TYPE", "LOG_GROUP_NAME", "LOG_STREAM_NAME")),
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "_HANDLER",
    }
)


def check_settings(params: Mapping[str, Any]) -> None:
    """Raise ApiError for settings, of a new function or of an update, that Lambda does not take."""
    for name, limit in LIMITS.items():
        if params.get(name, 0) > limit:
            where = name[0].lower() + name[1:]
            constraint = f"failed to satisfy constraint: Member must have value less than or equal to {limit}"
            message = f"1 validation error detected: Value '{params[name]}' at '{where}' {constraint}"
            raise ApiError("ValidationException", message, 400)
    runtime = params.get("Runtime")
    if runtime in RETIRED:
        message = (
            f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions. "
            "We recommend you use a supported runtime while creating or updating functions."
        )
        raise invalid(message)
    _check_environment(params.get("Environment", {}).get("Variables", {}))


def check_complete(params: Mapping[str, Any]) -> None:
    """Raise ApiError when a new function from a zip lacks its runtime or handler."""
    zipped = params.get("PackageType", "Zip") == "Zip"
    if zipped and not (params.get("Runtime") and params.get("Handler")):
        raise invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")


def _check_environment(variables: Mapping[str, str]) -> None:
    unable = (
        "Lambda was unable to configure your environment variables because the environment variables you have provided"
    )
    reserved = sorted(RESERVED & variables.keys())
    if reserved:
        message = (
            f"{unable} contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
        raise invalid(message)
    measured = json.dumps(dict(variables), separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > ENVIRONMENT_BYTES:
        raise invalid(f"{unable} exceeded the 4KB limit. String measured: {measured}")


def invalid(message: str) -> ApiError:
    return ApiError("InvalidParameterValueException", message, 400)
