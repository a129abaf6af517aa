"""A contact centre that was taken over: how much of what, what was left as it is and why, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.padding import Padding

from sbctl.core.text.counted import counted
from sbctl.ui.console import columns, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from sbctl.ui.views import Adopted


def draw_adopted(console: Console, view: Adopted) -> None:
    """Counts by kind, then whatever a user must know of before the project goes to another region."""
    data = view.data
    console.print(plain(f"Took {data['instance']['alias']} over; nothing was changed in AWS.", "head"))
    table = columns("what", "adopted")
    for title, count in data["adopted"].items():
        table.add_row(plain(title), plain(str(count)))
    console.print(table)
    _draw_list(console, "Left as it is, unknown to the config:", data["left_out"])
    _draw_list(console, "Taken over, and to be known before you deploy elsewhere:", data["notes"])
    if not data["pending"]:
        console.print(plain("The plan is empty: what was written says what is there.", "good"))
    console.print(
        plain(f"{counted(len(data['files']), 'file')} written. Next: {data['next']}", "quiet"), soft_wrap=True
    )


def _draw_list(console: Console, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    console.print(plain(title, "warn"))
    for row in rows:
        console.print(Padding(plain(f"{row['kind']} {row['name']}: {row['why']}"), (0, 0, 0, 2), expand=False))
