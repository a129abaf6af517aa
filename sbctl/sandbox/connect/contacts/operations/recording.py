"""Recordings that the API begins, suspends and ends, while an agent and a customer talk.

https://docs.aws.amazon.com/connect/latest/APIReference/API_StartContactRecording.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.live.progress import Progress
from sbctl.sandbox.connect.contacts.operations.finding import Finder, invalid
from sbctl.sandbox.connect.part import ConnectPart, Site
from sbctl.sandbox.service import Answer, Call, Operation

BOTH = frozenset({"Agent", "Customer"})
TRACKS = {"FROM_AGENT": frozenset({"Agent"}), "TO_AGENT": frozenset({"Customer"}), "ALL": BOTH}


class Recording:
    """The operations on recordings of calls. What is suspended stays in the recording as silence."""

    def __init__(self, site: Site) -> None:
        self._live = site.live
        self._find = Finder(site.store, site.live)

    def operations(self) -> Mapping[str, Operation]:
        return {
            "StartContactRecording": self.start,
            "StopContactRecording": self.stop,
            "SuspendContactRecording": self.suspend,
            "ResumeContactRecording": self.resume,
        }

    def _call(self, call: Call) -> Progress:
        progress = self._find.going(call)
        contact = progress.contact
        if contact.initial != call.params["InitialContactId"]:
            raise invalid("InitialContactId is not that of the contact")
        if contact.channel != "VOICE" or progress.state != "connected":
            raise invalid("The contact is no call that an agent has answered")
        return progress

    def _recorded(self, call: Call) -> Contact:
        contact = self._call(call).contact
        if not contact.recording:
            raise invalid("The contact is not recorded")
        return contact

    def start(self, call: Call) -> Answer:
        contact = self._call(call).contact
        if contact.recording:
            raise invalid("The contact is recorded already")
        track = call.params["VoiceRecordingConfiguration"].get("VoiceRecordingTrack") or "ALL"
        contact.recording = TRACKS[track]
        self._live.ground.tell("recording", contact, detail="started")
        return {}

    def stop(self, call: Call) -> Answer:
        contact = self._recorded(call)
        contact.recording = frozenset()
        self._live.ground.tell("recording", contact, detail="stopped")
        return {}

    def suspend(self, call: Call) -> Answer:
        self._live.ground.tell("recording", self._recorded(call), detail="suspended")
        return {}

    def resume(self, call: Call) -> Answer:
        self._live.ground.tell("recording", self._recorded(call), detail="resumed")
        return {}


PART = ConnectPart(Recording, quotas={})
