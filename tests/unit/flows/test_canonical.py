"""Flow files in one form: the same data, whatever wrote them."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from sbctl.flows.writing.canonical import canonical_text

ACTION = {
    "Transitions": {"Errors": [{"ErrorType": "NoMatchingError", "NextAction": "b"}], "NextAction": "b"},
    "Parameters": {"b": 1.10, "a": "x"},
    "Type": "MessageParticipant",
    "Identifier": "a",
}
CONTENT = {"Actions": [ACTION], "Metadata": {"x": 1}, "StartAction": "a", "Version": "2019-10-30", "Odd": None}


def shuffled(value: Any, chosen: random.Random) -> Any:
    if isinstance(value, dict):
        keys = chosen.sample(sorted(value), len(value))
        return {key: shuffled(value[key], chosen) for key in keys}
    return [shuffled(item, chosen) for item in value] if isinstance(value, list) else value


def test_known_keys_come_in_their_order_and_others_sorted() -> None:
    text = canonical_text(json.dumps({"content": CONTENT, "zebra": 1, "type": "CONTACT_FLOW", "name": "F"}))
    tree = json.loads(text)
    assert list(tree) == ["name", "type", "content", "zebra"]
    assert list(tree["content"]) == ["Version", "StartAction", "Metadata", "Actions", "Odd"]
    (action,) = tree["content"]["Actions"]
    assert list(action) == ["Identifier", "Type", "Parameters", "Transitions"]
    assert list(action["Parameters"]) == ["a", "b"]
    assert list(action["Transitions"]["Errors"][0]) == ["NextAction", "ErrorType"]
    assert text.endswith("}\n")


def test_the_form_depends_on_the_data_alone() -> None:
    """However the keys stood, and a second time."""
    chosen = random.Random(4)
    forms = {canonical_text(json.dumps(shuffled(CONTENT, chosen), indent=chosen.choice((None, 4)))) for _ in range(50)}
    (form,) = forms
    assert canonical_text(form) == form
    assert json.loads(form) == CONTENT


@pytest.mark.parametrize(
    "number", ["1.10", "1e2", "-0.0", "10.000000000000000000001", "12345678901234567890123", "1E+400"]
)
def test_numbers_stay_as_they_are_written(number: str) -> None:
    text = f'{{"content": {{"Actions": [], "x": {number}}}}}'
    if number == "1E+400":  # a number that no reader can hold
        with pytest.raises(ValueError, match="too large"):
            canonical_text(text)
    else:
        assert f'"x": {number}\n' in canonical_text(text)


def test_texts_of_any_script_stay() -> None:
    text = canonical_text('{"name": "\\u55b6\\u696d \\u0000number:1"}')
    assert json.loads(text) == {"name": "營業".replace("營", "営") + " \0number:1"}
