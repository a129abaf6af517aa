"""Long values beside each other are cut so that it is seen where they differ."""

from __future__ import annotations

import pytest

from sbctl.core.text.cut import cut, cut_apart

LONG = "arn:aws:lambda:us-east-1:123456789012:function:acme-customer-lookup"


@pytest.mark.parametrize("room", [12, 16, 24, 40, 60])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG + "-a", LONG + "-b"),
        (LONG, LONG + "-2"),
        (LONG, LONG.replace("us-east-1", "us-west-2")),
        ("x" + LONG, "y" + LONG),
        ("a" * 200 + "b" + "c" * 200, "a" * 200 + "d" + "c" * 200),
        (LONG, "other"),
    ],
)
def test_what_differs_is_seen(one: str, other: str, room: int) -> None:
    """Whatever is common before and after, and however little room there is; nothing is longer than the room."""
    shown = cut_apart([one, other], room)
    assert shown[0] != shown[1]
    assert all(len(text) <= room for text in shown)


def test_what_fits_is_left_as_it_is() -> None:
    """And so is the beginning of what differs there."""
    assert cut_apart(["abc", "abd"], 3) == ["abc", "abd"]
    assert cut_apart([LONG, LONG], 200) == [LONG, LONG]
    assert cut_apart(["1" + LONG, "2" + LONG], 20) == [cut("1" + LONG, 20), cut("2" + LONG, 20)]
    assert cut("abcdef", 4) == "abc…"


def test_one_text_alone_is_cut_at_its_end() -> None:
    """It differs from nothing, so its beginning tells most."""
    assert cut_apart([LONG], 20) == [cut(LONG, 20)]
    assert cut_apart([], 20) == []
