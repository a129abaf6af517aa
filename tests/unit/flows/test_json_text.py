"""Places of a JSON text are those that a walk over all of it finds."""

from __future__ import annotations

import json

import pytest

from sbctl.files.positions import Source, walk
from sbctl.flows.reading.json_text import JsonText, value_of
from tests.unit.flows.mutants import mutants

TEXTS = [
    '{"a": [1, {"b\\"c": "}]"}, []], "d": {}}',
    ' \n [ \t1 ,\n {"x" : [ true , null ] } ]\n',
    '"x"',
    "[]",
    '{\n\n"a":\n"b"\n}',
    *(json.dumps(tree, indent=indent) for tree in mutants(5, 4) for indent in (None, 1)),
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_place_is_found(text: str) -> None:
    """In any order, and the nearest thing around one that is not there."""
    quick, slow = JsonText("f", text, {}), Source("f", text, {})
    paths = [*walk(text).offsets]
    for path in reversed(paths):
        assert quick.position(path) == slow.position(path), path
        assert quick.position((*path, "no such", 5)) == slow.position((*path, "no such", 5))


REFUSED = (
    '{"a": NaN}',
    '{"a": 1e999}',
    '"\\ud800"',
    "[" * 102 + "]" * 102,
    "[" * 101 + "1" + "]" * 101,
    "{",
    "9" * 5000,
)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_json_is_refused(text: str) -> None:
    """As the strict reader does."""
    with pytest.raises(ValueError, match=r"\w"):
        value_of(text)


def test_keys_that_stand_twice_are_seen() -> None:
    """At any depth."""
    assert value_of('[{"a": {"b": 1, "b": 2}}]')[1]
    assert not value_of('[{"a": 1}, {"a": 2}]')[1]
