"""Who hears of contacts for the sake of what they leave. One for each account, made anew by a reset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from sbctl.sandbox.connect.chat.transcripts import Transcripts
from sbctl.sandbox.connect.contacts.account.hub import LiveContacts
from sbctl.sandbox.connect.store import Instance
from sbctl.sandbox.connect.traces.call_figures import CallFigures
from sbctl.sandbox.connect.traces.flow_figures import FlowFigures
from sbctl.sandbox.connect.traces.flow_logs import FlowLogs, Line
from sbctl.sandbox.connect.traces.recordings import Recordings
from sbctl.sandbox.connect.traces.samples import MinuteFigures
from sbctl.sandbox.connect.traces.sinks import Sinks

QUOTAS: Mapping[str, float] = {"CHAT": 500.0, "TASK": 2500.0}
"""Concurrent chats and tasks of an instance, by AWS's default.
https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html"""
CALL = "call"


def subscribe(live: LiveContacts, account: str, sinks: Callable[[], Sinks], line: Line) -> Transcripts:
    """Let contacts leave metrics, log lines, recordings and transcripts. The transcripts, for those who read them."""
    ground, instances = live.ground, live.ground.resources.instances
    scheduler, lock = ground.around.scheduler, ground.resources.lock

    def alone(act: Callable[[], None]) -> None:
        with lock:
            act()

    def most(instance: Instance, channel: str) -> float:
        return QUOTAS.get(channel) or float(ground.resources.most(CALL, instance))

    transcripts = Transcripts(partial(_agent, live), partial(_customer, live))
    figures = MinuteFigures(scheduler, ground.now, alone, sinks)
    calls = CallFigures(figures, live.store, instances, most, ground.now)
    flows = FlowFigures(figures, instances)
    figures.levels = calls.levels
    logs = FlowLogs(scheduler, instances, alone, sinks, line)
    recordings = Recordings(scheduler, instances, figures, alone, sinks, partial(transcripts.file, account))
    live.calling.on_refused = calls.refused
    live.happenings.hearers.append(transcripts.say)
    live.happenings.tracers += [flows.passed, logs.passed]
    live.happenings.listeners += [transcripts.hear, calls.hear, flows.hear, recordings.hear]
    return transcripts


def _agent(live: LiveContacts, instance: str, agent: str) -> str:
    found = live.roster.of(instance).get(agent)
    return found.name if found else agent


def _customer(live: LiveContacts, contact: str) -> tuple[str, str]:
    found = live.participants.of(contact)
    return (found.id, found.name) if found else ("", "Customer")
