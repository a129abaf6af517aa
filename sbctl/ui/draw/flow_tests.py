"""What flow tests found: a row for each test, a column for each region, and what of the flows no test passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from sbctl.ui.console import columns, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from sbctl.ui.views import FlowTestsShown

STYLES = {"passed": "good", "failed": "bad", "stopped": "warn", "unknown": "warn"}
SHOWN = 6
"""Branches of a flow that are named."""


def draw_flow_tests(console: Console, view: FlowTestsShown) -> None:
    console.print(_results(view.data["tests"], view.regions))
    console.print()
    console.print(_sentence(view.data["tests"]))
    if view.data.get("coverage") is not None:
        console.print()
        _draw_coverage(console, view.data["coverage"])
    if view.data.get("written"):
        console.print(plain(f"Written: {view.data['written']}", "quiet"))


def _results(tests: Sequence[Mapping[str, Any]], regions: Sequence[str]) -> Any:
    table = columns("test", *regions)
    cells = {(one["name"], one["region"]): one for one in tests}
    for name in dict.fromkeys(one["name"] for one in tests):
        table.add_row(plain(name), *(_cell(cells.get((name, region))) for region in regions))
    return table


def _cell(one: Mapping[str, Any] | None) -> Text:
    if one is None:
        return plain("-", "quiet")
    where = f" at {one['block']}" if one["outcome"] == "failed" and one["block"] else ""
    return plain(f"{one['outcome']}{where}", STYLES[one["outcome"]])


def _sentence(tests: Sequence[Mapping[str, Any]]) -> Text:
    outcomes = [one["outcome"] for one in tests]
    regions = len({one["region"] for one in tests})
    counts = [f"{outcomes.count(name)} {name}" for name in STYLES if name in outcomes]
    style = "good" if set(outcomes) <= {"passed"} else "bad" if "failed" in outcomes else "warn"
    return plain(f"{', '.join(counts) or 'none run'} in {regions} region{'' if regions == 1 else 's'}", style)


def _draw_coverage(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    table = columns("flow", "blocks", "branches", prose="not passed by a test")
    for row in rows:
        blocks = f"{row['blocks'] - len(row['missed_blocks'])}/{row['blocks']}"
        branches = f"{row['branches'] - len(row['missed_branches'])}/{row['branches']}"
        missed = list(row["missed_branches"])
        more = f" and {len(missed) - SHOWN} more" if len(missed) > SHOWN else ""
        style = "warn" if missed else "good"
        table.add_row(
            plain(row["flow"]), plain(blocks), plain(branches, style), plain(", ".join(missed[:SHOWN]) + more)
        )
    console.print(table)
    beyond = sum(row["out_of_reach"] for row in rows)
    if beyond:
        text = f"{beyond} error branches are not counted: no test can make these blocks fail."
        console.print(plain(text, "quiet"))
