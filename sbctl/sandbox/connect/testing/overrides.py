"""What a test case puts in place of functions, hours, bots and queues: each once, first in, first out.

https://docs.aws.amazon.com/connect/latest/adminguide/testing-simulation-action-override.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sbctl.sandbox.connect.testing.matching import same_resource


@dataclass(frozen=True)
class Override:
    """One behaviour that stands in for a resource's. `substitute` is an ARN; else `error`, or the `result` of the action."""

    action: str
    resource: str
    substitute: str = ""
    error: str = ""
    result: Any = None
    delay: float = 0.0


class Overrides:
    """Those of one execution that are not used up."""

    def __init__(self) -> None:
        self._waiting: list[Override] = []

    def add(self, properties: Mapping[str, Any]) -> None:
        """Take the properties of a FlowAction behaviour."""
        self._waiting.append(_override(properties))

    def take(self, action: str, resource: str) -> Override | None:
        """The first that is for a resource, used up by this; None where the resource itself is asked."""
        names = QUEUEING if action in QUEUEING else (action,)
        for one in self._waiting:
            if one.action in names and same_resource(one.resource, resource):
                self._waiting.remove(one)
                return one
        return None


QUEUEING = ("TransferContactToQueue", "DequeueAndTransferToQueue")


def resource_of(action: str, parameters: Mapping[str, Any]) -> str:
    """The resource that an action's parameters name."""
    if action == "InvokeLambdaFunction":
        return str(parameters.get("LambdaFunctionARN") or "")
    if action == "CheckHoursOfOperation":
        return str(parameters.get("HoursOfOperationId") or "")
    if action == "ConnectParticipantWithLexBot":
        bot = parameters.get("LexV2Bot") or {}
        return str(bot.get("AliasArn") or "") if isinstance(bot, Mapping) else ""
    return str(parameters.get("QueueId") or "")


def _override(properties: Mapping[str, Any]) -> Override:
    action = str(properties["ActionType"])
    resource = resource_of(action, properties.get("ActionParameters") or {})
    strategy = properties.get("Strategy") or {}
    if strategy.get("Type") == "SubstituteResource":
        return Override(action, resource, substitute=str(strategy.get("SubstituteArn") or ""))
    response = strategy.get("Response") or {}
    if response.get("Type") == "Error":
        error = response.get("Error") or {}
        delay = _seconds(error.get("DelaySeconds"))
        return Override(action, resource, error=str(error.get("Value") or "NoMatchingError"), delay=delay)
    result = response.get("ExecutionResult") or {}
    value = result.get("Value") if action == "CheckHoursOfOperation" else _loaded(result.get("LoadedData"))
    return Override(action, resource, result=value, delay=_seconds(result.get("DelaySeconds")))


def _loaded(text: Any) -> Any:
    """The data that a mock loads, which is JSON in a text."""
    if not isinstance(text, str):
        return text if text is not None else {}
    try:
        return json.loads(text)
    except ValueError:
        return text


def _seconds(value: Any) -> float:
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return 0.0
