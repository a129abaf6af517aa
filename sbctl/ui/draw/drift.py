"""What moved in AWS, what hurts a failover most first: what it is now, what it should be, and why that matters."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.padding import Padding

from sbctl.core.kinds.value_paths import leaves
from sbctl.ui.console import plain, short_apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console
    from rich.text import Text

LEVELS = {"critical": "bad", "high": "bad", "medium": "warn", "low": "quiet"}
INDENT = 10
LONGEST_VALUE = 100


def draw_drift(console: Console, view: Any) -> None:
    """Each resource once, with its fields under it, then what to do about it."""
    data = view.data
    for _, rows in groupby(data["drifted"], key=lambda row: (row["address"], row["severity"])):
        _draw_resource(console, list(rows))
    for region in data["unread"]:
        console.print(plain(f"? {region}: not read; nobody can say what drifted there", "warn"))
    console.print(_sum(data, view.call), soft_wrap=True)
    if data["drifted"]:
        back, take = f"{view.call} drift --revert", f"{view.call} drift --accept"
        console.print(plain(f"{back} puts it back; {take} takes it into the config.", "quiet"), soft_wrap=True)


def _draw_resource(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    first = rows[0]
    head = plain(f"{first['severity']:<{INDENT}}", LEVELS[first["severity"]]).append_text(
        plain(first["address"], "head")
    )
    if first["moved"] != "changed":
        head.append_text(plain(f"  {first['moved']} outside sbctl", "bad"))
    console.print(head, soft_wrap=True)
    for line in (line for row in rows for line in _lines(row, console.width)):
        console.print(Padding(line, (0, 0, 0, INDENT), expand=False))
    for why in dict.fromkeys(row["why"] for row in rows):
        console.print(Padding(plain(why, "quiet"), (0, 0, 0, INDENT), expand=False))


def _lines(row: Mapping[str, Any], width: int) -> Iterator[Text]:
    if not row["field"]:
        return
    if row["said"]:
        yield from (plain(sentence) for sentence in row["said"])
        return
    for name, wanted, live in leaves(row["field"], row["wanted"], row["live"]):
        path = name.replace("<", "").replace(">", "")
        room = min(LONGEST_VALUE, max(16, (width - INDENT - len(path) - 22) // 2))
        has, wants = _values(live, wanted, room)
        line = plain(f"{path}  ").append_text(plain(has, "red"))
        yield line.append_text(plain(f", wanted {wants}", "green"))


def _values(one: Any, other: Any, room: int) -> list[str]:
    return short_apart(["nothing" if value in (None, "") else value for value in (one, other)], room)


def _sum(data: Mapping[str, Any], call: str) -> Text:
    count = len({row["address"] for row in data["drifted"]})
    tail = f" {data['looked_at']} looked at in {data['elapsed_seconds']:.1f} s."
    if data["other_steps"]:
        tail += f" By the config a plan has {data['other_steps']} more: {call} plan"
    if not count:
        return plain("No drift." if not data["unread"] else "No drift where it was read.", "good").append_text(
            plain(tail)
        )
    return plain(f"{count} resource{'' if count == 1 else 's'} drifted.", "warn").append_text(plain(tail))


def draw_accept(console: Console, view: Any) -> None:
    """Each value that goes into a file: where, what it was, what it becomes."""
    for row in view.rows:
        console.print(
            plain(f"{'wrote' if view.done else 'would write'}  {row['at']}  {row['path']}", "head"), soft_wrap=True
        )
        for path, before, after in leaves("", row["before"], row["after"]):
            room = min(LONGEST_VALUE, max(16, (console.width - len(path) - 10) // 2))
            line = plain(f"  {path.removeprefix('.')}  " if path else "  ")
            old, new = _values(before, after, room)
            line.append_text(plain(old, "red")).append(" → ").append_text(plain(new, "green"))
            console.print(line, soft_wrap=True)
    for row in view.refused:
        names = ", ".join(row["addresses"])
        console.print(plain(f"cannot write  {names}  {row['field']}: {row['reason']}", "warn"), soft_wrap=True)
