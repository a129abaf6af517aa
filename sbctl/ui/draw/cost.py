"""A month's cost for people: services with bars, totals, what was assumed, what would cost less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sbctl.ui.console import columns, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from sbctl.ui.views import CostShown

BAR_COLUMNS = 24
NARROW_BAR = 12
WIDE = 110
ASSUMED = (
    ("voiceMinutes", "minutes of calls"),
    ("functionCalls", "function calls"),
    ("tableWrites", "table writes"),
    ("tableReads", "table reads"),
    ("tableGb", "GB in tables"),
    ("recordingMbPerMinute", "MB of recording a minute"),
    ("dnsQueries", "DNS queries"),
    ("logGb", "GB of logs"),
)


LOADS = {
    "standby": "the primary region takes all calls",
    "split": "the regions share the calls",
    "full": "every region takes as many calls as one would alone",
}


def draw_cost(console: Console, view: CostShown) -> None:
    data = view.data
    estimates, prices = data["estimates"], data["prices"]
    console.print(plain(_title(estimates), "head"))
    _draw_services(console, estimates, prices["currency"])
    _draw_assumptions(console, data["usage"], LOADS[data["load"]])
    console.print(plain(f"prices of {prices['date']}: {prices['note']}", "quiet"))
    _draw_tips(console, data["tips"], prices["currency"])


def _title(estimates: Sequence[Mapping[str, Any]]) -> str:
    return f"Cost a month, estimated, over {', '.join(estimates[-1]['regions'])}"


def _draw_services(console: Console, estimates: Sequence[Mapping[str, Any]], currency: str) -> None:
    table = columns("service")
    for one in estimates:
        count = len(one["regions"])
        table.add_column(f"{count} region{'s' if count > 1 else ''}", justify="right", no_wrap=True)
    several = len(estimates) > 1
    if several:
        table.add_column("factor", justify="right", no_wrap=True)
    width = BAR_COLUMNS if console.width >= WIDE else NARROW_BAR
    table.add_column("", no_wrap=True, overflow="ellipsis")
    last = estimates[-1]["services"]
    most = max(last.values(), default=0.0)
    for name in _names(estimates):
        row = [one["services"].get(name, 0.0) for one in estimates]
        bar = plain("█" * round(width * row[-1] / most) or "▏", "good") if row[-1] else ""
        table.add_row(plain(name), *map(_money, row), *([_factor(row[0], row[-1])] if several else []), bar)
    totals = [one["total"] for one in estimates]
    factor = [plain(_factor(totals[0], totals[-1]), "head")] if several else []
    table.add_row(plain(f"Total, {currency}", "head"), *(plain(_money(one), "head") for one in totals), *factor, "")
    console.print(table)


def _names(estimates: Sequence[Mapping[str, Any]]) -> list[str]:
    found: dict[str, None] = {}
    for one in reversed(estimates):
        found.update(dict.fromkeys(one["services"]))
    return list(found)


def _money(amount: float) -> str:
    return f"{amount:,.2f}" if amount else "-"


def _factor(one: float, many: float) -> str:
    return f"{many / one:.1f}x" if one else "new"


def _draw_assumptions(console: Console, usage: Mapping[str, Any], load: str) -> None:
    named = ", ".join(f"{_number(usage[name])} {text}" for name, text in ASSUMED if usage[name])
    console.print()
    console.print(plain(f"assumed ({usage['title']}): {load}; a month {named}", "quiet"))
    if usage["priceRegion"]:
        console.print(plain(f"every region at the prices of {usage['priceRegion']}", "quiet"))
    if usage["services"]:
        console.print(plain(f"only {', '.join(usage['services'])} are counted", "quiet"))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def _draw_tips(console: Console, tips: Sequence[Mapping[str, Any]], currency: str) -> None:
    if not tips:
        return
    console.print(plain("\nWhat would cost less", "head"))
    table = columns()
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for tip in tips:
        mark = "done" if tip["followed"] else f"-{tip['saving']:,.2f} {currency}" if tip["saving"] else "less"
        style = "quiet" if tip["followed"] else ""
        table.add_row(plain(mark, style or "good"), plain(tip["text"], style))
    table.show_header = False
    console.print(table)
