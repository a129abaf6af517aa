"""Charts of a drill as SVG texts that stand in the page itself: no script, no font and no file from elsewhere."""

from __future__ import annotations

import re
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pygal
from pygal.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

GOOD, BAD, LIMIT, QUIET, ELSEWHERE = "#1a7f37", "#cf222e", "#9a6700", "#57606a", "#8250df"
# pygal hangs a finder into Python's imports, of a form that Python warns of at every later import; it is for plugins alone.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

_NO_PICTURE = re.compile(r"<!--.*?-->|<script.*?</script>", re.S)
MOST_BARS = 60
"""Of the calls' chart: more are too thin to be seen on a phone."""
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
    chart = pygal.HorizontalBar(**_look(BAD if missed(data) else GOOD, LIMIT), height=40 + 64 * len(known))
    chart.x_labels = [name for name, _, _ in known]
    chart.add("measured, s", [round(float(value), 1) for _, value, _ in known])
    chart.add("objective, s", [float(limit) for _, _, limit in known])
    return _text(chart)


def lag(rows: Sequence[Mapping[str, Any]], limit: float) -> str:
    """Replication lag by what was measured, in seconds, and what the recovery point objective allows."""
    known = [row for row in rows if isinstance(row["value"], int | float) and row["unit"] == "s"]
    if not known:
        return ""
    chart = pygal.HorizontalBar(**_look(GOOD, LIMIT), height=40 + 52 * len(known))
    chart.x_labels = [*_labels(known)]
    chart.add("lag, s", [round(float(row["value"]), 2) for row in known])
    chart.add("objective, s", [limit] * len(known))
    return _text(chart)


def _labels(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What each row is of, no two alike: the way where there are several, how it was measured where it was in several ways.

    A label takes room from the plot, which is narrow on a phone.
    """
    ways = {(row["from"], row["to"]) for row in rows}
    named = [f"{row['subject']} {row['from']} → {row['to']}" if len(ways) > 1 else str(row["subject"]) for row in rows]
    often, met = Counter(named), Counter[str]()
    for row, name in zip(rows, named, strict=True):
        label = f"{name} (AWS)" if often[name] > 1 and row.get("check") == "published-latency" else name
        met[label] += 1
        yield label if met[label] == 1 else f"{label} ({met[label]})"


def calls(data: Mapping[str, Any]) -> str:
    """What callers got, by the second or by so many that a phone shows the bars: answered, waiting, lost, in the wrong region."""
    rows = (data.get("callers") or {}).get("seconds") or ()
    if not rows:
        return ""
    begin = min(int(row["at_seconds"]) for row in rows)
    width = bar_seconds(data)
    bars = [_bar(rows, begin + at * width, width) for at in range((_last(rows) - begin) // width + 1)]
    chart = pygal.StackedBar(
        **{**_look(GOOD, LIMIT, BAD, ELSEWHERE), "print_values": False}, height=260, spacing=4, x_label_rotation=0
    )
    chart.x_labels = [str(begin + at * width) for at in range(len(bars))]
    chart.x_labels_major = chart.x_labels[:: max(1, len(bars) // 4)]
    chart.show_minor_x_labels = False
    for place, name in enumerate(("answered", "waiting", "lost", "wrong region")):
        chart.add(name, [bar[place] for bar in bars])
    return _text(chart)


def bar_seconds(data: Mapping[str, Any]) -> int:
    """Seconds that one bar of the calls' chart stands for."""
    rows = (data.get("callers") or {}).get("seconds") or ()
    if not rows:
        return 1
    span = _last(rows) - min(int(row["at_seconds"]) for row in rows) + 1
    return max(1, -(-span // MOST_BARS))


def _last(rows: Sequence[Mapping[str, Any]]) -> int:
    return max(int(row["at_seconds"]) for row in rows)


def _bar(rows: Sequence[Mapping[str, Any]], begin: int, width: int) -> tuple[int, int, int, int]:
    """Answered where they ought to be, waiting at most at a time, lost, answered in the wrong region."""
    here = [row for row in rows if begin <= int(row["at_seconds"]) < begin + width]
    waiting: Counter[int] = Counter()
    for row in here:
        waiting[int(row["at_seconds"])] += int(row["waiting"])
    wrong = sum(int(row["wrong_region"]) for row in here)
    answered = sum(int(row["answered"]) + int(row["served"]) for row in here) - wrong
    return answered, max(waiting.values(), default=0), sum(int(row["lost"]) for row in here), wrong


def missed(data: Mapping[str, Any]) -> bool:
    """Whether something that was measured is beyond its objective."""
    names = ("rto_seconds", "rpo_seconds")
    return any(data[name] is not None and float(data[name]) > float(data["objectives"][name]) for name in names)


def trend(rows: Sequence[Mapping[str, Any]], limit: float) -> str:
    """RTO of this and earlier drills of the same name; "" when there are too few to be a trend."""
    known = [row for row in rows if row["rto_seconds"] is not None][-MOST_IN_TREND:]
    if len(known) < LEAST_FOR_TREND:
        return ""
    chart = pygal.Line(**_look(GOOD, LIMIT), height=240, x_label_rotation=20)
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
        "width": 400,
        "max_scale": 4,
        "print_values": True,
        "show_legend": False,
        "truncate_label": -1,
        "margin": 6,
        "include_x_axis": True,
        "disable_xml_declaration": True,
    }


def _text(chart: Any) -> str:
    """The picture alone: no comment, no script."""
    return _NO_PICTURE.sub("", str(chart.render(is_unicode=True)))
