"""The Amazon Connect Participant Service: customers of chats connect, write, read and leave.

https://docs.aws.amazon.com/connect-participant/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sbctl.sandbox.connect.chat.chats import Chats
from sbctl.sandbox.connect.chat.pages import invalid, page
from sbctl.sandbox.connect.chat.transcripts import PLAIN, instant, shown
from sbctl.sandbox.connect.contacts.participants import Participant
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

DAY_SECONDS = 86400.0
CONNECTION_SECONDS = 4 * 3600.0
"""A websocket's address is good for an hour, credentials for a day; a page that is reloaded asks again."""
MESSAGES: Mapping[str, int] = {
    PLAIN: 1024,
    "text/markdown": 1024,
    "application/json": 12000,
    "application/vnd.amazonaws.connect.message.interactive.response": 12000,
}
"""Content types of messages, and how long they may be."""
EVENTS = "application/vnd.amazonaws.connect.event."
RECEIPTS = {f"{EVENTS}message.delivered": "DELIVERED", f"{EVENTS}message.read": "READ"}
SILENT = frozenset({f"{EVENTS}typing", f"{EVENTS}connection.acknowledged"})
"""Events that no transcript keeps."""


class ParticipantService:
    """The operations of a chat's customer."""

    name = "connectparticipant"
    differs = (
        "The address of a websocket is given and not served: clients read by GetTranscript. Attachments, views and WebRTC "
        "are absent. Agents take part by `sbctl sandbox agents` alone.",
        "A chat is answered in the region in which it was started; requests must be signed, as boto3's are.",
    )

    def __init__(self, chats: Callable[[], Chats]) -> None:
        """`chats` gives those of the world as it is: a reset makes others."""
        self._chats = chats

    @property
    def operations(self) -> Mapping[str, Operation]:
        """By AWS's names."""
        return {
            "CreateParticipantConnection": self._alone(self.connect),
            "SendMessage": self._alone(self.message),
            "SendEvent": self._alone(self.event),
            "GetTranscript": self._alone(self.transcript),
            "DisconnectParticipant": self._alone(self.disconnect),
        }

    def reset(self) -> None:
        """Connect's reset ends all chats."""

    def _alone(self, operation: Operation) -> Operation:
        def run(call: Call) -> Answer:
            with self._chats().lock:
                return operation(call)

        return run

    def connect(self, call: Call) -> Answer:
        """A connection of a participant."""
        chats = self._chats()
        found = chats.participants.by_token.get(str(call.params["ParticipantToken"]))
        if found is None or found.region != call.region or not chats.goes_on(found.contact):
            raise _denied()
        wanted = call.params.get("Type") or ([] if call.params.get("ConnectParticipant") else None)
        if wanted is None:
            raise invalid("Type or ConnectParticipant is required")
        if "WEBRTC_CONNECTION" in wanted:
            raise invalid("WEBRTC_CONNECTION is not a type of chats")
        token, now = chats.participants.connect(found), chats.now()
        answer: Answer = {}
        if "WEBSOCKET" in wanted:
            url = f"wss://participant.connect.{call.region}.amazonaws.com/chat?token={token}"
            answer["Websocket"] = {"Url": url, "ConnectionExpiry": instant(now + CONNECTION_SECONDS)}
        if "CONNECTION_CREDENTIALS" in wanted:
            answer["ConnectionCredentials"] = {"ConnectionToken": token, "Expiry": instant(now + DAY_SECONDS)}
        return answer

    def _participant(self, call: Call) -> Participant:
        found = self._chats().participants.by_connection.get(str(call.params["ConnectionToken"]))
        if found is None or found.region != call.region or not self._chats().goes_on(found.contact):
            raise _denied()
        return found

    def message(self, call: Call) -> Answer:
        """A message of the customer, which the flow, or the agent, gets."""
        participant, kind, text = self._participant(call), str(call.params["ContentType"]), str(call.params["Content"])
        if kind not in MESSAGES:
            raise invalid(f"ContentType {kind} is not supported")
        if len(text) > MESSAGES[kind]:
            raise invalid(f"Content must have at most {MESSAGES[kind]} characters")
        if kind == "application/json":
            _read(text)
        return self._once(call, participant, lambda: self._chats().write(participant, kind, text))

    def event(self, call: Call) -> Answer:
        """An event of the customer. Only receipts are kept."""
        participant, kind = self._participant(call), str(call.params["ContentType"])
        if kind not in SILENT and kind not in RECEIPTS:
            raise invalid(f"ContentType {kind} is not supported")
        if kind in RECEIPTS:
            named = _read(str(call.params.get("Content") or "{}")).get("messageId")
            if not self._chats().receipt(participant, str(named), RECEIPTS[kind]):
                raise invalid(f"There is no message {named}")
        return self._once(call, participant, self._chats().stamp)

    def _once(self, call: Call, participant: Participant, act: Callable[[], tuple[str, float]]) -> Answer:
        """What a ClientToken did before is not done again."""
        token = call.params.get("ClientToken")
        identity, when = self._chats().once(participant, str(token), act) if token else act()
        return {"Id": identity, "AbsoluteTime": instant(when)}

    def transcript(self, call: Call) -> Answer:
        """A page of what was written."""
        participant = self._participant(call)
        wanted = call.params.get("ContactId")
        items = self._chats().items(participant, str(wanted) if wanted else "")
        found, token = page(items, call.params)
        rest = {"NextToken": token} if token else {}
        return {"InitialContactId": participant.contact, "Transcript": [shown(one) for one in found], **rest}

    def disconnect(self, call: Call) -> Answer:
        """The customer leaves."""
        participant = self._participant(call)
        self._chats().leave(participant)
        return {}


def _read(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise invalid("Content is not JSON") from error
    return found if isinstance(found, dict) else {}


def _denied() -> ApiError:
    return ApiError("AccessDeniedException", "Access denied", 403)
