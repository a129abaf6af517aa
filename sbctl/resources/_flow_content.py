"""Publishing a contact flow: the stub with which each begins, and AWS's objections in words that people can follow."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sbctl.core.problem import AwsError
from sbctl.core.resource import AwsCalls

ACTION = re.compile(r"Actions\[(\d+)\]")
STUB: dict[str, Any] = {
    "Version": "2019-10-30",
    "StartAction": "end",
    "Metadata": {},
    "Actions": [{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}],
}
"""The smallest flow that AWS publishes, whatever the type."""


def at(ids: Mapping[str, str]) -> dict[str, str]:
    """The members that name a flow in every request about it."""
    return {"InstanceId": ids["instance"], "ContactFlowId": ids["id"]}


def publish(aws: AwsCalls, region: str, ids: Mapping[str, str], content: Mapping[str, Any]) -> None:
    """Replace the published content. Raises AwsError whose message says what is wrong with which action."""
    try:
        aws.call("connect", "UpdateContactFlowContent", region, **at(ids), Content=json.dumps(content))
    except AwsError as error:
        if error.code != "InvalidContactFlowException":
            raise
        raise _explained(error, content) from error


def _explained(error: AwsError, content: Mapping[str, Any]) -> AwsError:
    """The same error with AWS's problem texts as its message, which is empty, and actions by name, not by number."""
    actions = content.get("Actions") or []

    def named(match: re.Match[str]) -> str:
        index = int(match[1])
        return f"action {actions[index]['Identifier']!r}" if index < len(actions) else match[0]

    problems = [ACTION.sub(named, problem["message"]) for problem in error.members.get("problems") or ()]
    return AwsError(
        error.code,
        "; ".join(problems) or error.message,
        service=error.service,
        operation=error.operation,
        region=error.region,
        status=error.status,
        request_id=error.request_id,
        members=error.members,
    )
