"""Layout and notes: what of the metadata the console draws, and when a file has another than is live."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.flows.comparing.layout import other_layout

HERE: dict[str, Any] = {"entryPointPosition": {"x": 1, "y": 2}}
THERE: dict[str, Any] = {"entryPointPosition": {"x": 9, "y": 2}}
NOTES: dict[str, Any] = {**HERE, "Annotations": [{"id": "n", "content": "ask Kim"}]}


@pytest.mark.parametrize(
    ("wanted", "live", "differs"),
    [
        (HERE, HERE, False),
        (HERE, THERE, True),
        (HERE, {}, True),
        (NOTES, HERE, True),
        ({}, THERE, False),
        (None, THERE, False),
        ({**HERE, "hash": "a", "status": "saved"}, {**HERE, "hash": "b", "name": "x"}, False),
        ({**HERE, "Annotations": []}, HERE, False),
        ({"hash": "a"}, THERE, False),
    ],
)
def test_what_the_console_draws_is_compared(wanted: Any, live: Any, differs: bool) -> None:
    """A file without a layout has no opinion; what only tells of an export is none."""
    assert other_layout({"Metadata": wanted}, {"Metadata": live}) is differs


@pytest.mark.parametrize("odd", [None, [], "text", {"Metadata": "text"}, {}])
def test_odd_contents_have_no_layout(odd: Any) -> None:
    """Whatever AWS or a file holds."""
    assert not other_layout(odd, {"Metadata": HERE})
    assert other_layout({"Metadata": HERE}, odd)
