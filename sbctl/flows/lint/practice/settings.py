"""Rules about single settings: recording, and a service that ended."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.flows.lint.practice.subject import Seen, Subject, seen

VOICE_ID = frozenset({"CheckVoiceId", "StartVoiceIdStream"})
VOICE_ID_FIELDS = (
    "IsVoiceIdStreamingEnabled",
    "IsVoiceAuthenticationEnabled",
    "IsFraudDetectionEnabled",
    "VoiceAuthenticationThreshold",
    "VoiceAuthenticationResponseTime",
    "FraudDetectionThreshold",
    "WatchlistId",
)
RECORDING = ("UpdateContactRecordingBehavior", "UpdateContactRecordingAndAnalyticsBehavior")
BOTH = {"Agent", "Customer"}


def voice_id(subject: Subject) -> Iterator[Seen]:
    """Actions of Voice ID, a service that ended on 2026-05-20: they take the error branch. (voice-id)"""
    for block in subject.of_type(*VOICE_ID, "UpdateContactData"):
        fields = [name for name in VOICE_ID_FIELDS if name in block.parameters]
        if block.type in VOICE_ID or fields:
            path = block.at(fields[0]) if fields and block.type not in VOICE_ID else block.path
            yield seen(block, path, "Voice ID ended on 2026-05-20: the error branch is taken", "Remove this block.")


def recording(subject: Subject) -> Iterator[Seen]:
    """Analytics without both participants, or recording that is set where no contact comes. (set-recording-behavior)"""
    for block in subject.of_type(RECORDING[0]):
        analytics = block.mapping("AnalyticsBehavior")
        recorded = block.mapping("RecordingBehavior").get("RecordedParticipants")
        named = {one for one in recorded if isinstance(one, str)} if isinstance(recorded, list | tuple) else set()
        if str(analytics.get("Enabled")).lower() == "true" and not named >= BOTH:
            said = "AnalyticsBehavior is enabled, and not both Agent and Customer are recorded"
            yield seen(block, block.at("AnalyticsBehavior"), said, "Record both, or set Enabled to False.")
    yield from _too_late(subject)


def _too_late(subject: Subject) -> Iterator[Seen]:
    """Recording behind the next action of a transfer, which ends this flow where it succeeds."""
    if subject.document.type not in {"CONTACT_FLOW", "AGENT_TRANSFER", "QUEUE_TRANSFER"}:
        return
    graph = subject.graph
    moved = {block.number for block in subject.of_type("TransferContactToQueue")}
    if not moved or not subject.of_type(*RECORDING):
        return
    in_time = graph.reached(subject.starts, avoided=lambda edge: edge.source in moved and edge.branch.how == "next")
    for block in subject.of_type(*RECORDING):
        if block.number not in in_time:
            said = "recording is set after the transfer to a queue, which ends this flow"
            yield seen(block, block.path, said, "Set it before TransferContactToQueue.")
