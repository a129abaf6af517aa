"""Environment variables of functions that Lambda refuses, whatever their values.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

RESERVED = frozenset(
    {
        "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_HANDLER", "_X_AMZN_TRACE_ID",
    }
)  # fmt: skip
"""Lambda sets them itself."""
LARGEST = 4096
"""Bytes of all names and values together."""
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
_INSTEAD = {"AWS_REGION": "The code reads the region from AWS_REGION as it is; for one of your own, REGION: ${region}."}


def refused(environment: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """(field, what is wrong, what to do) of each variable, and of all of them together."""
    for name in environment:
        if name in RESERVED:
            fix = _INSTEAD.get(name, "Remove it, or choose another name.")
            yield f"environment.{name}", "Lambda reserves this variable and sets it itself", fix
        elif not _NAME.fullmatch(name):
            fix = "Use a letter and after it letters, digits and underscores, two characters at least."
            yield f"environment.{name}", "Lambda does not take a variable of this name", fix
    size = sum(len(name.encode()) + len(_PLACEHOLDER.sub("", text).encode()) for name, text in environment.items())
    if size > LARGEST:
        yield "environment", f"all variables have {size} bytes, and Lambda takes {LARGEST}", "Shorten or remove some."
