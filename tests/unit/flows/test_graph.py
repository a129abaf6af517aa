"""A flow as a graph: edges, reach and circles, of sound and of damaged content."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.flows.language.components import components
from sbctl.flows.language.graph import graph_of
from sbctl.flows.language.references import references, texts
from tests.unit.flows.practice.flows import compare, do, flow, say

SOUND = flow(
    compare("a", "$.Attributes.x", [("Equals", "1", "b"), ("Equals", "2", "c")], "b"),
    say("b", "Hello", "a"),
    say("c", "Hello", "d"),
    do("d", "MessageParticipant", {"Text": "x"}, "d"),
    say("e", "never"),
)


def test_edges_say_what_leads_there() -> None:
    graph = graph_of(SOUND)
    assert graph.start == 0
    told = [
        (edge.target, edge.branch.how, edge.branch.operator, edge.branch.operand, edge.branch.error)
        for edge in graph.out[0]
    ]
    assert told == [
        (1, "next", "", "", ""),
        (1, "condition", "Equals", "1", ""),
        (2, "condition", "Equals", "2", ""),
        (1, "error", "", "", "NoMatchingCondition"),
    ]
    assert graph.out[0][2].branch.path == ("Actions", 0, "Transitions", "Conditions", 1)


def test_reach_and_circles() -> None:
    graph = graph_of(SOUND)
    end = graph.named["end"]
    assert graph.reachable == {0, 1, 2, 3, end}
    assert graph.cycles() == ((0, 1), (3,))
    assert graph.cycles(among={1, 2, 3}) == ((3,),)
    assert graph.after([1]) == {0, 1, 2, 3, end}
    assert graph.reached([0], without={2}) == {0, 1, 2, end}
    assert graph.reached([0], avoided=lambda edge: edge.branch.how == "condition") == {0, 1, end}


def test_components_come_after_those_that_they_lead_to() -> None:
    found = components({0: [1], 1: [2, 0], 2: [3], 3: [2], 4: [0]})
    assert [tuple(sorted(one)) for one in found] == [(2, 3), (0, 1), (4,)]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"Actions": None, "StartAction": {}},
        {"Actions": "text", "StartAction": 5},
        {"Actions": [None, 5, "a", []], "StartAction": "a"},
        {"Actions": [{"Identifier": ["a"], "Type": {}, "Parameters": 5, "Transitions": "x"}], "StartAction": ["a"]},
        {
            "Actions": [
                {"Identifier": "a", "Transitions": {"NextAction": {"x": 1}, "Errors": {}, "Conditions": [5, {}]}}
            ]
        },
        {"Actions": [{"Transitions": {"Conditions": [{"Condition": {"Operands": 5}, "NextAction": None}]}}]},
    ],
)
def test_damaged_content_is_a_graph_too(content: dict[str, Any]) -> None:
    graph = graph_of(content)
    assert (graph.start, graph.reachable, graph.cycles()) == (None, frozenset(), ())


def test_the_first_of_two_blocks_of_a_name_is_meant() -> None:
    graph = graph_of({"StartAction": "a", "Actions": [say("a", "one"), say("a", "two"), "text", say("b", "x", "a")]})
    assert (graph.start, sorted(graph.blocks), graph.out[3][0].target) == (0, [0, 1, 3], 0)


def test_thousands_of_blocks_in_a_row() -> None:
    """No walk is recursive."""
    size = 5_000
    row = [say(f"b{number}", "x", f"b{(number + 1) % size}") for number in range(size)]
    graph = graph_of(flow(*row))
    assert len(graph.reachable) == size + 1
    assert [len(circle) for circle in graph.cycles()] == [size]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello $.Attributes.name.", [("Attributes", ("name",))]),
        ("$.Attributes['two words'] $.Attributes.['x']", [("Attributes", ("two words",)), ("Attributes", ("x",))]),
        ("$['Attributes']['Language']", [("Attributes", ("Language",))]),
        ("`$.DataTableList.a[0].b`", [("DataTableList", ("a", "0", "b"))]),
        ("$.Channel, $.Lex.Slots.City and $5", [("Channel", ()), ("Lex", ("Slots", "City"))]),
        ("${queue:Sales} $. $ $.5", []),
        (
            "$.Attributes.connect_customer-profile_profile-id",
            [("Attributes", ("connect_customer-profile_profile-id",))],
        ),
    ],
)
def test_references(text: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(one.root, one.keys) for one in references(text)] == found


def test_texts_have_their_places_in_order() -> None:
    value = {"a": ["x", {"b": "y"}], "c": 5, "d": "z"}
    assert list(texts(value, ("P",))) == [(("P", "a", 0), "x"), (("P", "a", 1, "b"), "y"), (("P", "d"), "z")]
