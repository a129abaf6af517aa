"""The shape of a flow's content, before anything looks into it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sbctl.files.positions import dotted
from sbctl.flows.reading.shape import misshapen

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
