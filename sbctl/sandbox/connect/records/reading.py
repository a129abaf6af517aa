"""DescribeContact, GetContactAttributes, ListContactReferences and SearchContacts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.store import ContactStore
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.records.criteria import TIMES, meets, within
from sbctl.sandbox.connect.records.refusals import invalid
from sbctl.sandbox.connect.records.shapes import described, summary
from sbctl.sandbox.connect.records.view import SEARCH_SECONDS, as_of
from sbctl.sandbox.connect.store import ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, Call, Operation

LONGEST_SEARCH = timedelta(weeks=8)
REFERENCES = {"URL": "Url", "NUMBER": "Number", "STRING": "String", "DATE": "Date", "EMAIL": "Email"}
"""Types of references that contacts here can have, and where the answer has them."""


class ContactReading:
    """The operations that read single contacts, and that search them."""

    def __init__(self, store: ResourceStore, contacts: ContactStore) -> None:
        self._store = store
        self._contacts = contacts

    def operations(self) -> Mapping[str, Operation]:
        """By AWS's names."""
        return {
            "DescribeContact": self.describe,
            "GetContactAttributes": self.attributes,
            "ListContactReferences": self.references,
            "SearchContacts": self.search,
        }

    def _contact(self, call: Call, parameter: str = "ContactId") -> Contact:
        instance, named = self._store.active(call), bare(str(call.params[parameter]))
        found = self._contacts.of(instance.id, named)
        if found is None or found.test:
            raise missing("contact", named)
        return found

    def describe(self, call: Call) -> Answer:
        """The contact as it is now."""
        return {"Contact": described(self._store.active(call), self._contact(call))}

    def attributes(self, call: Call) -> Answer:
        """The contact's attributes. Any contact of a chain will do."""
        return {"Attributes": dict(self._contact(call, "InitialContactId").attributes)}

    def references(self, call: Call) -> Answer:
        """The references of the wanted types."""
        wanted = call.params["ReferenceTypes"]
        found = [
            {REFERENCES[one["Type"]]: {"Name": name, "Value": one.get("Value", "")}}
            for name, one in sorted(self._contact(call).references.items())
            if one.get("Type") in wanted and one.get("Type") in REFERENCES
        ]
        shown, rest = page(found, call.params, 100)
        return {"ReferenceSummaryList": shown, **rest}

    def search(self, call: Call) -> Answer:
        """Contacts as the index has them."""
        instance, params = self._store.active(call), call.params
        time_range = params["TimeRange"]
        if time_range["StartTime"] >= time_range["EndTime"]:
            raise invalid("The StartTime of TimeRange must be before its EndTime")
        if time_range["EndTime"] - time_range["StartTime"] > LONGEST_SEARCH:
            raise invalid("TimeRange must not be longer than 8 weeks")
        indexed = as_of(
            self._contacts.of_instance.get(instance.id, {}).values(), self._store.clock.seconds() - SEARCH_SECONDS
        )
        criteria = params.get("SearchCriteria") or {}
        every = [one for one in indexed if within(one, time_range) and meets(instance, one, criteria)]
        shown, rest = page(_sorted(every, params.get("Sort")), params, 100, 25)
        return {"Contacts": [summary(instance, one) for one in shown], "TotalCount": len(every), **rest}


def _sorted(contacts: list[Contact], sort: Mapping[str, Any] | None) -> list[Contact]:
    """By the wanted field, contacts without it last; the newest first where nothing is wanted."""
    field, order = str((sort or {}).get("FieldName", "INITIATION_TIMESTAMP")), (sort or {}).get("Order", "DESCENDING")

    def key(contact: Contact) -> Any:
        if field == "INITIATION_METHOD":
            return contact.initiation
        if field == "CHANNEL":
            return contact.channel
        return TIMES[field](contact) if field in TIMES else None

    has = [one for one in contacts if key(one) is not None]
    rest = [one for one in contacts if key(one) is None]
    return [*sorted(has, key=lambda one: (key(one), one.id), reverse=order == "DESCENDING"), *rest]


PART = ConnectPart(lambda site: ContactReading(site.store, site.live.store), quotas={})
