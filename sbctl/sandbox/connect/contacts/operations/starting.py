"""Contacts that the API starts: outbound calls, chats, tasks, and contacts that somebody else handles.

https://docs.aws.amazon.com/connect/latest/APIReference/API_StartOutboundVoiceContact.html
https://docs.aws.amazon.com/connect/latest/APIReference/API_StartChatContact.html
https://docs.aws.amazon.com/connect/latest/APIReference/API_StartTaskContact.html
https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateContact.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Channel, Contact
from sbctl.sandbox.connect.contacts.operations.finding import Finder, attributes_of, invalid
from sbctl.sandbox.connect.numbers.book import answering
from sbctl.sandbox.connect.part import ConnectPart, Site
from sbctl.sandbox.connect.store import Instance
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

OUTBOUND = "OUTBOUND_CALLS"
TASK_DAYS = 6
"""How far ahead a task may be scheduled."""
LIMITS: Mapping[Channel, tuple[str, int]] = {
    "CHAT": ("LimitExceededException", 500),
    "TASK": ("ServiceQuotaExceededException", 2500),
}
"""Concurrent chats and tasks of an instance.
https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html"""


class Starting:
    """The operations that start contacts."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._live = site.live
        self._find = Finder(site.store, site.live)

    def operations(self) -> Mapping[str, Operation]:
        return {
            "StartOutboundVoiceContact": self.voice,
            "StartChatContact": self.chat,
            "StartTaskContact": self.task,
            "CreateContact": self.create,
        }

    def _values(self, instance: Instance, params: Mapping[str, Any]) -> dict[str, Any]:
        """What all kinds of contacts are made of."""
        values: dict[str, Any] = {
            "name": params.get("Name") or "",
            "description": params.get("Description") or "",
            "attributes": attributes_of(params),
            "references": {name: dict(one) for name, one in (params.get("References") or {}).items()},
            "segment_attributes": dict(params.get("SegmentAttributes") or {}),
        }
        for member, name in (("RelatedContactId", "related"), ("PreviousContactId", "previous")):
            if params.get(member):
                known = self._live.store.of(instance.id, params[member])
                if known is None:
                    raise ApiError("ResourceNotFoundException", f"The contact {params[member]} does not exist", 404)
                values |= {name: known.id}
                if name == "previous":
                    values |= {"initial": known.initial, "attributes": attributes_of(params, known.attributes)}
        return values

    def voice(self, call: Call) -> Answer:
        instance, params = self._site.store.active(call), call.params
        flow = self._find.flow(instance, params["ContactFlowId"])
        if not params.get("SourcePhoneNumber") and not params.get("QueueId"):
            raise invalid("SourcePhoneNumber or QueueId is required")
        number = str(params["DestinationPhoneNumber"])
        if not number.startswith("+") or not number[1:].isdigit():
            raise invalid("DestinationPhoneNumber must be in E.164 format")
        source = self._source(instance, params)

        def make() -> Contact:
            if self._live.ground.is_full(instance):
                raise ApiError("LimitExceededException", "The quota of concurrent calls is reached", 429)
            values = self._values(instance, params) | {"customer": number, "system": source}
            contact = self._live.beginning.contact(instance, "VOICE", "API", **values)
            self._live.beginning.begin(contact, flow.id, dial=True)
            return contact

        return {"ContactId": self._find.once(call, make).id}

    def _source(self, instance: Instance, params: Mapping[str, Any]) -> str:
        """The number that the customer sees: the given one, else the queue's. Raises ApiError where neither is the instance's."""
        given = params.get("SourcePhoneNumber")
        if not given:
            queue = instance.all("queue")[self._find.resource(instance, "queue", params["QueueId"])]
            config = queue.values.get("OutboundCallerConfig") or {}
            claimed = self._site.store.numbers.claimed.get(str(config.get("OutboundCallerIdNumberId") or ""))
            if claimed is None:
                raise invalid("The queue has no outbound caller ID number")
            return claimed.number
        found = answering(self._site.store, str(given))
        if found is None or found[0].id != instance.id:
            raise invalid(f"The number {given} is not claimed by the instance")
        return str(given)

    def chat(self, call: Call) -> Answer:
        instance, params = self._site.store.active(call), call.params
        flow, name = self._find.flow(instance, params["ContactFlowId"]), params["ParticipantDetails"]["DisplayName"]
        first = params.get("InitialMessage")
        if first is not None and first["ContentType"] not in ("text/plain", "text/markdown", "application/json"):
            raise invalid(f"ContentType {first['ContentType']} is not supported")
        if params.get("PersistentChat"):
            self._past(instance, params["PersistentChat"])

        def make() -> Contact:
            self._check_limit(instance, "CHAT")
            values = self._values(instance, params) | {"customer_id": params.get("CustomerId") or ""}
            contact = self._live.beginning.contact(instance, "CHAT", "API", **values)
            contact.segment_attributes.setdefault("connect:Subtype", {"ValueString": "connect:Chat"})
            self._live.participants.join(contact.id, instance.region, name)
            progress = self._live.beginning.begin(contact, flow.id)
            if first is not None:
                self._live.driver.words(progress, str(first["Content"]))
            minutes = params.get("ChatDurationInMinutes") or 1500
            progress.plan("expiry", self._live.ground.after(minutes * 60, lambda: self._expire(contact.id)))
            return contact

        made = self._find.once(call, make)
        joined = self._live.participants.of(made.id)
        if joined is None:
            raise invalid("The chat of this ClientToken has ended")
        answer: Answer = {"ContactId": made.id, "ParticipantId": joined.id, "ParticipantToken": joined.token}
        if params.get("PersistentChat"):
            answer["ContinuedFromContactId"] = params["PersistentChat"]["SourceContactId"]
        return answer

    def _past(self, instance: Instance, persistent: Mapping[str, Any]) -> None:
        source = self._live.store.of(instance.id, str(persistent.get("SourceContactId") or ""))
        if source is None or source.channel != "CHAT":
            raise invalid("PersistentChat.SourceContactId is no chat of the instance")

    def _expire(self, named: str) -> None:
        """A chat's time is over, whatever it went on as."""
        for contact in self._live.store.chain(named):
            progress = self._live.progress(contact)
            if progress is not None:
                self._live.ending.end(progress, "EXPIRED")

    def _check_limit(self, instance: Instance, channel: Channel) -> None:
        code, most = LIMITS[channel]
        going = self._live.ground.progress.values()
        if sum(one.contact.instance == instance.id and one.contact.channel == channel for one in going) >= most:
            raise ApiError(code, f"The quota of concurrent contacts of {channel} is reached", 429)

    def task(self, call: Call) -> Answer:
        instance, params = self._site.store.active(call), call.params
        flow, queue, agent = self._target(instance, params)

        def make() -> Contact:
            self._check_limit(instance, "TASK")
            values = self._values(instance, params) | {"queue": queue, "agent": agent}
            values["scheduled"] = self._scheduled(params.get("ScheduledTime"))
            contact = self._live.beginning.contact(instance, "TASK", "API", **values)
            self._live.beginning.begin(contact, flow)
            return contact

        return {"ContactId": self._find.once(call, make).id}

    def _target(self, instance: Instance, params: Mapping[str, Any]) -> tuple[str, str, str]:
        """Flow, queue and agent of a task: by its flow, its template, or the quick connect that it goes to."""
        ways = [name for name in ("ContactFlowId", "QuickConnectId", "TaskTemplateId") if params.get(name)]
        if not ways:
            raise invalid("ContactFlowId, QuickConnectId or TaskTemplateId is required")
        if "QuickConnectId" in ways:
            if len(ways) > 1:
                raise invalid("QuickConnectId cannot be combined with ContactFlowId or TaskTemplateId")
            named = self._find.resource(instance, "transfer-destination", params["QuickConnectId"])
            config = instance.all("transfer-destination")[named].values["QuickConnectConfig"]
            to = config.get("QueueConfig") or config.get("UserConfig")
            if to is None:
                raise invalid("A task cannot go to a quick connect of the type PHONE_NUMBER")
            return self._find.flow(instance, to["ContactFlowId"]).id, to.get("QueueId") or "", to.get("UserId") or ""
        if params.get("ContactFlowId"):
            return self._find.flow(instance, params["ContactFlowId"]).id, "", ""
        template = instance.all("task-template").get(str(params["TaskTemplateId"]).rpartition("/")[2])
        if template is None:
            raise ApiError(
                "ResourceNotFoundException", f"The task template {params['TaskTemplateId']} does not exist", 404
            )
        flow = str(template.values.get("ContactFlowId") or "")
        if not flow:
            raise invalid("ContactFlowId is required: the task template has none")
        return self._find.flow(instance, flow).id, "", ""

    def _scheduled(self, given: datetime | None) -> float | None:
        if given is None:
            return None
        when, now = (given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp(), self._live.ground.now()
        if not now < when <= now + TASK_DAYS * 86400:
            raise invalid(f"ScheduledTime must be in the future, within {TASK_DAYS} days")
        return when

    def create(self, call: Call) -> Answer:
        """A contact that stands for what happens elsewhere; with InitiateAs CONNECTED_TO_USER an agent has it at once."""
        instance, params = self._site.store.active(call), call.params
        channel, how = params["Channel"], params["InitiationMethod"]
        allowed = {
            "EMAIL": ("OUTBOUND", "AGENT_REPLY", "FLOW"),
            "VOICE": ("TRANSFER",),
            "TASK": ("API",),
            "CHAT": ("API",),
        }
        if channel == "EMAIL" or how not in allowed[channel]:
            raise invalid(f"InitiationMethod {how} is not supported for {channel}")
        state = params.get("InitiateAs")
        user = (params.get("UserInfo") or {}).get("UserId")
        if state == "CONNECTED_TO_USER" and not user:
            raise invalid("UserInfo is required with InitiateAs CONNECTED_TO_USER")
        agent = self._find.resource(instance, "agent", user) if user else ""

        def make() -> Contact:
            values = self._values(instance, params) | {"agent": agent}
            contact = self._live.beginning.contact(instance, channel, how, **values)
            self._live.beginning.stand_for(contact, joined=state == "CONNECTED_TO_USER", over=state == "COMPLETED")
            return contact

        made = self._find.once(call, make)
        return {"ContactId": made.id, "ContactArn": f"{instance.arn}/contact/{made.id}"}


PART = ConnectPart(Starting, quotas={})
