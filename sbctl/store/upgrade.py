"""Old formats of the state become the present one step by step: a function for each, by the format it starts from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Content = dict[str, Any]
STEPS: dict[int, Callable[[Content], Content]] = {}
"""Format 1 is the first; a change of format adds the step that leads out of it here, and a fixture in tests."""


def upgraded(content: Content) -> Content:
    """The content in the present format."""
    while content["format"] in STEPS:
        content = STEPS[content["format"]](content)
    return content
