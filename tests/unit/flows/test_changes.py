"""What differs between two contents of a flow, block by block, in the words of callers."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sbctl.flows.comparing.changes import compared, flow_changes
from sbctl.flows.comparing.picture import compared_picture
from sbctl.flows.comparing.sentences import of_parameter
from sbctl.flows.pictures.picture import Picture
from tests.unit.flows.pictures.samples import action, content, inbound


def changed(part: Any, **values: Any) -> dict[str, Any]:
    """The usual flow with other parameters of the first block of a type."""
    tree = copy.deepcopy(inbound())
    block = next(one for one in tree["Actions"] if one["Type"] == part)
    block["Parameters"] |= values
    return tree


def renamed(tree: dict[str, Any]) -> dict[str, Any]:
    """The same flow with identifiers as the console makes them."""
    names = {one["Identifier"]: f"{place:08x}-0000-0000-0000-000000000000" for place, one in enumerate(tree["Actions"])}

    def new(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: new(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [new(item) for item in value]
        return names.get(value, value) if key in ("Identifier", "NextAction", "StartAction") else value

    found: dict[str, Any] = new(tree)
    return found


def test_a_change_tells_what_was_and_what_is() -> None:
    """The parts that differ, and what callers notice of them."""
    (change,) = compared(inbound(), changed("MessageParticipant", Text="Good day.")).changes
    assert (change.block, change.name, change.change) == ("play-1", 'Play prompt "Good day."', "changed")
    assert (change.before, change.after) == ({"Text": "Welcome to Acme."}, {"Text": "Good day."})
    assert change.notice == 'callers hear "Good day." instead of "Welcome to Acme."'


@pytest.mark.parametrize(
    ("name", "before", "after", "sentence"),
    [
        ("QueueId", "${queue:A}", "${queue:B}", 'calls go to the queue "B" instead of "A"'),
        ("ContactFlowId", "${flow:A}", "${flow:B}", 'callers go to the flow "B" instead of "A"'),
        ("LambdaFunctionARN", "${lambda:a}", "${lambda:b}", 'the function "b" is called instead of "a"'),
        ("HoursOfOperationId", "${hours:A}", None, 'the hours of operation nothing are checked instead of "A"'),
        ("Text", None, "Hi", 'callers hear "Hi"'),
        ("PromptId", "${prompt:A}", None, 'callers no longer hear the recording "A"'),
        ("InputTimeLimitSeconds", "5", 8, 'callers have "8" instead of "5" seconds to answer'),
        ("Messages", [{"Text": "a"}], [{"Text": "a"}, {"Text": "b"}], 'callers hear "a, b" instead of "a"'),
        ("Attributes.tier", "$.External.a", None, 'the attribute tier is nothing instead of "$.External.a"'),
        ("LoggingX", "on", "off", 'LoggingX is "off" instead of "on"'),
    ],
)  # fmt: skip
def test_each_sort_of_value_has_its_sentence(name: str, before: Any, after: Any, sentence: str) -> None:
    """By the parameter; one that sbctl does not know by its name."""
    assert of_parameter(name, before, after) == sentence


def test_attributes_are_told_one_by_one() -> None:
    """A block sets several: only those that differ are named."""
    before, after = (
        content(action("set", "UpdateContactAttributes", Attributes={"a": "1", "b": value, value: "x"}))
        for value in ("two", "three")
    )
    (change,) = compared(before, after).changes
    assert change.before == {"Attributes.b": "two", "Attributes.three": None, "Attributes.two": "x"}
    assert change.sentences[0] == 'the attribute b is "three" instead of "two"'


def test_branches_are_told_by_their_labels() -> None:
    """Another target, a new key and one that is gone, each with the block that it leads to."""
    ends = [action(name, "MessageParticipant", Text=name) for name in ("a", "b")]

    def menu(*keys: tuple[str, str]) -> dict[str, Any]:
        rows = [("Equals", key, target) for key, target in keys]
        return content(action("menu", "GetParticipantInput", conditions=rows, Text="x"), *ends)

    assert flow_changes(menu(("1", "a"), ("2", "b")), menu(("1", "b"), ("3", "b"))) == [
        'block menu: key 1 leads to Play prompt "b" instead of Play prompt "a"',
        'block menu: key 3 is new and leads to Play prompt "b"',
        'block menu: key 2 is gone, which led to Play prompt "b"',
    ]


def test_blocks_with_other_identifiers_are_found() -> None:
    """An import gives new ones: only what differs is told, by the name of the block."""
    assert compared(inbound(), renamed(inbound())).changes == ()
    other = renamed(changed("MessageParticipant", Text="Good day."))
    assert flow_changes(inbound(), other) == [
        'block Play prompt "Good day.": callers hear "Good day." instead of "Welcome to Acme."'
    ]


def test_layout_is_no_change() -> None:
    """Nor are notes, the order of blocks, and blocks that no call comes to."""
    tree = inbound()
    tree["Metadata"] = {"ActionMetadata": {"play-1": {"position": {"x": 1, "y": 2}}}, "Annotations": []}
    tree["Actions"] = [*reversed(tree["Actions"]), action("loose", "DisconnectParticipant")]
    assert compared(inbound(), tree).changes == ()


def marks(picture: Picture) -> dict[str, str]:
    return {block.id: block.change for block in picture.blocks if block.change}


def test_one_picture_shows_both() -> None:
    """What is gone stands beside what is new, each edge with the mark of its own."""
    before = content(
        action("a", "MessageParticipant", "b", Text="A"),
        action("b", "MessageParticipant", "end", Text="B"),
        action("end", "DisconnectParticipant"),
    )
    after = content(
        action("a", "MessageParticipant", "c", Text="A2"),
        action("c", "UpdateContactTargetQueue", "end", QueueId="${queue:Q}"),
        action("end", "DisconnectParticipant"),
    )
    comparison = compared(before, after)
    picture = compared_picture(before, after, comparison)
    assert marks(picture) == {"a": "changed", "c": "added", "b": "removed"}
    assert {(edge.source, edge.target): edge.change for edge in picture.edges} == {
        ("a", "c"): "added",
        ("c", "end"): "added",
        ("a", "b"): "removed",
        ("b", "end"): "removed",
    }
    assert [edge.main for edge in picture.edges] == [True, True, False, False]
