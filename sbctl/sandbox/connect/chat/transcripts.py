"""What is written in chats: messages, and events of people who join, leave and end them.

https://docs.aws.amazon.com/connect-participant/latest/APIReference/API_Item.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import uuid4

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.happenings import Happening, Said
from sbctl.sandbox.connect.records.view import stamp

PLAIN = "text/plain"
EVENT = "application/vnd.amazonaws.connect.event."
Role = Literal["CUSTOMER", "AGENT", "SYSTEM"]
EVENTS = {
    "participant.joined": "PARTICIPANT_JOINED",
    "participant.left": "PARTICIPANT_LEFT",
    "chat.ended": "CHAT_ENDED",
}


@dataclass(frozen=True)
class Item:
    """One message or event. `receipts`: when it was delivered and read, by the id of who it was for."""

    id: str
    when: float
    contact: str
    type: str
    content_type: str
    role: Role
    participant: str = ""
    name: str = ""
    content: str = ""
    receipts: tuple[tuple[str, str, float], ...] = ()
    """Recipient, "DELIVERED" or "READ", and when."""


@dataclass
class Transcripts:
    """Of all chats, by the first contact of the chain. Used under Connect's lock: hears contacts and what is said."""

    names: Callable[[str, str], str]
    """The name of an agent by instance and id."""
    customers: Callable[[str], tuple[str, str]]
    """Id and name of the customer of a chat."""
    of: dict[str, list[Item]] = field(default_factory=dict)
    content_type: str = PLAIN
    """That of the message which is being said."""

    def say(self, said: Said) -> None:
        """A message was written. Whispers to agents are none."""
        contact = said.contact
        if contact.channel != "CHAT" or said.to_agent or said.kind in ("PromptId", "Media"):
            return
        participant, name = self._who(contact, said.role)
        kind = self.content_type if said.role == "CUSTOMER" else PLAIN
        self._add(
            Item(str(uuid4()), said.when, contact.id, "MESSAGE", kind, said.role, participant, name, said.text), contact
        )

    def hear(self, happening: Happening) -> None:
        """Somebody joined or left, or the chat ended."""
        contact = happening.contact
        if contact is None or contact.channel != "CHAT" or contact.test:
            return
        match happening.what:
            case "begun" if contact.initial in ("", contact.id):
                self._event(contact, happening.when, "participant.joined", "CUSTOMER")
            case "connected":
                self._event(contact, happening.when, "participant.joined", "AGENT")
            case "left":
                self._event(contact, happening.when, "participant.left", "AGENT")
            case "ended":
                self._event(contact, happening.when, "chat.ended", "SYSTEM")

    def _event(self, contact: Contact, when: float, name: str, role: Role) -> None:
        participant, shown = self._who(contact, role)
        item = Item(str(uuid4()), when, contact.id, EVENTS[name], f"{EVENT}{name}", role, participant, shown)
        self._add(item, contact)

    def _who(self, contact: Contact, role: Role) -> tuple[str, str]:
        if role == "AGENT":
            return contact.agent, self.names(contact.instance, contact.agent)
        return self.customers(contact.initial or contact.id) if role == "CUSTOMER" else ("", "SYSTEM_MESSAGE")

    def _add(self, item: Item, contact: Contact) -> None:
        self.of.setdefault(contact.initial or contact.id, []).append(item)

    def receipt(self, chat: str, message: str, recipient: str, kind: str, when: float) -> bool:
        """Note that a message was delivered or read. Whether there is such a message."""
        items = self.of.get(chat, [])
        for place, item in enumerate(items):
            if item.id == message and item.type == "MESSAGE":
                items[place] = replace(item, receipts=(*item.receipts, (recipient, kind, when)))
                return True
        return False

    def file(self, account: str, contact: Contact) -> dict[str, Any] | None:
        """The transcript of one contact as its file has it; None where nothing was written."""
        chat = contact.initial or contact.id
        items = [one for one in self.of.get(chat, []) if one.contact == contact.id]
        if not any(one.type == "MESSAGE" for one in items):
            return None
        people = sorted({one.participant for one in items} - {""})
        return {
            "AWSAccountId": account,
            "InstanceId": contact.instance,
            "InitialContactId": chat,
            "ContactId": contact.id,
            "Participants": [{"ParticipantId": one} for one in people],
            "Transcript": [shown(one) for one in items],
            "Version": "2019-08-26",
        }


def shown(item: Item) -> dict[str, Any]:
    """An item as GetTranscript tells it."""
    told = {
        "AbsoluteTime": instant(item.when),
        "Id": item.id,
        "Type": item.type,
        "ContentType": item.content_type,
        "Content": item.content,
        "ParticipantId": item.participant,
        "DisplayName": item.name,
        "ParticipantRole": item.role,
        "ContactId": item.contact,
    }
    found: dict[str, Any] = {name: value for name, value in told.items() if value}
    if item.receipts:
        found["MessageMetadata"] = {"MessageId": item.id, "Receipts": _receipts(item)}
    return found


def _receipts(item: Item) -> list[dict[str, Any]]:
    by: dict[str, dict[str, Any]] = {}
    for recipient, kind, when in item.receipts:
        name = "ReadTimestamp" if kind == "READ" else "DeliveredTimestamp"
        by.setdefault(recipient, {"RecipientParticipantId": recipient})[name] = instant(when)
    return list(by.values())


def instant(when: float) -> str:
    """A time as chats have it: to the millisecond, in UTC."""
    found = stamp(when)
    assert found is not None
    return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")
