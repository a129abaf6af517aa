"""The list of what AWS has of a kind: a part of something else is told by its own name."""

from __future__ import annotations

import pytest
from rich.console import Console

from sbctl.core.kinds.resource import Live
from sbctl.resources.connect_hours_override import RESOURCE
from sbctl.ui.draw.state import draw_lives
from sbctl.ui.views import LivesListed

HOURS = "e476e36d-4839-4d37-9627-e28a8e04b9c7"
IDS = {"instance": "831207fe-0f0d-4e83-ab1d-4aaaf0aa51ec", "hours": HOURS, "id": "64eb6d9d-3718-4e2d-a097-0ad00672e2f3"}


@pytest.mark.parametrize("width", [80, 160])
def test_an_override_is_listed_by_its_name(width: int) -> None:
    """Not by the id of its hours, which would fill the column; its own id is there whole."""
    live = Live(spec=RESOURCE.examples[0], ids=IDS, outputs={})
    console = Console(width=width, color_system=None)
    with console.capture() as found:
        draw_lives(console, LivesListed(RESOURCE, (("eu-west-2", live, f"{HOURS}/Christmas"),)))
    assert " Christmas " in found.get()
    assert HOURS not in found.get()
    assert IDS["id"] in found.get()
