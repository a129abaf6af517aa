"""Which flow a telephone number leads to: an association of its own, read in pages for all numbers of an instance.

https://docs.aws.amazon.com/connect/latest/APIReference/API_ListFlowAssociations.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.resources.calls import connect

ROWS_A_PAGE = 1000
VOICE = "VOICE_PHONE_NUMBER"


def flows_by_number(aws: AwsCalls, region: str, instance: str) -> dict[str, str]:
    """The ARN of the flow of each number that leads to one, by the ARN of the number."""
    asked = {"InstanceId": instance, "ResourceType": VOICE}
    rows = connect.pages(aws, region, "ListFlowAssociations", "FlowAssociationSummaryList", ROWS_A_PAGE, **asked)
    return _by_number(rows)


def flow_of(aws: AwsCalls, region: str, instance: str, number: str) -> str | None:
    """The ARN of the flow that one number, named by its ARN, leads to; None for none."""
    asked = {"InstanceId": instance, "ResourceIds": [number], "ResourceType": VOICE}
    found = connect.present(aws, region, "BatchGetFlowAssociation", **asked) or {}
    return _by_number(found.get("FlowAssociationSummaryList") or ()).get(number)


def link(aws: AwsCalls, region: str, ids: Mapping[str, str], flow: str | None) -> None:
    """Let a number lead to this flow, or to none: callers of a number without a flow hear that the call cannot be completed.

    A number that leads to a flow is led to another one by the same call.
    """
    at = {"PhoneNumberId": ids["id"], "InstanceId": ids["instance"]}
    if flow:
        aws.call("connect", "AssociatePhoneNumberContactFlow", region, **at, ContactFlowId=_id_of(flow))
    else:
        connect.present(aws, region, "DisassociatePhoneNumberContactFlow", **at)


def _id_of(flow: str) -> str:
    """The id of a flow, of its ARN: requests take the id."""
    return flow.rpartition("/")[2]


def _by_number(rows: Any) -> dict[str, str]:
    return {row["ResourceId"]: row["FlowId"] for row in rows}
