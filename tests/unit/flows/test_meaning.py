"""Flows are the same when they do the same, whatever the console did to their text."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbctl.flows.builder import FlowBuilder
from sbctl.flows.comparing.changes import flow_changes
from sbctl.flows.comparing.meaning import same_flow

ID = "11111111-2222-3333-4444-555555555555"
INSTANCE = "arn:aws:connect:us-east-1:123456789012:instance/99999999-2222-3333-4444-555555555555"


def flow(text: str = "Press 1") -> dict[str, Any]:
    builder = FlowBuilder("F").on_error("end").label("ask").menu(text, {"1": "sales", "2": "ask"}, on_timeout="ask")
    builder.label("sales").transfer_to_queue("Sales", at_capacity="ask").label("end").play("Bye").disconnect()
    return json.loads(json.dumps(builder.build().content))  # type: ignore[no-any-return]


def renamed(content: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """The flow with other identifiers."""
    new = dict(zip([action["Identifier"] for action in content["Actions"]], names, strict=True))
    content = copy.deepcopy(content)
    content["StartAction"] = new[content["StartAction"]]
    for action in content["Actions"]:
        action["Identifier"] = new[action["Identifier"]]
        found = action["Transitions"]
        for branch in (*found.get("Errors", []), *found.get("Conditions", []), found):
            if "NextAction" in branch:
                branch["NextAction"] = new[branch["NextAction"]]
    return content


COUNT = len(flow()["Actions"])


@given(st.lists(st.text("abc-12", min_size=1), min_size=COUNT, max_size=COUNT, unique=True), st.data())
def test_names_and_order_do_not_count(names: list[str], data: st.DataObject) -> None:
    """Renaming all blocks and shuffling blocks and branches changes nothing."""
    other = renamed(flow(), names)
    other["Actions"] = data.draw(st.permutations(other["Actions"]))
    for action in other["Actions"]:
        for part in ("Errors", "Conditions"):
            if part in action["Transitions"]:
                action["Transitions"][part] = data.draw(st.permutations(action["Transitions"][part]))
    other["Metadata"] = {"EntryPointPosition": {"x": 1, "y": 2}}
    assert same_flow(flow(), other)
    assert same_flow(json.dumps(other), flow())
    assert flow_changes(flow(), other) == []


def test_numbers_may_be_spelled_either_way() -> None:
    """5 and "5", True and "True" mean the same, in parameters and in operands."""
    other = flow()
    other["Actions"][0]["Parameters"]["InputTimeLimitSeconds"] = 5
    other["Actions"][0]["Parameters"]["StoreInput"] = False
    for condition in other["Actions"][0]["Transitions"]["Conditions"]:
        condition["Condition"]["Operands"] = [int(value) for value in condition["Condition"]["Operands"]]
    assert same_flow(flow(), other)
    other["Actions"][0]["Transitions"]["Conditions"][1]["Condition"]["Operands"] = ["2"]
    assert same_flow(flow(), other)


def test_a_block_that_is_never_reached_does_not_count() -> None:
    """A loose block does nothing."""
    other = flow()
    other["Actions"].append({"Identifier": "loose", "Type": "DisconnectParticipant"})
    assert same_flow(flow(), other)


def test_another_text_or_branch_counts() -> None:
    """A changed text, a branch to another block, and no flow at all make a difference."""
    assert not same_flow(flow(), flow("Press 2"))
    other = flow()
    branches = other["Actions"][0]["Transitions"]["Conditions"]
    branches[0]["NextAction"], branches[1]["NextAction"] = branches[1]["NextAction"], branches[0]["NextAction"]
    assert not same_flow(flow(), other)
    assert not same_flow(flow(), None)
    assert not same_flow("not a flow", flow())


def test_changes_are_told_block_by_block() -> None:
    """New, gone and changed blocks each get a sentence."""
    before = FlowBuilder("F").play("Hello").disconnect().build().content
    after = FlowBuilder("F").logging().play("Hi").disconnect().build().content
    assert flow_changes(before, after) == [
        "block logging-1 is new: Set logging behavior Enabled",
        'block play-1: callers hear "Hi" instead of "Hello"',
    ]
    assert flow_changes(after, before)[0] == "block logging-1 is gone: Set logging behavior Enabled"
    other = copy.deepcopy(flow())
    other["Actions"][0]["Transitions"]["NextAction"] = other["Actions"][2]["Identifier"]
    assert [said.split(": ")[1] for said in flow_changes(flow(), other)] == ["calls go on to Transfer to queue"]


def test_another_start_alone_is_told() -> None:
    """When only the first block changes there is still a sentence."""
    other = flow()
    other["StartAction"] = other["Actions"][1]["Identifier"]
    assert len(flow_changes(flow(), other)) == 1


def branching(*conditions: tuple[str, str, str]) -> dict[str, Any]:
    """A flow that compares, with (operator, operand, target) in this order, and otherwise ends."""
    rows = [
        {"Condition": {"Operator": operator, "Operands": [operand]}, "NextAction": target}
        for operator, operand, target in conditions
    ]
    errors = [{"ErrorType": "NoMatchingCondition", "NextAction": "end"}]
    check = {
        "Identifier": "check",
        "Type": "Compare",
        "Parameters": {"ComparisonValue": "$.Attributes.x"},
        "Transitions": {"NextAction": "end", "Conditions": rows, "Errors": errors},
    }
    ends = [
        {"Identifier": name, "Type": "DisconnectParticipant", "Parameters": {"Note": name}, "Transitions": {}}
        for name in ("a", "b", "end")
    ]
    return {"Version": "2019-10-30", "StartAction": "check", "Actions": [check, *ends]}


def test_the_first_condition_that_holds_wins() -> None:
    """Where conditions can hold together, as thresholds do, their order is part of what a flow does."""
    low, high = ("NumberLessThan", "10", "a"), ("NumberLessThan", "50", "b")
    assert not same_flow(branching(low, high), branching(high, low))
    assert flow_changes(branching(low, high), branching(high, low)) == [
        "block check: its conditions are tried in another order, and the first that holds wins"
    ]


LESS, MORE = "NumberLessThan", "NumberGreaterThan"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((LESS, "10"), (LESS, "50")),
        ((LESS, "10"), (MORE, "9")),
        (("NumberLessOrEqualTo", "10"), ("NumberGreaterOrEqualTo", "10")),
        (("Equals", "5"), (LESS, "10")),
        (("Equals", "5"), ("Equals", "5.0")),
        (("Equals", "vip"), ("TextStartsWith", "VI")),
        (("TextStartsWith", "v"), ("TextStartsWith", "vip")),
        (("TextStartsWith", "v"), ("TextEndsWith", "p")),
        (("TextContains", "a"), ("TextContains", "b")),
        (("Equals", "$.Attributes.y"), ("Equals", "vip")),
        (("TextContains", "1"), (LESS, "10")),
    ],
)
def test_conditions_that_can_hold_together_have_an_order(one: tuple[str, str], other: tuple[str, str]) -> None:
    """The first of two overlapping conditions wins, so exchanging them is a difference, unless both lead to one block."""
    assert not same_flow(branching((*one, "a"), (*other, "b")), branching((*other, "b"), (*one, "a")))
    assert same_flow(branching((*one, "a"), (*other, "a")), branching((*other, "a"), (*one, "a")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((LESS, "10"), (MORE, "50")),
        ((LESS, "10"), ("NumberGreaterOrEqualTo", "10")),
        (("Equals", "50"), (LESS, "10")),
        (("Equals", "bronze"), ("TextStartsWith", "vip")),
        (("TextStartsWith", "ab"), ("TextStartsWith", "b")),
        (("TextEndsWith", "ab"), ("TextEndsWith", "a")),
    ],
)
def test_ranges_that_do_not_meet_have_no_order(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Conditions of which one at most can hold may stand either way."""
    assert same_flow(branching((*one, "a"), (*other, "b")), branching((*other, "b"), (*one, "a")))


def test_an_overlap_does_not_order_the_conditions_beside_it() -> None:
    """Only the two that overlap keep their order; a third that excludes both may stand anywhere."""
    low, high, third = (LESS, "10", "a"), (LESS, "50", "b"), (MORE, "60", "end")
    orders = [(low, high, third), (low, third, high), (third, low, high)]
    assert all(same_flow(branching(*order), branching(*orders[0])) for order in orders)
    assert not same_flow(branching(third, high, low), branching(*orders[0]))


def distributing(*percentages: tuple[str, str]) -> dict[str, Any]:
    """A flow that spreads calls by cumulative thresholds, with (threshold, target) in this order."""
    content = branching(*((LESS, threshold, target) for threshold, target in percentages))
    content["Actions"][0].update(Type="DistributeByPercentage", Parameters={})
    return content


def test_shares_and_their_order_count() -> None:
    """Another threshold, or the thresholds the other way round, sends other callers to a block."""
    wanted = distributing(("31", "a"), ("71", "b"))
    assert same_flow(wanted, json.loads(json.dumps(wanted).replace('"31"', "31")))
    assert not same_flow(wanted, distributing(("41", "a"), ("71", "b")))
    assert not same_flow(wanted, distributing(("71", "b"), ("31", "a")))


def test_conditions_that_exclude_each_other_have_no_order() -> None:
    """Equality with different values holds for one at most, so the console may list them as it likes."""
    one, two = ("Equals", "1", "a"), ("Equals", "2", "b")
    assert same_flow(branching(one, two), branching(two, one))
    assert not same_flow(branching(one, two), branching(("Equals", "1", "b"), ("Equals", "2", "a")))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (f"{INSTANCE}/flow-module/{ID}", f"{ID}:$LATEST", True),
        (f"{INSTANCE}/flow-module/{ID}:$LATEST", ID, True),
        (f"{INSTANCE}/flow-module/{ID}", f"{ID}:3", False),
        (f"{INSTANCE}/flow-module/{ID}", ID.replace("1", "2"), False),
        ("$.Attributes.module", ID, False),
    ],
)
def test_an_id_and_its_arn_name_the_same(one: str, other: str, same: bool) -> None:
    """The console writes either; a version is another content."""

    def calling(module: str) -> dict[str, Any]:
        action = {"Identifier": "a", "Type": "InvokeFlowModule", "Parameters": {"FlowModuleId": module}}
        return {"Version": "2019-10-30", "StartAction": "a", "Actions": [{**action, "Transitions": {}}]}

    assert same_flow(calling(one), calling(other)) is same
    assert (flow_changes(calling(one), calling(other)) == []) is same
