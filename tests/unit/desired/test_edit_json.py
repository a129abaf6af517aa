"""Single values of a JSON text are changed, and every other character stays as its author wrote it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbctl.desired.config.edit_json import with_value
from sbctl.files.positions import JsonPath

CONFIG = Path(__file__).parents[3] / "config" / "regions.json"
TEXT = CONFIG.read_text(encoding="utf-8")
ODD = '{\n\t"a" : [ 1,\n\t\t{ "b":"x\\"y" } ] ,"c":{}\n}\n'
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
TREES = st.recursive(
    SCALARS, lambda of: st.lists(of, max_size=3) | st.dictionaries(st.text(max_size=4), of, max_size=3), max_leaves=8
)


def changed(before: str, after: str) -> list[str]:
    """The lines that are only in `after`."""
    return [line.strip() for line in after.splitlines() if line not in before.splitlines()]


@pytest.mark.parametrize(
    ("text", "path", "value", "expected"),
    [
        (ODD, ("a", 1, "b"), 7, '{\n\t"a" : [ 1,\n\t\t{ "b":7 } ] ,"c":{}\n}\n'),
        (ODD, ("a", 0), [True], '{\n\t"a" : [ [true],\n\t\t{ "b":"x\\"y" } ] ,"c":{}\n}\n'),
        (ODD, ("c", "d"), None, '{\n\t"a" : [ 1,\n\t\t{ "b":"x\\"y" } ] ,"c":{ "d": null }\n}\n'),
    ],
)
def test_only_the_value_changes(text: str, path: JsonPath, value: Any, expected: str) -> None:
    """Tabs, odd spaces and line ends around a value stay."""
    assert with_value(text, path, value) == expected


def test_a_value_in_the_default_config_changes_one_line() -> None:
    """An item in one line stays in one line."""
    after = with_value(TEXT, ("queues", 0, "maxContacts"), 7)
    assert changed(TEXT, after) == [
        '{ "name": "Sales", "description": "Sales calls", "hours": "Business Hours", "maxContacts": 7 },'
    ]


def test_what_is_not_there_is_made_in_the_style_of_its_surroundings() -> None:
    """Objects on the way are made; in an object of many lines a new member has a line of its own."""
    after = with_value(TEXT, ("lambdas", 0, "overrides", "us-west-2", "timeoutSeconds"), 9)
    assert changed(TEXT, after) == [
        '"reads": ["customers-global"],',
        '"overrides": { "us-west-2": { "timeoutSeconds": 9 } }',
    ]
    again = with_value(after, ("lambdas", 0, "overrides", "us-west-2", "memoryMb"), 512)
    assert changed(after, again) == ['"overrides": { "us-west-2": { "timeoutSeconds": 9, "memoryMb": 512 } }']


def test_a_path_through_a_value_is_refused() -> None:
    """A number has no members."""
    with pytest.raises(KeyError):
        with_value('{"a": 1}', ("a", "b"), 2)


@given(st.dictionaries(st.text(max_size=4), TREES, max_size=4), st.text(max_size=4), TREES, st.sampled_from([None, 2]))
def test_the_text_says_what_the_tree_would(tree: dict[str, Any], key: str, value: Any, indent: int | None) -> None:
    """Whatever is in the file, the changed text parses to the changed tree."""
    after = with_value(json.dumps(tree, indent=indent), (key,), value)
    assert json.loads(after) == {**tree, key: value}
