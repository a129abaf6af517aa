"""Functions of a contact centre: as Lambda has them here, and in the config's words for the regions to come.

Here they stay what others made. Elsewhere sbctl makes them from the same code, where it can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from sbctl.core.aws.absent import call_or_none
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.resource import NotSayable
from sbctl.desired.config.sections import Runtime

GONE = ("ResourceNotFoundException",)
HANDLER = re.compile(r"[\w./:$-]{1,128}")
HARMLESS = frozenset(["true", "false", "0", "1", "debug", "info", "warn", "warning", "error", "critical"]) | {""}
"""Values of environment variables that can be no secret."""


@dataclass(frozen=True)
class Function:
    """A function as Lambda tells of it. `zipped` is False for one that is a container image."""

    name: str
    configuration: Mapping[str, Any]
    zipped: bool


@dataclass(frozen=True)
class Environment:
    """Variables with what stands for their values in any region, and those whose values are not written."""

    said: Mapping[str, str]
    unsaid: tuple[str, ...]


def look_at_functions(aws: AwsCalls, region: str, arns: Iterable[str]) -> dict[str, Function]:
    """Functions by ARN; those that are gone, or of another region, are none."""
    found = {}
    for arn in arns:
        if f":lambda:{region}:" not in arn:
            continue
        answer = call_or_none(aws, GONE, "lambda", "GetFunction", region, FunctionName=arn)
        if answer is not None:
            configuration = answer["Configuration"]
            zipped = configuration.get("PackageType", "Zip") == "Zip"
            found[arn] = Function(configuration["FunctionName"], configuration, zipped)
    return found


def variables(function: Function) -> dict[str, str]:
    """The environment variables of a function."""
    return dict((function.configuration.get("Environment") or {}).get("Variables") or {})


def settings(function: Function) -> dict[str, Any]:
    """The fields of the config item by which another region gets the same function. Raises NotSayable when it cannot."""
    of = function.configuration
    _refuse_unlike(function)
    description = {"description": of["Description"]} if of.get("Description") else {}
    return {
        **description,
        "runtime": of["Runtime"],
        "handler": of["Handler"],
        "timeoutSeconds": of.get("Timeout", 3),
        "memoryMb": of.get("MemorySize", 128),
    }


def _refuse_unlike(function: Function) -> None:
    """Raises NotSayable when a function that sbctl makes would not be the same."""
    of = function.configuration
    reasons = {
        "it is a container image": not function.zipped,
        f"new functions cannot be made with the runtime {of.get('Runtime')}": of.get("Runtime")
        not in get_args(Runtime),
        "its layers are of this region": bool(of.get("Layers")),
        "it runs in a VPC of this region": bool((of.get("VpcConfig") or {}).get("VpcId")),
        "its file system is of this region": bool(of.get("FileSystemConfigs")),
        "it runs on arm64, and sbctl makes functions on x86_64": "arm64" in of.get("Architectures", ()),
        "its handler has no words in the config": not HANDLER.fullmatch(of.get("Handler", "")),
    }
    found = [reason for reason, holds in reasons.items() if holds]
    if found:
        raise NotSayable(" and ".join(found))


def environment(function: Function, words: Mapping[str, str], allowed: frozenset[str]) -> Environment:
    """The variables: what is a known name becomes a placeholder, and nothing else is written unless it was allowed.

    A value may be a secret, and the config is no place for one.
    """
    said, unsaid = {}, []
    for name, value in sorted(variables(function).items()):
        if value in words:
            said[name] = words[value]
        elif "${" not in value and (value.lower() in HARMLESS or name in allowed):
            said[name] = value
        else:
            unsaid.append(name)
    return Environment(said, tuple(unsaid))
