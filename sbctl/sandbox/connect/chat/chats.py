"""The chats of an account, as their customers reach them. Used under Connect's lock."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from uuid import uuid4

from sbctl.sandbox.connect.chat.transcripts import Item, Transcripts
from sbctl.sandbox.connect.contacts.account.hub import LiveContacts
from sbctl.sandbox.connect.contacts.live.progress import Progress
from sbctl.sandbox.connect.contacts.participants import Participant, Participants

Done = tuple[str, float]
"""An item's id, and when it was made."""


class Chats:
    """Finds the contact in which a chat goes on, and hands it what its customer writes."""

    def __init__(self, live: LiveContacts, participants: Participants, transcripts: Transcripts) -> None:
        self._live = live
        self.participants = participants
        self._transcripts = transcripts
        self._done: dict[tuple[str, str], Done] = {}

    @property
    def lock(self) -> RLock:
        """Connect's."""
        return self._live.ground.resources.lock

    def now(self) -> float:
        """Seconds since the epoch, by the world's clock."""
        return self._live.ground.now()

    def _progress(self, chat: str) -> Progress | None:
        """The contact of a chain that goes on."""
        chain = reversed(self._live.store.chain(chat))
        found = (self._live.progress(one) for one in chain if one.ended is None)
        return next((one for one in found if one is not None), None)

    def goes_on(self, chat: str) -> bool:
        """Whether a chat has not ended."""
        return self._progress(chat) is not None

    def write(self, participant: Participant, content_type: str, text: str) -> Done:
        """Hand over a message."""
        progress, now = self._progress(participant.contact), self.now()
        assert progress is not None
        before = len(self._transcripts.of.get(participant.contact, []))
        self._transcripts.content_type = content_type
        self._live.driver.words(progress, text)
        written = self._transcripts.of.get(participant.contact, [])[before:]
        mine = next((one for one in written if one.role == "CUSTOMER"), None)
        return (mine.id, mine.when) if mine else (str(uuid4()), now)

    def receipt(self, participant: Participant, message: str, kind: str) -> bool:
        """Note that the customer got or read a message. Whether there is one."""
        return self._transcripts.receipt(participant.contact, message, participant.id, kind, self.now())

    def stamp(self) -> Done:
        """Of an event that is not kept."""
        return str(uuid4()), self.now()

    def once(self, participant: Participant, token: str, act: Callable[[], Done]) -> Done:
        """What was done with a client's token, else what is done now."""
        key = (participant.id, token)
        if key not in self._done:
            self._done[key] = act()
        return self._done[key]

    def items(self, participant: Participant, contact: str) -> list[Item]:
        """What was written, oldest first: in the whole chat, or in one contact of it."""
        items = self._transcripts.of.get(participant.contact, [])
        return [one for one in items if contact in ("", participant.contact, one.contact)]

    def leave(self, participant: Participant) -> None:
        """The customer leaves its chat."""
        progress = self._progress(participant.contact)
        self.participants.leave(participant)
        if progress is not None:
            self._live.ending.leave(progress, "CUSTOMER_DISCONNECT")
