"""What a queue calls out with: a number of its instance, and a whisper flow.

https://docs.aws.amazon.com/connect/latest/APIReference/API_OutboundCallerConfig.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.numbers.book import numbers
from sbctl.sandbox.connect.store import Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import ApiError

NUMBER, FLOW = "OutboundCallerIdNumberId", "OutboundFlowId"


def check_caller(store: ResourceStore, instance: Instance, config: Mapping[str, Any]) -> None:
    """Refuse a number that the instance has not, and a flow that is not there. Raises ApiError."""
    for member in (NUMBER, FLOW):
        if config.get(member) == "":
            raise ApiError("InvalidParameterException", f"OutboundCallerConfig.{member} is empty", 400)
    number, flow = config.get(NUMBER), config.get(FLOW)
    held = [one for one in numbers(store) if one.target == instance.arn and one.held]
    if number is not None and not any(number in (one.id, one.arn) for one in held):
        raise missing("phone number", str(number))
    if flow is not None and bare(str(flow)) not in instance.all("contact-flow"):
        raise missing("contact flow", str(flow))
