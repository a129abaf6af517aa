"""Old formats of the state become the present one step by step: a function for each, by the format it starts from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Content = dict[str, Any]


def _to_2(content: Content) -> Content:
    """Format 2 says to which endpoint a state belongs, and where it went. Of older ones the first is not known."""
    return {**content, "format": 2, "endpoint": "", "moved_to": ""}


STEPS: dict[int, Callable[[Content], Content]] = {1: _to_2}
"""A change of format adds the step that leads to it here, and a fixture in tests/unit/store."""


def upgraded(content: Content) -> Content:
    """The content in the present format."""
    while content["format"] in STEPS:
        content = STEPS[content["format"]](content)
    return content
