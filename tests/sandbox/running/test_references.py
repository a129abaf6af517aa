"""References in the parameters of actions, and the conditions of their results."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.sandbox.connect.running.values.conditions import holds
from sbctl.sandbox.connect.running.values.references import Path, compiled, resolved, walked

KNOWN: dict[str, Any] = {
    "Attributes": {"name": "Ann", "first name": "Bea", "a-b": "dash", "n": "7"},
    "External": {"city": {"name": "Rome"}, "list": ["x", "y"], "yes": True, "n": 5, "none": None},
    "Channel": "VOICE",
    "SegmentAttributes": {"connect:Subtype": "connect:Telephony"},
}


def lookup(path: Path) -> Any:
    return walked(KNOWN, path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain $5 and $.50", "plain $5 and $.50"),
        ("$.Attributes.name", "Ann"),
        ("Hi $.Attributes.name.", "Hi Ann."),
        ("Hi $.Attributes.name, you", "Hi Ann, you"),
        ("$.Attributes.name$.Attributes.n", "Ann7"),
        ("$.Attributes['first name']", "Bea"),
        ("$.Attributes.['first name']!", "Bea!"),
        ("s3://b/$['Attributes']['name'].wav", "s3://b/Ann.wav"),
        ("$['Attributes'][\"name\"]", "Ann"),
        ("`$.External.list[1]` and `$.Attributes.name`s", "y and Anns"),
        ("`$.External.list[0]`", "x"),
        ("$.Attributes.a-b", "dash"),
        ("$.Channel.com", ""),
        ("www.$.Channel.com", "www.VOICE.com"),
        ("by $.Attributes.name.Next", "by Ann.Next"),
        ("$.External.city.name", "Rome"),
        ("in $.External.city.name.", "in Rome."),
        ("$.External.city", {"name": "Rome"}),
        ("is $.External.city", 'is {"name":"Rome"}'),
        ("$.External.yes and $.External.n", "true and 5"),
        ("$.External.list.0", "x"),
        ("$.External.none", ""),
        ("$.Attributes.nothing", ""),
        ("[$.Attributes.nothing]", "[]"),
        ("$.Nowhere.at.all", ""),
        ("$.SegmentAttributes['connect:Subtype']", "connect:Telephony"),
        ("$.", "$."),
        ("$", "$"),
    ],
)
def test_a_text_is_resolved(text: str, found: Any) -> None:
    """A reference alone keeps the type of its value, within a text it becomes text, and of nothing it is empty."""
    assert resolved(compiled(text)[0], lookup) == found


def test_what_holds_no_reference_is_left_as_it_is() -> None:
    """Nothing is done at run time for values without references, however deep."""
    value = {"a": ["b", {"c": 1}], "d": True}
    assert compiled(value) == (value, False)
    found, refers = compiled({"a": ["b", {"c": "$.Channel"}]})
    assert refers
    assert resolved(found, lookup) == {"a": ["b", {"c": "VOICE"}]}


@pytest.mark.parametrize(
    ("operator", "value", "operand", "found"),
    [
        ("Equals", "VIP", "VIP", True),
        ("Equals", "vip", "VIP", False),
        ("Equals", "VIP ", "VIP", False),
        ("Equals", "1", "1.0", False),
        ("Equals", 1, "1", True),
        ("Equals", None, "", False),
        ("Equals", "", "", True),
        ("TextStartsWith", "+1555", "+1", True),
        ("TextStartsWith", "+44", "+1", False),
        ("TextEndsWith", "a.wav", ".wav", True),
        ("TextContains", "gold card", "Gold", False),
        ("TextContains", "gold card", "ld c", True),
        ("NumberGreaterThan", "10", "9", True),
        ("NumberGreaterThan", "1.5", "1.50", False),
        ("NumberGreaterOrEqualTo", "1.5", "1.50", True),
        ("NumberLessThan", "-3", "2", True),
        ("NumberLessOrEqualTo", "2", "2.0", True),
        ("NumberLessThan", "ten", "20", False),
        ("NumberLessThan", "10", "", False),
        ("NumberGreaterThan", "NaN", "1", False),
        ("NumberGreaterThan", None, "1", False),
        ("KeyExists", "", "", True),
        ("KeyExists", None, "", False),
        ("Unheard", "a", "a", False),
    ],
)
def test_a_condition_holds(operator: str, value: Any, operand: str, found: bool) -> None:
    """Texts are compared with their case and spaces, numbers as numbers, and nothing is equal to nothing."""
    assert holds(operator, value, operand) is found
