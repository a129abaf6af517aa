"""People as the tests of the simulated Connect need them: a user of a new instance, and what one is made of."""

from __future__ import annotations

from typing import Any

from sbctl.sandbox.service import ApiError
from tests.sandbox.connect_calls import Centre

PASSWORD = "Correct-Horse-7"


def security_profile(centre: Centre, name: str = "Agent") -> str:
    """The id of a security profile."""
    every = centre.ask("ListSecurityProfiles")["SecurityProfileSummaryList"]
    return str(next(one["Id"] for one in every if one["Name"] == name))


def routing_profile(centre: Centre) -> str:
    """The id of the routing profile that a new instance has."""
    return str(centre.ask("ListRoutingProfiles")["RoutingProfileSummaryList"][0]["Id"])


def queue(centre: Centre) -> str:
    """The id of the queue that a new instance has."""
    return str(centre.ask("ListQueues", QueueTypes=["STANDARD"])["QueueSummaryList"][0]["Id"])


def flow(centre: Centre) -> str:
    """The id of a flow."""
    return str(centre.ask("ListContactFlows")["ContactFlowSummaryList"][0]["Id"])


def wanted(centre: Centre, name: str = "jane", **other: Any) -> dict[str, Any]:
    """What a request to make a user says; None takes a member out."""
    params = {
        "Username": name,
        "Password": PASSWORD,
        "IdentityInfo": {"FirstName": "Jane", "LastName": "Doe"},
        "SecurityProfileIds": [security_profile(centre)],
        "RoutingProfileId": routing_profile(centre),
        **other,
    }
    return {member: value for member, value in params.items() if value is not None}


def user(centre: Centre, name: str = "jane", **other: Any) -> str:
    """The id of a new user."""
    return str(centre.ask("CreateUser", **wanted(centre, name, **other))["UserId"])


def refusal(centre: Centre, operation: str, **params: Any) -> str:
    """The code with which an operation is refused that names no instance; "" where it is not."""
    try:
        centre.call(operation, **params)
    except ApiError as error:
        return error.code
    return ""
