"""Charts of a drill as SVG texts that stand in the page itself: no script, no font and no file from elsewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pygal
from pygal.style import Style

GOOD, BAD, LIMIT, QUIET = "#1a7f37", "#cf222e", "#9a6700", "#57606a"
# pygal hangs a finder into Python's imports, of a form that Python warns of at every later import; it is for plugins alone.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

_NO_PICTURE = re.compile(r"<!--.*?-->|<script.*?</script>", re.S)
LEAST_FOR_TREND, MOST_IN_TREND = 2, 12


def objectives(data: Mapping[str, Any]) -> str:
    """What was measured beside what was allowed, in seconds; "" when nothing was measured."""
    rows = [
        ("RTO", data["rto_seconds"], data["objectives"]["rto_seconds"]),
        ("RPO", data["rpo_seconds"], data["objectives"]["rpo_seconds"]),
    ]
    known = [row for row in rows if row[1] is not None]
    if not known:
        return ""
    held = all(float(value) <= float(limit) for _, value, limit in known)
    chart = pygal.HorizontalBar(**_look(GOOD if held else BAD, LIMIT), height=70 + 70 * len(known))
    chart.x_labels = [name for name, _, _ in known]
    chart.add("measured, s", [round(float(value), 1) for _, value, _ in known])
    chart.add("objective, s", [float(limit) for _, _, limit in known])
    return _text(chart)


def lag(rows: Sequence[Mapping[str, Any]], limit: float) -> str:
    """Replication lag by what was measured, in seconds, and what the recovery point objective allows."""
    known = [row for row in rows if isinstance(row["value"], int | float) and row["unit"] == "s"]
    if not known:
        return ""
    chart = pygal.HorizontalBar(**_look(GOOD, LIMIT), height=70 + 44 * len(known))
    chart.x_labels = [f"{row['subject']} {row['from']} → {row['to']}" for row in known]
    chart.add("lag, s", [round(float(row["value"]), 2) for row in known])
    chart.add("objective, s", [limit] * len(known))
    return _text(chart)


def trend(rows: Sequence[Mapping[str, Any]], limit: float) -> str:
    """RTO of this and earlier drills of the same name; "" when there are too few to be a trend."""
    known = [row for row in rows if row["rto_seconds"] is not None][-MOST_IN_TREND:]
    if len(known) < LEAST_FOR_TREND:
        return ""
    chart = pygal.Line(**_look(GOOD, LIMIT), height=260, x_label_rotation=20)
    chart.x_labels = [str(row["at"])[5:16].replace("T", " ") for row in known]
    chart.add("RTO, s", [round(float(row["rto_seconds"]), 1) for row in known])
    chart.add("objective, s", [limit] * len(known), show_dots=False, stroke_style={"dasharray": "6, 4"})
    return _text(chart)


def _look(*colors: str) -> dict[str, Any]:
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="#24292f",
        foreground_strong="#24292f",
        foreground_subtle=QUIET,
        colors=colors,
        font_family="system-ui, sans-serif",
        label_font_size=14,
        legend_font_size=14,
        value_font_size=13,
    )
    return {
        "style": style,
        "js": [],
        "width": 560,
        "max_scale": 6,
        "print_values": True,
        "legend_at_bottom": True,
        "truncate_legend": -1,
        "legend_at_bottom_columns": 2,
        "margin": 6,
        "include_x_axis": True,
        "disable_xml_declaration": True,
    }


def _text(chart: Any) -> str:
    """The picture alone: no comment, no script."""
    return _NO_PICTURE.sub("", str(chart.render(is_unicode=True)))
