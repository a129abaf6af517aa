"""Real-time metrics and user data, of agents and contacts that are as a test says."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.sandbox.connect.agents.agent import Agent, AgentContact, Status
from sbctl.sandbox.connect.agents.routing import rules_of
from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.metrics import current_data, user_data
from sbctl.sandbox.connect.metrics.current import Staff
from sbctl.sandbox.connect.metrics.current_data import Now
from sbctl.sandbox.service import ApiError
from tests.sandbox.records.made import ARN, START, contact, instance

AVAILABLE, OFFLINE = Status("s-1", "Available", "ROUTABLE"), Status("s-2", "Offline", "OFFLINE")
LUNCH = Status("s-3", "Lunch", "CUSTOM")
COUNTS = ("AGENTS_ONLINE", "AGENTS_AVAILABLE", "AGENTS_STAFFED", "AGENTS_ON_CALL", "CONTACTS_IN_QUEUE")


def staff(named: str, status: Status = AVAILABLE, *contacts: AgentContact) -> Staff:
    agent = Agent(named, "us-east-1", "i-1", named, status, START, START, profile="basic")
    agent.contacts = {one.contact: one for one in contacts}
    return Staff(agent, rules_of(instance(), agent))


def talks(named: str, state: Any = "CONNECTED") -> AgentContact:
    return AgentContact(named, "VOICE", "sales", "INBOUND", state, START + 5, START + 5)


def now(*agents: Staff, waiting: tuple[Contact, ...] = ()) -> Now:
    return Now(agents, waiting, (), START + 100)


def asked(*names: str, **more: Any) -> dict[str, Any]:
    return {"Filters": {"Queues": ["sales"]}, "CurrentMetrics": [{"Name": one} for one in names], **more}


def figures(params: dict[str, Any], at: Now) -> list[list[Any]]:
    """The values of each row."""
    return [[one.get("Value") for one in row["Collections"]] for row in current_data.rows(instance(), params, at)]


def test_agents_are_counted_by_what_they_do() -> None:
    """One is free, one talks, one is at lunch and one is offline; one caller waits."""
    agents = (staff("a"), staff("b", AVAILABLE, talks("c1")), staff("c", LUNCH), staff("d", OFFLINE))
    found = figures(asked(*COUNTS), now(*agents, waiting=(contact("w", queued=60),)))
    assert found == [[3.0, 1.0, 2.0, 1.0, 1.0]]


def test_slots_and_work_after_a_contact() -> None:
    """A contact in after-contact work holds its slot; the channels of the routing profile are counted together."""
    names = ("SLOTS_ACTIVE", "SLOTS_AVAILABLE", "AGENTS_AFTER_CONTACT_WORK", "AGENTS_ERROR")
    assert figures(asked(*names), now(staff("a"), staff("b", AVAILABLE, talks("c1", "ENDED")))) == [
        [1.0, 3.0, 1.0, 0.0]
    ]
    voice = asked(*names, Groupings=["CHANNEL"], Filters={"Queues": ["sales"], "Channels": ["VOICE"]})
    assert figures(voice, now(staff("a"), staff("b", AVAILABLE, talks("c1", "MISSED")))) == [[1.0, 1.0, 0.0, 1.0]]


def test_the_oldest_contact_is_told_in_milliseconds_without_groupings() -> None:
    """And in seconds with them, as AWS's page warns."""
    at = now(waiting=(contact("w", queued=60), contact("v", queued=90)))
    assert figures(asked("OLDEST_CONTACT_AGE"), at) == [[40000.0]]
    assert figures(asked("OLDEST_CONTACT_AGE", Groupings=["QUEUE"]), at) == [[40.0]]


def test_where_nothing_goes_on_there_is_no_row() -> None:
    """Of two queues the one with a caller has a row; an empty answer is no error."""
    params = asked("CONTACTS_IN_QUEUE", Filters={"Queues": ["sales", "support"]}, Groupings=["QUEUE"])
    at = now(waiting=(contact("w", queued=60, queue="support"),))
    [row] = current_data.rows(instance(), params, at)
    assert row["Dimensions"] == {"Queue": {"Id": "support", "Arn": f"{ARN}/queue/support"}}
    assert figures(params, now(staff("d", OFFLINE))) == []


def test_rows_are_sorted_by_the_wanted_metric() -> None:
    """The most first, or the least."""
    params = asked("CONTACTS_IN_QUEUE", Filters={"Queues": ["sales", "support"]}, Groupings=["QUEUE"])
    at = now(waiting=(contact("w", queued=60), contact("v", queued=61), contact("u", queued=62, queue="support")))
    for order, wanted in (("DESCENDING", [[2.0], [1.0]]), ("ASCENDING", [[1.0], [2.0]])):
        sort = [{"SortByMetric": "CONTACTS_IN_QUEUE", "SortOrder": order}]
        assert figures({**params, "SortCriteria": sort}, at) == wanted


@pytest.mark.parametrize(
    "wrong",
    [
        asked("AGENTS_HAPPY"),
        asked(),
        asked("AGENTS_ONLINE", Filters={}),
        asked("AGENTS_ONLINE", Filters={"Queues": ["sales"], "RoutingProfiles": ["basic"]}),
        asked("AGENTS_ONLINE", Groupings=["QUEUE", "QUEUE"]),
        asked("AGENTS_STAFFED", Groupings=["QUEUE", "AGENT_STATUS"]),
        asked("AGENTS_ONLINE", Groupings=["AGENT_STATUS"]),
        asked("CONTACTS_IN_QUEUE", Groupings=["ROUTING_PROFILE"]),
        asked("AGENTS_ONLINE", SortCriteria=[{"SortByMetric": "SLOTS_ACTIVE"}]),
        {"Filters": {"Queues": ["sales"]}, "CurrentMetrics": [{"Name": "AGENTS_ONLINE", "Unit": "SECONDS"}]},
    ],
)
def test_what_aws_refuses_is_refused(wrong: dict[str, Any]) -> None:
    """Unknown metrics and units, filters that exclude each other, groupings that need others."""
    with pytest.raises(ApiError) as caught:
        current_data.rows(instance(), wrong, now(staff("a")))
    assert caught.value.code == "InvalidParameterException"


def test_user_data_tells_slots_and_contacts() -> None:
    """Of who has signed in; a contact in a state that is asked for, and no agent of the simulation alone."""
    synthetic = staff("x")
    synthetic.agent.synthetic = True
    agents = [staff("ann", AVAILABLE, talks("c1")), staff("bob", OFFLINE), synthetic]
    [row] = user_data.rows(instance(), {"Filters": {"Queues": ["sales"]}}, agents)
    assert row["User"] == {"Id": "ann", "Arn": f"{ARN}/agent/ann"}
    assert row["Status"]["StatusName"] == "Available"
    assert row["MaxSlotsByChannel"] == {"VOICE": 1, "CHAT": 2}
    assert row["ActiveSlotsByChannel"] == {"VOICE": 1, "CHAT": 0}
    assert row["AvailableSlotsByChannel"] == {"VOICE": 0, "CHAT": 0}
    assert [one["AgentContactState"] for one in row["Contacts"]] == ["CONNECTED"]
    missed = {"Filters": {"Agents": ["ann"], "ContactFilter": {"ContactStates": ["MISSED"]}}}
    assert user_data.rows(instance(), missed, agents) == []


def test_user_data_takes_one_filter() -> None:
    """Of queues, routing profiles, agents and hierarchy groups exactly one."""
    for filters in ({}, {"Queues": ["sales"], "Agents": ["ann"]}):
        with pytest.raises(ApiError):
            user_data.rows(instance(), {"Filters": filters}, [])
