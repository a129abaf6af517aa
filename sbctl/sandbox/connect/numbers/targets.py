"""What a request about a number names: the number, by id or ARN in its own region, and the instance that gets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.numbers.book import KIND, numbers
from sbctl.sandbox.connect.store import ClaimedNumber, Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import ApiError, Call


def named(store: ResourceStore, call: Call) -> ClaimedNumber:
    """The number that `PhoneNumberId` names. Raises ApiError where this region has none such."""
    said = str(call.params["PhoneNumberId"])
    for one in numbers(store):
        if one.region == call.region and said in (one.id, one.arn):
            return one
    raise missing(KIND, bare(said))


def settled(store: ResourceStore, call: Call) -> ClaimedNumber:
    """As `named`, of a number about which nothing goes on."""
    found = named(store, call)
    if found.ready_at > store.clock.seconds():
        members = {"ResourceType": "PHONE_NUMBER", "ResourceId": found.arn}
        raise ApiError("ResourceInUseException", "An earlier change of the phone number is in progress", 409, members)
    return found


def target(store: ResourceStore, call: Call) -> Instance:
    """The instance that `TargetArn` or `InstanceId` names, one of which must be there and not both. Raises ApiError."""
    found = optional_target(store, call)
    if found is None:
        raise ApiError("InvalidParameterException", "TargetArn or InstanceId is required", 400)
    return found


def optional_target(store: ResourceStore, call: Call) -> Instance | None:
    """As `target`; None where the request names neither."""
    arn, identity = call.params.get("TargetArn"), call.params.get("InstanceId")
    if arn and identity:
        raise ApiError("InvalidParameterException", "TargetArn and InstanceId cannot both be given", 400)
    if not arn and not identity:
        return None
    try:
        instance = store.ready(call.region, str(arn or identity))
    except ApiError as error:
        raise _no_target(call, error.message) from error
    if arn and instance.arn != arn:
        raise _no_target(call, f"The target {arn} does not exist")
    return instance


def _no_target(call: Call, why: str) -> ApiError:
    """AWS models no ResourceNotFoundException for a search of what is available."""
    if call.operation == "SearchAvailablePhoneNumbers":
        return ApiError("InvalidParameterException", why, 400)
    return ApiError("ResourceNotFoundException", why, 404)


def prefix(params: Mapping[str, Any]) -> str:
    """What numbers shall begin with; "" for any. Raises ApiError for one that does not begin with +."""
    found = str(params.get("PhoneNumberPrefix") or "")
    if found and not found.startswith("+"):
        raise ApiError("InvalidParameterException", "PhoneNumberPrefix must contain + as part of the country code", 400)
    return found
