"""The project's three example flows as they are deployed: who presses what is led where."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.connect.running.contract import Elapsed, Ended, Event, FunctionAnswered, Keys, Waiting
from tests.sandbox.running.centre import ARN, FUNCTION, NOW, FakeCentre, caller

FLOWS = Path(__file__).parents[3] / "flows"
KINDS = {"queue": "queue", "hours": "operating-hours", "flow": "contact-flow"}
PLACE = re.compile(r"\$\{([\w-]+)(?::([^}]*))?\}")
VIP, PLAIN = FunctionAnswered({"tier": "VIP"}), FunctionAnswered({"tier": "none"})
NIGHT = NOW + 10 * 3600


def deployed() -> FakeCentre:
    """A centre with the three flows, and what they name."""
    centre = FakeCentre()
    begin, end = {"Hours": 9, "Minutes": 0}, {"Hours": 17, "Minutes": 0}
    days = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
    week = [{"Day": day, "StartTime": begin, "EndTime": end} for day in days]
    centre.add("operating-hours", "Business Hours", TimeZone="UTC", Config=week)
    for name in ("Sales", "VIP-Sales", "Support"):
        centre.add("queue", name, HoursOfOperationId="Business Hours")
    built = [runpy.run_path(str(FLOWS / f"{name}.py"))["FLOW"].build() for name in ("sales_inbound", "support_inbound")]
    after = json.loads((FLOWS / "AfterHours.json").read_text(encoding="utf-8"))
    for name, content in [*((one.name, one.content) for one in built), ("AfterHours", after["content"])]:
        centre.add("contact-flow", name, Type="CONTACT_FLOW", Content=PLACE.sub(_named, json.dumps(content)))
    return centre


def _named(match: re.Match[str]) -> str:
    kind, name = match[1], match[2]
    plain = {"region": "us-east-1", "region-name": "US East", "lambda": FUNCTION}
    return plain[kind] if kind in plain else f"{ARN}/{KINDS[kind]}/{name}"


def ran(flow: str, centre: FakeCentre, *events: Event) -> Ended:
    run = centre.run(flow, caller())
    turn = run.begin()
    for event in events:
        assert isinstance(turn, Waiting), f"nothing waits for {event}"
        turn = run.take(event)
    assert isinstance(turn, Ended), turn
    return turn


@pytest.mark.parametrize(
    ("flow", "events", "at", "how", "queue"),
    [
        ("SalesInbound", [VIP], NOW, "queued", "VIP-Sales"),
        ("SalesInbound", [PLAIN], NOW, "queued", "Sales"),
        ("SalesInbound", [FunctionAnswered(error="NoMatchingError")], NOW, "queued", "Sales"),
        ("SalesInbound", [PLAIN, Elapsed()], NIGHT, "disconnect", ""),
        ("SalesInbound", [VIP], NIGHT, "queued", "VIP-Sales"),
        ("SupportInbound", [Keys("1")], NOW, "queued", "Support"),
        ("SupportInbound", [Keys("2"), VIP], NOW, "queued", "VIP-Sales"),
        ("SupportInbound", [Keys("9"), Elapsed(), Keys("1")], NOW, "queued", "Support"),
        ("SupportInbound", [Elapsed(), Elapsed(), Elapsed()], NOW, "queued", "Support"),
        ("AfterHours", [Keys("1"), PLAIN, Elapsed()], NIGHT, "disconnect", ""),
        ("AfterHours", [Keys("1"), VIP], NIGHT, "queued", "VIP-Sales"),
    ],
)
def test_callers_are_led(flow: str, events: list[Event], at: float, how: str, queue: str) -> None:
    """By tier, hours and keys to the queues that the flows name, or to the end of the call."""
    centre = deployed()
    centre.at = at
    assert ran(flow, centre, *events).how == how
    assert [one for one, _ in centre.queued] == ([queue] if queue else [])


def test_a_full_queue_is_told_and_the_call_ends() -> None:
    """VIPs whose queue is full go to sales, and where that is full too they hear it."""
    centre = deployed()
    centre.refusal = "QueueAtCapacity"
    assert ran("SalesInbound", centre, VIP).how == "disconnect"
    assert "queue is full" in centre.said[-1]


def test_contacts_carry_what_the_flow_wrote() -> None:
    """Region and tier are attributes of the contact, its calls are recorded and its flow is logged."""
    centre, contact = deployed(), caller()
    run = centre.run("SalesInbound", contact)
    run.begin()
    run.take(VIP)
    assert contact.attributes == {"region": "us-east-1", "tier": "VIP"}
    assert (contact.priority, contact.logging, bool(contact.recording)) == (1, True, True)


def test_what_is_said_names_the_region() -> None:
    """Placeholders of the project are in the deployed flow, references are resolved when they are said."""
    centre: Any = deployed()
    ran("SalesInbound", centre, VIP)
    assert centre.said[0] == "Welcome to our US East sales center."
