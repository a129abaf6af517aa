"""Telephone numbers: claimed and moved asynchronously, unique in the account, gone for 180 days when they are let go.

https://docs.aws.amazon.com/connect/latest/APIReference/API_ClaimPhoneNumber.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sbctl.sandbox.connect.numbers import book
from sbctl.sandbox.connect.numbers.book import KIND
from sbctl.sandbox.connect.numbers.inventory import known
from sbctl.sandbox.connect.numbers.targets import named, settled, target
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import ClaimedNumber, ResourceStore, missing
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

CLAIM_SECONDS = 5.0
"""How long a claim or a move takes; and, below, a new description. AWS says no figures."""
METADATA_SECONDS = 1.0
TOKEN = re.compile(r"[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}")


class PhoneNumbers:
    """The operations that change numbers, and the description of one."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "ClaimPhoneNumber": self.claim,
            "DescribePhoneNumber": self.describe,
            "UpdatePhoneNumber": self.move,
            "UpdatePhoneNumberMetadata": self.update_description,
            "ReleasePhoneNumber": self.release,
        }

    def claim(self, call: Call) -> Answer:
        params = dict(call.params)
        token = params.pop("ClientToken", None)
        if token and not TOKEN.fullmatch(token):
            raise ApiError("InvalidParameterException", f"The ClientToken {token} is not a UUID", 400)
        place = f"{call.region}:{KIND}:{token}"
        asked, identity = self._store.tokens.get(place, (None, ""))
        made = self._store.numbers.claimed.get(identity)
        if token and made is not None:
            if asked != params:
                raise ApiError("IdempotencyException", "The ClientToken was used with other parameters", 409)
            return _ids(made)
        made = self._claimed(call)
        if token:
            self._store.tokens[place] = (params, made.id)
        return _ids(made)

    def _claimed(self, call: Call) -> ClaimedNumber:
        instance, number = target(self._store, call), str(call.params["PhoneNumber"])
        sort = known(number)
        if sort is None or not book.is_free(self._store, number):
            raise missing("available phone number", number)
        identity, why = str(uuid4()), book.why_not(self._store, instance)
        made = ClaimedNumber(
            id=identity,
            arn=call.arn(f"{KIND}/{identity}"),
            region=call.region,
            number=number,
            country=sort[0],
            type=sort[1],
            target=instance.arn,
            ready_at=self._store.clock.seconds() + CLAIM_SECONDS,
            description=str(call.params.get("PhoneNumberDescription") or ""),
            failure=why,
            held=not why,
            tags=dict(call.params.get("Tags") or {}),
        )
        self._store.numbers.claimed[identity] = made
        if made.held:
            book.claimed(self._store, made)
        return made

    def describe(self, call: Call) -> Answer:
        one = named(self._store, call)
        status: dict[str, Any] = {"Status": "FAILED" if one.failure else "CLAIMED"}
        if one.ready_at > self._store.clock.seconds():
            status["Status"] = "IN_PROGRESS"
        elif one.failure:
            status["Message"] = one.failure
        return {"ClaimedPhoneNumberSummary": {**shown(one), "Tags": dict(one.tags), "PhoneNumberStatus": status}}

    def move(self, call: Call) -> Answer:
        """The flow stays behind. A target that is full leaves the number where it is."""
        one, instance = settled(self._store, call), target(self._store, call)
        if not one.held:
            raise missing(KIND, one.id)
        one.ready_at = self._store.clock.seconds() + CLAIM_SECONDS
        one.failure = ""
        if instance.arn != one.target:
            one.failure = book.why_not(self._store, instance, one.id)
        if instance.arn != one.target and not one.failure:
            one.target, one.flows = instance.arn, {}
        return _ids(one)

    def update_description(self, call: Call) -> Answer:
        one = settled(self._store, call)
        if call.params.get("PhoneNumberDescription") is not None:
            one.description = str(call.params["PhoneNumberDescription"])
        one.ready_at = self._store.clock.seconds() + METADATA_SECONDS
        return {}

    def release(self, call: Call) -> Answer:
        book.release(self._store, settled(self._store, call), self._store.clock.seconds())
        return {}


def _ids(one: ClaimedNumber) -> Answer:
    return {"PhoneNumberId": one.id, "PhoneNumberArn": one.arn}


def shown(one: ClaimedNumber) -> dict[str, Any]:
    """A number as lists show it. Only one of an instance has the instance's id."""
    place = {"InstanceId": one.target.partition("instance/")[2]} if ":instance/" in one.target else {}
    return {
        **_ids(one),
        "PhoneNumber": one.number,
        "PhoneNumberCountryCode": one.country,
        "PhoneNumberType": one.type,
        "PhoneNumberDescription": one.description or None,
        "TargetArn": one.target,
        **place,
    }


PART = ConnectPart(
    lambda site: PhoneNumbers(site.store),
    quotas={KIND: 5},
    told=(Quota("connect", "L-8F812903", "Phone numbers per instance", 5.0, "AWS::Connect::Instance", KIND),),
)
