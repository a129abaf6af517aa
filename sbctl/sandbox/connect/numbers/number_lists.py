"""Numbers that may be claimed, and lists of those that are.

https://docs.aws.amazon.com/connect/latest/APIReference/API_ListPhoneNumbersV2.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.sandbox.connect.numbers.book import KIND, is_free, numbers
from sbctl.sandbox.connect.numbers.inventory import inventory
from sbctl.sandbox.connect.numbers.phone_numbers import shown
from sbctl.sandbox.connect.numbers.targets import optional_target, prefix, target
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import ClaimedNumber, ResourceStore
from sbctl.sandbox.service import Answer, Call, Operation

OLDER = {
    "UIFN": "TOLL_FREE",
    "THIRD_PARTY_TF": "TOLL_FREE",
    "SHARED": "DID",
    "THIRD_PARTY_DID": "DID",
    "SHORT_CODE": "DID",
}
"""As what ListPhoneNumbers shows types that it does not know."""


class NumberLists:
    """The operations that look for numbers."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "SearchAvailablePhoneNumbers": self.available,
            "ListPhoneNumbers": self.list_older,
            "ListPhoneNumbersV2": self.list_all,
        }

    def available(self, call: Call) -> Answer:
        target(self._store, call)
        country, kind = call.params["PhoneNumberCountryCode"], call.params["PhoneNumberType"]
        wanted = prefix(call.params)
        every = [one for one in inventory(country, kind) if one.startswith(wanted) and is_free(self._store, one)]
        found, rest = page(every, call.params, 10)
        rows = [{"PhoneNumber": one, "PhoneNumberCountryCode": country, "PhoneNumberType": kind} for one in found]
        return {"AvailableNumbersList": rows, **rest}

    def list_all(self, call: Call) -> Answer:
        instance = optional_target(self._store, call)
        every = [one for one in self._here(call) if instance is None or one.target == instance.arn]
        found, rest = page(_fitting(every, call.params), call.params, 1000, 100)
        return {"ListPhoneNumbersSummaryList": [shown(one) for one in found], **rest}

    def list_older(self, call: Call) -> Answer:
        """With ARNs that nothing else takes, and types that are not quite right: AWS advises against it."""
        instance = self._store.active(call)
        every = [one for one in self._here(call) if one.target == instance.arn]
        found, rest = page(_fitting(every, call.params), call.params, 1000, 100)
        rows = [
            {
                "Id": one.id,
                "Arn": f"{instance.arn}/{KIND}/{one.id}",
                "PhoneNumber": one.number,
                "PhoneNumberType": OLDER.get(one.type, one.type),
                "PhoneNumberCountryCode": one.country,
            }
            for one in found
        ]
        return {"PhoneNumberSummaryList": rows, **rest}

    def _here(self, call: Call) -> list[ClaimedNumber]:
        return [one for one in numbers(self._store) if one.region == call.region]


def _fitting(every: Iterable[ClaimedNumber], params: Mapping[str, Any]) -> list[ClaimedNumber]:
    countries, types, begins = params.get("PhoneNumberCountryCodes"), params.get("PhoneNumberTypes"), prefix(params)
    found = (one for one in every if one.number.startswith(begins))
    return [one for one in found if (not countries or one.country in countries) and (not types or one.type in types)]


PART = ConnectPart(lambda site: NumberLists(site.store), quotas={})
