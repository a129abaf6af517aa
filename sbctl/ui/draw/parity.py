"""How alike the regions are: kinds by regions, then what only one region has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sbctl.ui.console import columns, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console
    from rich.text import Text

SIGNS = {"bad": "bad", "unknown": "warn", "ok": "good"}


def draw_parity(console: Console, view: Any) -> None:
    """The matrix, what only one region has, and the sum. Each difference is a problem, and stands among these."""
    data = view.data
    _draw_matrix(console, data)
    _draw_extras(console, data["extra"])
    console.print(_sum(data))


def _draw_matrix(console: Console, data: Mapping[str, Any]) -> None:
    regions = [data["from"], *data["regions"]]
    cells = {(cell["kind"], cell["region"]): cell for cell in data["matrix"]}
    table = columns("kind")
    for region in regions:
        table.add_column(region, no_wrap=True, overflow="ellipsis")
    table.add_row(plain("", "quiet"), plain("the measure", "quiet"), *["" for _ in data["regions"]])
    for kind in dict.fromkeys(cell["kind"] for cell in data["matrix"]):
        table.add_row(kind, *[_cell(cells.get((kind, region)), region == data["from"]) for region in regions])
    for name in dict.fromkeys(one["quota"] for one in data["quotas"]):
        found = {one["region"]: one for one in data["quotas"] if one["quota"] == name}
        table.add_row(name, *[_quota(found.get(region), found.get(data["from"])) for region in regions])
    console.print(table)
    console.print()


def _quota(one: Mapping[str, Any] | None, measure: Mapping[str, Any] | None) -> Text:
    if one is None:
        return plain("")
    if one["value"] is None:
        return plain("unknown", "warn")
    if one is measure:
        return plain(f"{one['value']:g}", "quiet")
    less = measure is not None and measure["value"] is not None and one["value"] < measure["value"]
    return plain(f"{one['value']:g}", "bad" if less else "good")


def _cell(cell: Mapping[str, Any] | None, measure: bool) -> Text:
    if cell is None or not (cell["compared"] or cell["extra"]):
        return plain("")
    parts = [f"{cell[name]} {name}" for name in ("differ", "missing") if cell[name]]
    if cell["unknown"]:
        parts.append("unknown")
    if not parts:
        parts.append(str(cell["compared"]) if measure else f"{cell['compared']} ok")
    extra = f", {cell['extra']} extra" if cell["extra"] else ""
    style = "quiet" if measure and cell["verdict"] == "ok" else SIGNS[cell["verdict"]]
    return plain(", ".join(parts), style).append_text(plain(extra, "quiet"))


def _draw_extras(console: Console, extras: Sequence[Mapping[str, Any]]) -> None:
    for one in extras:
        where = f"is in {one['region']} and not in {one['absent_in']}"
        console.print(plain(f"Note: {one['kind']} {one['name']!r} {where}; the config names it nowhere.", "quiet"))
    if extras:
        console.print()


def _sum(data: Mapping[str, Any]) -> Text:
    compared = sum(
        cell["compared"] for cell in data["matrix"] if cell["region"] != data["from"] and not cell["unknown"]
    )
    unknown = sorted({cell["unknown"] for cell in data["matrix"] if cell["unknown"]})
    lower = sum(one["check"] == "quota" and one["verdict"] == "bad" for one in data["readings"])
    count = len(data["differences"]) + lower + len(data["flow_tests"])
    if count:
        text = plain(f"{count} difference{'' if count == 1 else 's'} from {data['from']}", "bad")
    elif unknown:
        text = plain("Not known whether the regions are alike", "warn")
    else:
        text = plain(f"{', '.join(data['regions'])}: like {data['from']}", "good")
    tail = f"; {'; '.join(unknown)}" if unknown else ""
    return text.append_text(plain(f"{tail}. {compared} resources compared in {data['elapsed_seconds']:.1f} s."))
