"""What the API changes of contacts: attributes, names, references, tags, routing, schedules.

https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContact.html
https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactAttributes.html
https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactRoutingData.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from sbctl.sandbox.connect.contacts.operations.finding import Finder, attributes_of, invalid
from sbctl.sandbox.connect.part import ConnectPart, Site
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

MOST_TAGS = 6
"""Of one's own. https://docs.aws.amazon.com/connect/latest/APIReference/API_TagContact.html"""
ROUTING_SECONDS = 60.0
"""After which another priority or age of a contact that waits is heeded."""


class Changing:
    """The operations that change contacts."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._live = site.live
        self._find = Finder(site.store, site.live)

    def operations(self) -> Mapping[str, Operation]:
        return {
            "UpdateContact": self.update,
            "UpdateContactAttributes": self.attributes,
            "UpdateContactRoutingData": self.routing,
            "UpdateContactSchedule": self.schedule,
            "TagContact": self.tag,
            "UntagContact": self.untag,
        }

    def update(self, call: Call) -> Answer:
        contact, params = self._find.contact(call), call.params
        instance = self._site.store.active(call)
        external = contact.initiation in ("EXTERNAL_OUTBOUND",)
        for member in ("QueueInfo", "UserInfo", "CustomerEndpoint", "SystemEndpoint", "AdditionalRecipients"):
            if params.get(member) and not external and member != "QueueInfo":
                raise invalid(
                    f"{member} cannot be changed on a contact of {contact.channel} begun by {contact.initiation}"
                )
        if params.get("QueueInfo"):
            contact.queue = self._find.resource(instance, "queue", params["QueueInfo"].get("Id") or "")
        contact.name = params.get("Name", contact.name)
        contact.description = params.get("Description", contact.description)
        contact.references.update({name: dict(one) for name, one in (params.get("References") or {}).items()})
        contact.segment_attributes.update(params.get("SegmentAttributes") or {})
        self._live.ground.tell("attributes", contact)
        return {}

    def attributes(self, call: Call) -> Answer:
        """Of all contacts of the chain: they have one set."""
        first = self._find.contact(call, "InitialContactId")
        found = attributes_of(call.params, first.attributes)
        for contact in self._live.store.chain(first.id):
            contact.attributes = dict(found)
            self._live.ground.tell("attributes", contact)
        return {}

    def routing(self, call: Call) -> Answer:
        params = call.params
        names = ("QueueTimeAdjustmentSeconds", "QueuePriority", "RoutingCriteria")
        given = [name for name in names if params.get(name) is not None]
        if not given:
            raise ApiError(
                "InvalidParameterException", "QueuePriority, QueueTimeAdjustmentSeconds or RoutingCriteria is required"
            )
        if {"QueueTimeAdjustmentSeconds", "QueuePriority"} <= set(given):
            message = "QueuePriority and QueueTimeAdjustmentSeconds cannot both be set"
            raise ApiError("InvalidParameterException", message)
        contact = self._find.contact(call)
        progress = self._live.progress(contact)
        if progress is None or progress.state in ("ringing", "connected"):
            raise ApiError("ResourceConflictException", "The contact has ended, or is with an agent", 409)

        def act() -> None:
            contact.priority = int(params.get("QueuePriority", contact.priority))
            contact.routing_age = float(params.get("QueueTimeAdjustmentSeconds", contact.routing_age))
            contact.criteria = dict(params.get("RoutingCriteria") or contact.criteria)
            self._live.ground.tell("attributes", contact)

        if self._live.queueing.waits(contact):
            self._live.ground.after(ROUTING_SECONDS, act)
        else:
            act()
        return {}

    def schedule(self, call: Call) -> Answer:
        """Of a task that has not begun."""
        progress = self._find.going(call)
        contact, given = progress.contact, call.params["ScheduledTime"]
        if contact.channel != "TASK" or contact.scheduled is None or contact.scheduled <= self._live.ground.now():
            raise invalid("The contact is no task that is scheduled")
        when = (given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp()
        if not self._live.ground.now() < when <= self._live.ground.now() + 6 * 86400:
            raise invalid("ScheduledTime must be in the future, within 6 days")
        self._live.beginning.reschedule(progress, when)
        return {}

    def tag(self, call: Call) -> Answer:
        contact, new = self._find.contact(call), call.params["Tags"]
        if any(name.lower().startswith("aws:") for name in new):
            raise invalid("Tag keys must not begin with aws:")
        if len({**contact.tags, **new}) > MOST_TAGS:
            raise invalid(f"A contact has at most {MOST_TAGS} tags")
        contact.tags.update(new)
        self._live.ground.tell("attributes", contact)
        return {}

    def untag(self, call: Call) -> Answer:
        contact = self._find.contact(call)
        for name in call.params["TagKeys"]:
            contact.tags.pop(name, None)
        self._live.ground.tell("attributes", contact)
        return {}


PART = ConnectPart(Changing, quotas={})
