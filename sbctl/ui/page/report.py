"""A drill as one HTML page that stands by itself: opened from a disk, on a phone, or printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sbctl.core.text.ages import age
from sbctl.failover.data.drill import not_seen
from sbctl.ui.page import charts as drill_charts
from sbctl.ui.page.shell import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEMPLATE = "drill.html.j2"


def drill_page(data: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> str:
    """The page of a drill from its JSON data. `earlier` are `{at, rto_seconds}` of drills of this name, this one included."""
    objectives = data["objectives"]
    return page(
        TEMPLATE,
        drill=data,
        not_seen=not_seen,
        begun=_clock_of(data).get("begun_at", data["begun_at"]),
        clock_note=_clock_of(data).get("name", ""),
        span=_span(data),
        strips=_strips(data["probes"], _span(data)),
        writes=_writes(data, _span(data)),
        marks=_mark_rows(data),
        over=drill_charts.missed(data),
        objectives_chart=Markup(drill_charts.objectives(data)),
        calls_chart=Markup(drill_charts.calls(data)),
        bar_seconds=drill_charts.bar_seconds(data),
        tests_age=age((data.get("flow_tests") or {}).get("age_seconds")),
        callers=data.get("callers"),
        callers_rto=data.get("callers_rto_seconds"),
        callers_note=data.get("callers_note") or "",
        own_steps=data.get("own_steps") or (),
        lag_chart=Markup(drill_charts.lag(data.get("lags", ()), objectives["rpo_seconds"])),
        trend_chart=Markup(drill_charts.trend(earlier, objectives["rto_seconds"])),
    )


def _clock_of(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one clock of a page; drills of earlier versions name none."""
    found: Mapping[str, Any] = data.get("clock") or {}
    return found


MARKED = ("fault", "moved", "mended", "decision")
"""The events marked below the strips. The restore comes after the last probe, so nothing was observed then."""


def _marks(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in data["timeline"] if row["text"] and row["what"] in MARKED]


NEAR = 9.0
"""Per cent of the width that the time at a mark takes."""
LATE = 75.0
"""Behind it the time stands before its mark, since a phone has no room after it."""


def _mark_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each sort of event, with all of its marks; what would stand on another one stands with it."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for mark in sorted(_marks(data), key=lambda row: float(row["at_seconds"])):
        at, row = float(mark["at_seconds"]), rows.setdefault(mark["what"], [])
        left = round(max(0.0, 100 * at / _span(data)), 2)
        said, title = f"{at:.0f} s", f"{at:.1f} s: {mark['text']}"
        if row and left - row[-1]["left"] < NEAR:
            texts = dict.fromkeys((*row[-1]["text"].split(", "), said))
            row[-1] |= {"text": ", ".join(texts), "title": f"{row[-1]['title']}; {title}"}
        else:
            row.append({"left": left, "late": left > LATE, "text": said, "title": title})
    return [{"what": what, "marks": marks} for what, marks in rows.items()]


def _span(data: Mapping[str, Any]) -> float:
    """Seconds that the strips show: all that was observed, and the marks."""
    ends = [row["at_seconds"] for rows in (data["probes"], data["writes"], _marks(data)) for row in rows]
    return max([1.0, *map(float, ends)])


def _strips(probes: Sequence[Mapping[str, Any]], span: float) -> list[dict[str, Any]]:
    """A row for each region that DNS answered, with stretches of equal answers as (left, width) in per cent."""
    rows = []
    for region in dict.fromkeys(probe["region"] for probe in probes):
        rows.append({"region": region or "no answer", "parts": [*_parts(probes, region, span)]})
    return rows


def _parts(probes: Sequence[Mapping[str, Any]], region: str, span: float) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for place, probe in enumerate(probes):
        if probe["region"] != region:
            continue
        begin = max(0.0, float(probe["at_seconds"]))
        # The last probe says nothing about the time after it.
        end = float(probes[place + 1]["at_seconds"]) if place + 1 < len(probes) else begin
        follows = place and probes[place - 1]["region"] == region and parts and parts[-1]["good"] == probe["good"]
        if follows:
            parts[-1]["end"] = end
        else:
            parts.append({"begin": begin, "end": end, "good": probe["good"], "why": probe["why"]})
    for part in parts:
        part["left"] = round(100 * part["begin"] / span, 2)
        part["width"] = max(0.4, round(100 * (part["end"] - part["begin"]) / span, 2))
    return parts


def _writes(data: Mapping[str, Any], span: float) -> list[dict[str, Any]]:
    """Each write as a dot: arrived, lost, or never acknowledged."""
    lost = set(data["writes_lost"])
    found = []
    for write in data["writes"]:
        state = "lost" if write["number"] in lost else "sent" if write["acknowledged"] else "refused"
        found.append({"left": round(100 * max(0.0, float(write["at_seconds"])) / span, 2), "state": state})
    return found
