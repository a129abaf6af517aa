"""A function as Connect invokes it: in the region of its ARN, where its policy lets Connect, and as that region's faults leave it.

https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from sbctl.sandbox.service import Answer, ApiError

PRINCIPAL = "connect.amazonaws.com"
ACTIONS = ("lambda:InvokeFunction", "lambda:*", "*")
SILENT = ("down", "hang")
"""Faults after which no answer comes: for Connect the time is over."""
LATE = ApiError("TimeLimitExceeded", "The function did not answer in time", 408)
Run = Callable[[str, str, Any], tuple[bytes, str]]
"""Runs a function, by region and name (with a version or alias): its payload, and what failed in it. Raises ApiError."""
Ask = Callable[[str, str, Mapping[str, Any]], Answer]
"""An operation of Lambda, by name, in a region. Raises ApiError."""
Broken = Callable[[str], str]
"""The kind of the fault that breaks an invocation in a region now; "" for none."""


@dataclass(frozen=True)
class Functions:
    """The functions of the account, for Connect."""

    run: Run
    ask: Ask
    broken: Broken

    def invoke(self, region: str, function: str, event: Any) -> tuple[bytes, str]:
        """Invoke by ARN, or by name in the contact's region: the payload, and what failed ("" nothing).

        Raises ApiError: TimeLimitExceeded where no answer comes, else Lambda's. Waits for the function: call it from no thread
        that others wait for.
        """
        home, name = parted(function, region)
        broken = self.broken(home)
        if broken in SILENT:
            raise LATE
        if broken and broken != "slow":
            raise ApiError("ServiceException", "The function's region fails", 500)
        if not self._may(home, name, _instance(event), is_near=home == region):
            raise ApiError("AccessDeniedException", f"Connect may not invoke {function}", 403)
        return self.run(home, name, event)

    def _may(self, region: str, name: str, instance: str, *, is_near: bool) -> bool:
        """Whether the policy lets Connect in.

        A function of the instance's region may have none: AWS writes a statement when it is associated, which the sandbox's
        association does not.
        """
        try:
            policy = self.ask("GetPolicy", region, {"FunctionName": name.partition(":")[0]})
        except ApiError as error:
            return is_near and error.code == "ResourceNotFoundException"
        return any(allows(one, instance) for one in json.loads(policy["Policy"])["Statement"])


def parted(function: str, region: str) -> tuple[str, str]:
    """Region and name of a function, with its version or alias; one that is no ARN is in the region of the contact."""
    parts = function.split(":")
    return (parts[3], ":".join(parts[6:])) if len(parts) > 6 and parts[0] == "arn" else (region, function)


def _instance(event: Any) -> str:
    return str(event["Details"]["ContactData"]["InstanceARN"]) if isinstance(event, Mapping) else ""


def allows(statement: Mapping[str, Any], instance: str) -> bool:
    """Whether a statement of a function's policy lets Connect invoke it for an instance, by its ARN."""
    principal, actions = statement.get("Principal"), statement.get("Action")
    who = principal.get("Service") if isinstance(principal, Mapping) else principal
    if statement.get("Effect") != "Allow" or (PRINCIPAL not in _many(who) and "*" not in _many(who)):
        return False
    if not set(_many(actions)) & set(ACTIONS):
        return False
    values = {"aws:sourcearn": instance, "aws:sourceaccount": (instance.split(":") + [""] * 5)[4]}
    conditions = statement.get("Condition") or {}
    return all(
        any(fnmatchcase(values.get(key.lower(), ""), str(one)) for one in _many(wanted))
        for operator, pairs in conditions.items()
        if operator.startswith(("Arn", "String"))
        for key, wanted in pairs.items()
    )


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
