"""Publishing a contact flow: the stub with which each begins, and AWS's objections in words that people can follow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.core.address import Address
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.resource import AwsCalls
from sbctl.core.kinds.values import refs

DRAFT = ":$SAVED"
"""Behind an id: the draft of a flow."""
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
        raise explained(error, content) from error


def content_of(text: str) -> dict[str, Any]:
    """A content as AWS has it. Raises ValueError for what is no flow."""
    tree = json.loads(text)
    if not isinstance(tree, dict) or not all(isinstance(action, dict) for action in tree.get("Actions") or ()):
        raise ValueError("it is no flow")
    return tree


def associated(content: Any) -> frozenset[Address]:
    """What must exist before this content: functions are associated with the instance before a flow calls them.

    Whatever AWS makes of the opposite order.
    """
    functions: Iterable[Address] = {ref.address for ref in refs(content) if ref.address.kind == "lambda_function"}
    return frozenset(function.model_copy(update={"kind": "connect_lambda"}) for function in functions)


def save(aws: AwsCalls, region: str, ids: Mapping[str, str], draft: Mapping[str, Any]) -> None:
    """Replace the content of a draft, which AWS stores as it is."""
    place = {**at(ids), "ContactFlowId": ids["id"] + DRAFT}
    aws.call("connect", "UpdateContactFlowContent", region, **place, Content=json.dumps(draft))


def draft_of(text: str) -> dict[str, Any] | None:
    """A draft's content; None for what is no flow, which AWS stores all the same."""
    try:
        return content_of(text)
    except (ValueError, TypeError, RecursionError):
        return None


def explained(error: AwsError, content: Mapping[str, Any]) -> AwsError:
    """The same error with AWS's problem texts as its message, which is empty, and actions by name, not by number."""
    actions = content.get("Actions") or []

    def named(match: re.Match[str]) -> str:
        index = int(match[1])
        return f"action {actions[index].get('Identifier')!r}" if index < len(actions) else match[0]

    problems = [ACTION.sub(named, message) for message in _messages(error)]
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


def _messages(error: AwsError) -> Iterable[str]:
    """AWS spells the member with a small letter for flows, with a capital for modules. What is no problem there is passed over."""
    found = error.members.get("problems") or error.members.get("Problems") or ()
    rows = found if isinstance(found, list) else [found]
    return [str(row["message"]) for row in rows if isinstance(row, Mapping) and row.get("message")]
