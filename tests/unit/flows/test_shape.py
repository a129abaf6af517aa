"""The shape of a flow's content, before anything looks into it."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from sbctl.files.positions import dotted
from sbctl.flows.reading.misshapen import misfits
from sbctl.flows.reading.shape import is_well_formed, misshapen

END = {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({}, "Actions"),
        ({"Actions": 5}, "Actions"),
        ({"Actions": [None]}, "Actions[0]"),
        ({"Actions": [{"Identifier": 1, "Type": "Loop"}]}, "Actions[0].Identifier"),
        ({"Actions": [{**END, "Transitions": {"NextAction": ["end"]}}]}, "Actions[0].Transitions.NextAction"),
        ({"Actions": [{**END, "Transitions": {"Errors": [{}]}}]}, "Actions[0].Transitions.Errors[0]"),
        ({"Actions": [{**END, "Parameters": {"InputValidation": 3}}]}, "Actions[0].Parameters.InputValidation"),
    ],
)
def test_a_wrong_shape_is_told_with_its_place(content: dict[str, Any], place: str) -> None:
    """Each value that is no text, list or object where flows have one is named by its path."""
    found = misshapen(content)
    assert any(dotted(path).startswith(place) for path, _, _ in found)
    assert not re.search("instance of|should be|_[A-Z]", " ".join(said + fix for _, said, fix in found))


def test_a_flow_has_its_shape() -> None:
    """Fields that nobody looks into may hold anything, and what is optional may be missing."""
    assert misshapen({"Version": "2019-10-30", "StartAction": "end", "Actions": [END], "Metadata": [1, None]}) == []


ODD: tuple[Any, ...] = (None, "", "a", 1, 1.5, True, [], ["a"], [None], {}, {"a": 1}, [{}], [[]])
SHAPED: dict[str, Any] = {
    "Version": "2019-10-30",
    "StartAction": "a",
    "Actions": [
        {
            "Identifier": "a",
            "Type": "Wait",
            "Parameters": {
                "InputValidation": {},
                "EventHooks": {},
                "FlowAttributes": {},
                "Events": ["CustomerReturned"],
                "MetricType": "X",
            },
            "Transitions": {
                "NextAction": "a",
                "Conditions": [{"NextAction": "a", "Condition": {"Operator": "Equals", "Operands": ["1", 2]}}],
                "Errors": [{"NextAction": "a", "ErrorType": "NoMatchingError"}],
            },
        }
    ],
}


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a value."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in members:
        yield (*path, name)
        yield from places(one, (*path, name))


@pytest.mark.parametrize("path", [*places(SHAPED)], ids=lambda path: ".".join(map(str, path)))
def test_what_is_seen_at_once_is_what_the_model_says(path: tuple[str | int, ...]) -> None:
    """Whatever stands at a place, or nothing: the quick look lets through just what the model finds no misfit in."""
    for odd in (*ODD, KeyError):
        content = copy.deepcopy(SHAPED)
        holder: Any = content
        for part in path[:-1]:
            holder = holder[part]
        if odd is KeyError:
            del holder[path[-1]]
        else:
            holder[path[-1]] = odd
        assert is_well_formed(content) == (misfits(content) == []), (path, odd)
