"""Who takes part in chats, and by which tokens they speak: a participant's token, and those of its connections.

https://docs.aws.amazon.com/connect-participant/latest/APIReference/API_CreateParticipantConnection.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_urlsafe
from uuid import uuid4

TOKEN_BYTES = 96


@dataclass(frozen=True)
class Participant:
    """A customer in a chat. `contact`: the first contact of the chain, in which the chat goes on."""

    id: str
    contact: str
    region: str
    name: str
    token: str


@dataclass
class Participants:
    """All of an account. Used under Connect's lock."""

    by_token: dict[str, Participant] = field(default_factory=dict)
    by_connection: dict[str, Participant] = field(default_factory=dict)

    def join(self, contact: str, region: str, name: str) -> Participant:
        """A customer takes part in a chat from now on."""
        made = Participant(str(uuid4()), contact, region, name, token_urlsafe(TOKEN_BYTES))
        self.by_token[made.token] = made
        return made

    def connect(self, participant: Participant) -> str:
        """The token of a new connection."""
        token = token_urlsafe(TOKEN_BYTES)
        self.by_connection[token] = participant
        return token

    def leave(self, participant: Participant) -> None:
        """None of its tokens is good any more."""
        self.by_token.pop(participant.token, None)
        self.by_connection = {token: one for token, one in self.by_connection.items() if one.id != participant.id}

    def of(self, contact: str) -> Participant | None:
        """The customer of a chat, while it takes part."""
        return next((one for one in self.by_token.values() if one.contact == contact), None)
