"""What operations on contacts share: the contact that a call names, what goes on of it, and ClientTokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sbctl.sandbox.connect.contacts.account.hub import LiveContacts
from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.live.progress import Progress
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import ApiError, Call

FLOW = "contact-flow"
LARGEST = 32768
"""Bytes of all attributes of a contact. https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactAttributes.html"""


class Finder:
    """Finds what a call names. Raises ApiError where it is not there."""

    def __init__(self, store: ResourceStore, live: LiveContacts) -> None:
        self._store = store
        self.live = live

    def contact(self, call: Call, parameter: str = "ContactId") -> Contact:
        """The contact of the call's instance."""
        named = str(call.params[parameter])
        found = self.live.store.of(self._store.active(call).id, named)
        if found is None:
            raise missing("contact", named)
        return found

    def going(self, call: Call) -> Progress:
        """The contact, which has not ended."""
        contact = self.contact(call)
        found = self.live.progress(contact)
        if found is None:
            raise invalid(f"The contact {contact.id} has ended")
        return found

    def flow(self, instance: Instance, named: str) -> ConnectResource:
        """A flow that was published."""
        found = instance.all(FLOW).get(bare(named).partition(":")[0])
        if found is None:
            raise missing("contact flow", named)
        if found.values.get("Content") is None:
            raise invalid("The contact flow has not been published")
        return found

    def resource(self, instance: Instance, kind: str, named: str) -> str:
        """The id of a resource of the instance."""
        if bare(named) not in instance.all(kind):
            raise missing(kind, named)
        return bare(named)

    def once(self, call: Call, make: Callable[[], Contact]) -> Contact:
        """What was made with the call's ClientToken in its instance, else what `make` makes now."""
        token = call.params.get("ClientToken")
        if not token:
            return make()
        key = f"{call.operation}:{self._store.active(call).id}:{token}"
        known = self.live.store.all.get(self.live.store.tokens.get(key, ""))
        if known is None:
            known = make()
            self.live.store.tokens[key] = known.id
        return known


def invalid(message: str) -> ApiError:
    return ApiError("InvalidRequestException", message, 400)


def attributes_of(params: Mapping[str, Any], before: Mapping[str, str] | None = None) -> dict[str, str]:
    """The attributes of a request on top of others. Raises ApiError where all together are too large."""
    found = {**(before or {}), **(params.get("Attributes") or {})}
    if sum(len(name.encode()) + len(value.encode()) for name, value in found.items()) > LARGEST:
        raise ApiError("InvalidParameterException", f"Attributes have more than {LARGEST} bytes", 400)
    return found
