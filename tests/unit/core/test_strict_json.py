"""JSON that anybody may have touched."""

from __future__ import annotations

import json

import pytest

from sbctl.core.text.strict_json import DEEPEST, read_value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NaN", "NaN"),
        ("[-Infinity]", "Infinity"),
        ('{"a": 1e999}', "too large"),
        ('["\\ud800"]', "surrogate"),
        ('{"\\udfff": 1}', "surrogate"),
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "deep"),
        ("[" * 100_000, "deep"),
        ("9" * 5_000, "too large: line 1"),
        (b"\xff", "utf-8"),
    ],
)
def test_what_would_break_its_users_is_refused(text: str | bytes, said: str) -> None:
    """Each is a ValueError that says what is wrong, and never a RecursionError or a value that cannot be written."""
    with pytest.raises(ValueError, match=said):
        read_value(text)


def test_what_json_has_is_read() -> None:
    """Numbers, texts beyond ASCII, pairs of surrogates and nesting as deep as is allowed come as they are."""
    deep = "[" * DEEPEST + "1" + "]" * DEEPEST
    assert json.dumps(read_value(deep)) == deep
    assert read_value('{"é": ["\\ud83d\\ude00", -0.5, null, true]}') == {"é": ["😀", -0.5, None, True]}
