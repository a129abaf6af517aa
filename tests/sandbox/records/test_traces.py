"""What contacts leave outside of Connect: metrics of each minute, lines of flow logs, recordings."""

from __future__ import annotations

import io
import wave

import pytest

from sbctl.sandbox.connect.contacts.live.progress import Script
from tests.sandbox.contacts.call_centre import CALLER, END, action, content, to_queue
from tests.sandbox.records.left import TracedCentre

LOGS = action("log", "UpdateFlowLoggingBehavior", "say", FlowLoggingBehavior="Enabled")
SAYS = action("say", "MessageParticipant", "end", Text="Good day.")
RECORDS = action(
    "record", "UpdateContactRecordingBehavior", "set", RecordingBehavior={"RecordedParticipants": ["Agent", "Customer"]}
)


@pytest.fixture
def centre() -> TracedCentre:
    return TracedCentre()


def test_calls_are_metrics_once_a_minute(centre: TracedCentre) -> None:
    """Two calls at once are a maximum of 2, a fifth of the quota of 10; when they are over the metric stops."""
    centre.to_the_minute()
    flow = centre.flow("Wait", to_queue(centre.queue))
    for _ in range(2):
        centre.ring(flow, patience=20)
    centre.advance(120)
    assert [one["Maximum"] for one in centre.sampled("ConcurrentCalls")] == [2.0]
    assert [one["Maximum"] for one in centre.sampled("ConcurrentCallsPercentage")] == [pytest.approx(0.2)]
    assert [one["Sum"] for one in centre.sampled("CallsPerInterval")] == [2.0]
    assert centre.dimensions("ConcurrentCalls") == {"InstanceId": centre.id, "MetricGroup": "VoiceCalls"}
    assert all(one["Timestamp"].timestamp() % 60 == 0 for one in centre.figures)
    before = len(centre.figures)
    centre.advance(600)
    assert len(centre.figures) == before


def test_what_lasts_is_told_every_minute(centre: TracedCentre) -> None:
    """A caller who waits five minutes is in the queue's size each minute, and waits longer each time."""
    centre.ring(centre.flow("Wait", to_queue(centre.queue)), patience=290)
    centre.advance(400)
    sizes, waits = centre.sampled("QueueSize"), centre.sampled("LongestQueueWaitTime")
    assert len(sizes) >= 5
    assert {one["Maximum"] for one in sizes} == {1.0}
    longest = [one["Maximum"] for one in waits]
    assert longest == sorted(longest)
    assert longest[-1] == 290
    name = centre.ask("DescribeQueue", QueueId=centre.queue)["Queue"]["Name"]
    assert centre.dimensions("QueueSize") == {"InstanceId": centre.id, "MetricGroup": "Queue", "QueueName": name}


def test_a_call_over_the_quota_is_a_metric(centre: TracedCentre) -> None:
    """The eleventh of ten allowed calls is refused and counted."""
    flow = centre.flow("Wait", to_queue(centre.queue))
    number = centre.number(flow)
    for _ in range(10):
        centre.ring(flow, patience=300)
    centre.live.calling.call(number, CALLER, Script(), {})
    centre.advance(60)
    assert [one["Sum"] for one in centre.sampled("CallsBreachingConcurrencyQuota")] == [1.0]


def test_error_branches_of_flows_are_metrics(centre: TracedCentre) -> None:
    """A queue that is disabled takes the error branch."""
    broken = centre.flow("Broken", to_queue(centre.queue))
    centre.ask("UpdateQueueStatus", QueueId=centre.queue, Status="DISABLED")
    centre.ring(broken)
    centre.advance(60)
    assert [one["Sum"] for one in centre.sampled("ContactFlowErrors")] == [1.0]
    assert centre.dimensions("ContactFlowErrors") == {
        "InstanceId": centre.id, "MetricGroup": "ContactFlow", "ContactFlowName": "Broken",
    }  # fmt: skip


def test_flow_logs_are_written_where_the_instance_logs(centre: TracedCentre) -> None:
    """Only while the flow logs, and only of an instance whose attribute says so; in batches, in the group of its alias."""
    flow = centre.flow("Logs", content(LOGS, SAYS, END))
    centre.ring(flow)
    centre.advance(10)
    assert centre.lines == []
    centre.ask("UpdateInstanceAttribute", AttributeType="CONTACTFLOW_LOGS", Value="true")
    centre.ring(centre.flow("Silent", content(SAYS, END)))
    call = centre.ring(flow)
    centre.advance(10)
    assert {one["ContactId"] for one in centre.lines} == {call.contact.id}
    assert [one["ContactFlowModuleType"] for one in centre.lines][-2:] == ["PlayPrompt", "Disconnect"]
    assert (centre.groups, centre.batches) == ({(centre.region, "/aws/connect/acme")}, 1)


def test_a_recorded_call_leaves_a_recording(centre: TracedCentre) -> None:
    """A WAV that plays, at the place that AWS gives it, and a line of it in the contact."""
    centre.keeps("CallRecordings")
    centre.agents(1)
    call = centre.ring(centre.flow("Records", to_queue(centre.queue, RECORDS)), talk=10)
    centre.advance(120)
    [(place, body)] = centre.objects.items()
    assert place.startswith("kept/connect/acme/CallRecordings/20")
    assert f"/{call.contact.id}_" in place
    assert place.endswith("_UTC.wav")
    with wave.open(io.BytesIO(body)) as sound:
        assert (sound.getnchannels(), sound.getframerate()) == (2, 8000)
        assert sound.getnframes() > 0
    [recording] = centre.ask("DescribeContact", ContactId=call.contact.id)["Contact"]["Recordings"]
    assert (recording["Location"], recording["MediaStreamType"]) == (place, "AUDIO")


@pytest.mark.parametrize(("records", "answers"), [(False, True), (True, False)])
def test_what_is_not_recorded_or_not_joined_leaves_none(centre: TracedCentre, records: bool, answers: bool) -> None:
    """A call that no agent had has nothing to record."""
    centre.keeps("CallRecordings")
    if answers:
        centre.agents(1)
    before = [RECORDS] if records else []
    centre.ring(centre.flow("Queue", to_queue(centre.queue, *before)), talk=10, patience=30)
    centre.advance(120)
    assert centre.objects == {}


def test_a_bucket_that_takes_nothing_is_a_metric(centre: TracedCentre) -> None:
    """The recording is lost, and CallRecordingUploadError says so."""
    centre.keeps("CallRecordings")
    centre.refuses = True
    centre.agents(1)
    call = centre.ring(centre.flow("Records", to_queue(centre.queue, RECORDS)), talk=10)
    centre.advance(180)
    assert [one["Sum"] for one in centre.sampled("CallRecordingUploadError")] == [1.0]
    assert "Recordings" not in centre.ask("DescribeContact", ContactId=call.contact.id)["Contact"]
