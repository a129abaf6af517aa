"""Contacts that are ended, moved on, paused and resumed by the API.

https://docs.aws.amazon.com/connect/latest/APIReference/API_StopContact.html
https://docs.aws.amazon.com/connect/latest/APIReference/API_TransferContact.html
https://docs.aws.amazon.com/connect/latest/APIReference/API_PauseContact.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.operations.finding import Finder, invalid
from sbctl.sandbox.connect.part import ConnectPart, Site
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

NOT_STOPPED = frozenset({"DISCONNECT", "TRANSFER", "QUEUE_TRANSFER", "EXTERNAL_OUTBOUND", "MONITOR"})
"""Initiation methods of calls that StopContact refuses."""
MOVED = ("CHAT", "TASK")
MOST_IN_CHAIN = 12


class Moving:
    """The operations that take contacts elsewhere."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._live = site.live
        self._find = Finder(site.store, site.live)

    def operations(self) -> Mapping[str, Operation]:
        return {
            "StopContact": self.stop,
            "TransferContact": self.transfer,
            "PauseContact": self.pause,
            "ResumeContact": self.resume,
        }

    def stop(self, call: Call) -> Answer:
        instance, named = self._site.store.active(call), str(call.params["ContactId"])
        contact = self._live.store.of(instance.id, named)
        progress = self._live.progress(contact) if contact is not None else None
        if contact is None or progress is None:
            raise ApiError("ContactNotFoundException", f"The contact {named} does not exist, or has ended", 410)
        if contact.channel == "VOICE" and contact.initiation in NOT_STOPPED:
            raise invalid(f"A call with the initiation method {contact.initiation} cannot be stopped")
        self._live.ending.end(progress, str((call.params.get("DisconnectReason") or {}).get("Code") or "API"))
        return {}

    def transfer(self, call: Call) -> Answer:
        instance, params = self._site.store.active(call), call.params
        if bool(params.get("QueueId")) == bool(params.get("UserId")):
            raise invalid("Exactly one of QueueId and UserId is required")
        flow = self._find.flow(instance, params["ContactFlowId"])
        queue = self._find.resource(instance, "queue", params["QueueId"]) if params.get("QueueId") else ""
        user = self._find.resource(instance, "agent", params["UserId"]) if params.get("UserId") else ""

        def make() -> Contact:
            progress = self._find.going(call)
            if progress.contact.channel not in MOVED:
                raise invalid(f"A contact of the channel {progress.contact.channel} cannot be transferred")
            if len(self._live.store.chain(progress.contact.initial)) >= MOST_IN_CHAIN:
                message = f"A contact is transferred at most {MOST_IN_CHAIN - 1} times"
                raise ApiError("ServiceQuotaExceededException", message, 402)
            return self._live.beginning.transfer(progress, flow.id, queue, user)

        made = self._find.once(call, make)
        return {"ContactId": made.id, "ContactArn": f"{instance.arn}/contact/{made.id}"}

    def pause(self, call: Call) -> Answer:
        progress = self._task(call)
        if progress.paused:
            raise ApiError("ConflictException", "The contact is paused already", 409)
        progress.paused = True
        self._live.ground.tell("paused", progress)
        return {}

    def resume(self, call: Call) -> Answer:
        contact = self._task(call)
        if not contact.paused:
            raise ApiError("ConflictException", "The contact is not paused", 409)
        contact.paused = False
        self._live.ground.tell("unpaused", contact)
        progress = self._live.progress(contact)
        if progress is not None and progress.state == "queued":
            self._live.router.contact_waits(progress)
        return {}

    def _task(self, call: Call) -> Contact:
        if call.params.get("ContactFlowId"):
            self._find.flow(self._site.store.active(call), call.params["ContactFlowId"])
        contact = self._find.going(call).contact
        if contact.channel != "TASK":
            raise invalid("Only tasks and e-mails can be paused and resumed")
        return contact


PART = ConnectPart(Moving, quotas={})
