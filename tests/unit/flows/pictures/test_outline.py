"""The outline of a flow: the main path in the first column, every block once, and no line wider than the terminal."""

from __future__ import annotations

import itertools
import re

import pytest

from sbctl.flows.pictures.compose import picture_of
from sbctl.flows.pictures.outline import outline
from tests.unit.flows.pictures.samples import ID, action, content, inbound, large, told


def test_the_main_path_is_the_first_column() -> None:
    """Branches hang below the block that they leave; what is told elsewhere is named by its number."""
    assert told(inbound()) == [
        '1  Play prompt  "Welcome to Acme."',
        "2  Check hours of operation  24x7",
        "  ├ out of hours:",
        '  │ 3  Play prompt  "We are closed."',
        "  │ 4  Disconnect / hang up",
        "  ├ error:",
        '  │ 5  Play prompt  "Sorry."',
        "  │ 6  Disconnect / hang up",
        "  ▼ in hours",
        '7  Get customer input  "For sales, press 1."',
        "  ├ key 2: the same block again",
        "  ├ errors: the same block again",
        "  ├ error: see block 5 above",
        "  ▼ key 1",
        "8  Set working queue  Sales",
        "  └ error: see block 5 above",
        "9  Transfer to queue",
        "  └ errors: see block 5 above",
    ]


def test_the_first_condition_leads_on_where_the_next_action_is_a_copy() -> None:
    """The console writes the target of the default branch once more as the next action; a loop's is what comes after it."""
    menu = action(
        "menu",
        "GetParticipantInput",
        "sorry",
        {"NoMatchingError": "sorry", "NoMatchingCondition": "sorry", "InputTimeLimitExceeded": "sorry"},
        [("Equals", "1", "loop"), ("Equals", "2", "loop")],
        Text="Hello",
    )
    loop = action(
        "loop",
        "Loop",
        "end",
        conditions=[("Equals", "ContinueLooping", "again"), ("Equals", "DoneLooping", "end")],
        LoopCount="3",
    )
    again = action("again", "MessageParticipant", "loop", Text="Again")
    ends = [action("sorry", "DisconnectParticipant"), action("end", "DisconnectParticipant")]
    assert told(content(menu, loop, again, *ends)) == [
        '1  Get customer input  "Hello"',
        "  ├ errors:",
        "  │ 2  Disconnect / hang up",
        "  ▼ keys 1, 2",
        "3  Loop  3 times",
        "  ├ looping:",
        '  │ 4  Play prompt  "Again"',
        "  │   ▼ next: see block 3 above",
        "  ▼ complete",
        "5  Disconnect / hang up",
    ]


def test_comparisons_say_what_they_ask() -> None:
    """Operators are signs and words, and the branch without a match is a result like the others."""
    check = action(
        "check",
        "Compare",
        "c",
        {"NoMatchingCondition": "c"},
        [("Equals", "gold", "a"), ("NumberGreaterThan", "5", "b"), ("TextStartsWith", "x y", "b")],
        ComparisonValue="$.Attributes.tier",
    )
    ends = [action(name, "DisconnectParticipant") for name in "abc"]
    assert told(content(check, *ends)) == [
        "1  Check contact attributes  $.Attributes.tier",
        "  ├ > 5, starts with x y:",
        "  │ 2  Disconnect / hang up",
        "  ├ no match:",
        "  │ 3  Disconnect / hang up",
        "  ▼ = gold",
        "4  Disconnect / hang up",
    ]


def test_what_no_call_comes_to_is_told_apart() -> None:
    """With its branches; a target that is not there is a block of its own."""
    tree = content(
        action("start", "MessageParticipant", "gone", Text="Hi"),
        action("loose", "MessageParticipant", "looser", Text="Never"),
        action("looser", "MessageParticipant", "start", Text="Nor this"),
    )
    assert told(tree) == [
        '1  Play prompt  "Hi"',
        "2  Missing block  gone",
        "",
        "not reachable:",
        '3  Play prompt  "Never"',
        '4  Play prompt  "Nor this"',
        "  ▼ next: see block 1 above",
    ]


def test_blocks_are_named_by_what_people_know() -> None:
    """Display names of the console stand for ids; an id that has none is short; functions and placeholders by their names."""
    queue, flow = ID.format(1), ID.format(2)
    tree = content(
        action(ID.format(3), "UpdateContactTargetQueue", ID.format(4), QueueId=queue),
        action(
            ID.format(4), "InvokeLambdaFunction", ID.format(5), LambdaFunctionARN="arn:aws:lambda:a:1:function:look-up"
        ),
        action(ID.format(5), "UpdateContactAttributes", ID.format(6), Attributes={"tier": "$.External.tier"}),
        action(ID.format(6), "MessageParticipant", ID.format(7), SSML="<speak>Good <b>day</b></speak>"),
        action(ID.format(7), "TransferToFlow", ID.format(8), ContactFlowId=flow),
        action(ID.format(8), "NewKindOfBlock"),
    )
    tree["Metadata"] = {"ActionMetadata": {ID.format(3): {"queue": {"id": queue, "text": "VIP"}}}}
    assert [line[3:] for line in told(tree)] == [
        "Set working queue  VIP",
        "AWS Lambda function  look-up",
        "Set contact attributes  tier = $.External.tier",
        'Play prompt  "Good day"',
        "Transfer to flow  id 11111111",
        "New kind of block",
    ]


def test_names_of_the_console_stand_for_ids_wherever_it_keeps_them() -> None:
    """Beside the block by old names, or in `parameters`, for one value or for each of several."""
    prompt, flow = f"arn:aws:connect:a:1:instance/i/prompt/{ID.format(1)}", ID.format(2)
    tree = content(
        action("a", "MessageParticipantIteratively", "b", Messages=[{"PromptId": prompt}]),
        action("b", "UpdateContactEventHooks", "c", EventHooks={"AgentWhisper": flow}),
        action("c", "UpdateContactTargetQueue", "d", AgentId=ID.format(3)),
        action("d", "UpdateContactEventHooks", EventHooks={"CustomerRemaining": flow}),
    )
    tree["Metadata"] = {
        "ActionMetadata": {
            "a": {"audio": [{"id": prompt, "text": "Queue.wav", "type": "Prompt"}]},
            "b": {"parameters": {"EventHooks": {"AgentWhisper": {"displayName": "Agent whisper"}}}},
            "c": {"queue": {"text": "sara (Sara)"}},
            "d": {"contactFlow": {"id": flow, "text": "Survey"}},
        }
    }
    assert [line[3:] for line in told(tree)] == [
        "Loop prompts  Queue.wav",
        "Set whisper flow  Agent whisper",
        "Set working queue  sara (Sara)",
        "Set disconnect flow  Survey",
    ]


@pytest.mark.parametrize("width", [40, 80, 160])
@pytest.mark.parametrize("blocks", [3, 60, 300])
def test_no_line_is_wider_than_the_terminal(blocks: int, width: int) -> None:
    """However many branches hang below each other; every block has one line of its own, in the order of the numbers."""
    picture = picture_of(large(blocks))
    rows = outline(picture, width)
    assert max(len(row.plain()) for row in rows) <= width
    heads = [row.head.strip() for row in rows if row.head.strip().isdigit()]
    assert heads == [str(number) for number in range(1, blocks + 1)]


@pytest.mark.parametrize("blocks", [5, 40, 200])
def test_above_is_above_and_below_is_below(blocks: int) -> None:
    """As seen from the line that names the block."""
    rows = outline(picture_of(large(blocks)), 80)
    places = {row.head.strip(): place for place, row in enumerate(rows)}
    named = [(place, re.search(r"see block (\d+) (above|below)", row.text)) for place, row in enumerate(rows)]
    seen = [(place, found[1], found[2]) for place, found in named if found]
    assert {word for _, _, word in seen} == {"above", "below"}
    assert [one for one in seen if (places[one[1]] > one[0]) != (one[2] == "below")] == []


def test_branches_without_end_do_not_end_the_stack() -> None:
    """A thousand branches below each other, the second condition of each."""
    names = [f"b{number}" for number in range(1000)]
    rows = [
        action(name, "GetParticipantInput", conditions=[("Equals", "1", "end"), ("Equals", "2", after)], Text="x")
        for name, after in itertools.pairwise(names)
    ]
    tree = content(*rows, action(names[-1], "DisconnectParticipant"), action("end", "DisconnectParticipant"))
    assert max(map(len, told(tree, 80))) <= 80
