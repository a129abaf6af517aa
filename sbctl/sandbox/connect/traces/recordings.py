"""Recordings of calls and transcripts of chats, as objects where the instance's storage configuration says.

https://docs.aws.amazon.com/connect/latest/adminguide/about-recording-behavior.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.happenings import Happening
from sbctl.sandbox.connect.store import Instance
from sbctl.sandbox.connect.traces.samples import MinuteFigures, Series
from sbctl.sandbox.connect.traces.sinks import Alone, Sinks
from sbctl.sandbox.connect.traces.wav import recording
from sbctl.sandbox.time.scheduler import Scheduler

CALL_RECORDINGS, CHAT_TRANSCRIPTS = "CALL_RECORDINGS", "CHAT_TRANSCRIPTS"
AFTER_SECONDS = 20.0
"""From the end of a contact to its object. AWS says "shortly after the call"."""
Transcript = Callable[[Contact], Mapping[str, Any] | None]
"""What was written in a chat, as its file has it; None for nothing."""


class Recordings:
    """Puts the objects of contacts that ended. Used under Connect's lock, as a listener."""

    def __init__(
        self,
        scheduler: Scheduler,
        instances: Mapping[str, Instance],
        figures: MinuteFigures,
        alone: Alone,
        sinks: Callable[[], Sinks],
        transcript: Transcript,
    ) -> None:
        self._scheduler = scheduler
        self._instances = instances
        self._figures = figures
        self._alone = alone
        self._sinks = sinks
        self._transcript = transcript
        self._recorded: dict[str, frozenset[str]] = {}

    def hear(self, happening: Happening) -> None:
        """Note who is recorded, and plan the object when a contact has ended."""
        contact, instance = happening.contact, self._instances.get(happening.instance)
        if contact is None or instance is None or contact.test:
            return
        if contact.channel == "VOICE" and _is_recorded(contact, happening):
            self._recorded[contact.id] = self._recorded.get(contact.id, frozenset()) | contact.recording
        if happening.what == "ended":
            self._plan(instance, contact)

    def _plan(self, instance: Instance, contact: Contact) -> None:
        recorded = self._recorded.pop(contact.id, frozenset())
        voice = contact.channel == "VOICE" and bool(recorded)
        kind = CALL_RECORDINGS if voice else CHAT_TRANSCRIPTS if contact.channel == "CHAT" else ""
        place = _place(instance, kind)
        if place is None:
            return
        bucket, prefix = place
        body = self._body(contact, recorded)
        if body is None:
            return
        key = f"{prefix}/{_name(contact)}.{'wav' if voice else 'json'}"
        content = "audio/wav" if voice else "application/json"
        self._scheduler.after(AFTER_SECONDS, lambda: self._put(instance, contact, bucket, key, body, content))

    def _body(self, contact: Contact, recorded: frozenset[str]) -> bytes | None:
        if contact.channel == "VOICE":
            return recording("Customer" in recorded, "Agent" in recorded)
        found = self._transcript(contact)
        return None if found is None else json.dumps(found, ensure_ascii=False).encode()

    def _put(self, instance: Instance, contact: Contact, bucket: str, key: str, body: bytes, content: str) -> None:
        taken = self._sinks().object(instance.region, bucket, key, body, content)

        def note() -> None:
            if taken:
                contact.recordings = [*contact.recordings, _told(contact, f"{bucket}/{key}")]
            elif contact.channel == "VOICE":
                dimensions = (("InstanceId", instance.id), ("MetricGroup", "CallRecordings"))
                self._figures.add(Series(instance.region, "CallRecordingUploadError", "Count", dimensions))

        self._alone(note)


def _is_recorded(contact: Contact, happening: Happening) -> bool:
    began = happening.what == "connected" or (happening.what == "recording" and happening.detail == "started")
    return began and bool(contact.recording) and contact.connected is not None


def _place(instance: Instance, kind: str) -> tuple[str, str] | None:
    """Bucket and prefix of a sort of object; None where the instance keeps none."""
    for one in instance.storage.values():
        s3 = one["config"].get("S3Config") or {}
        if one["kind"] == kind and one["config"].get("StorageType") == "S3" and s3:
            return str(s3["BucketName"]), str(s3["BucketPrefix"]).strip("/")
    return None


def _name(contact: Contact) -> str:
    begun = datetime.fromtimestamp(contact.connected or contact.begun, UTC)
    return f"{begun:%Y/%m/%d}/{contact.id}_{begun:%Y%m%dT%H:%M}_UTC"


def _told(contact: Contact, location: str) -> dict[str, Any]:
    """As DescribeContact tells it."""
    voice = contact.channel == "VOICE"
    return {
        "StorageType": "S3",
        "Location": location,
        "ParticipantType": "ALL",
        "Status": "AVAILABLE",
        "StartTimestamp": datetime.fromtimestamp(contact.connected or contact.begun, UTC),
        "StopTimestamp": datetime.fromtimestamp(contact.ended or contact.begun, UTC),
        **({"MediaStreamType": "AUDIO"} if voice else {}),
    }
