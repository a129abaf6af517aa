"""Plans and what became of them, as tables: a summary by region and kind, then every change with its reason."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from sbctl.core.kinds.value_paths import Leaf, leaves
from sbctl.core.plan import ENDINGS, Plan, Step
from sbctl.engine.planning.estimate import estimate
from sbctl.ui.console import SIGNS, columns, plain, short_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

    from sbctl.ui.views import Applied

MANY = 40
"""Above this many the plan shows creations and deletions as counts; -v shows every one."""
FEW = 8
"""Up to so many unchanged resources of which something is told are shown one by one."""
LONGEST_VALUE = 100
NOTE_INDENT = 6
WHY = {"config": "config", "drift": "changed in AWS", "unknown": "known after apply"}


def draw_plan(console: Console, plan: Plan, *, verbose: bool = False) -> None:
    """The plan: what comes and goes as tables by region, what changes field by field, and the sum."""
    for action, title, sign in (("create", "To create", "+"), ("delete", "To delete", "-")):
        steps = [step for step in plan.pending if step.action == action]
        if steps:
            _draw_counts(console, steps, action, title, sign)
            shown = steps if verbose or len(steps) <= MANY else [step for step in steps if _stays(step)]
            if shown:
                _draw_names(console, shown)
    for step in plan.pending:
        if step.action not in ("create", "delete"):
            _draw_step(console, step)
    _draw_unchanged(console, plan, verbose=verbose)
    read = {step.at.region for step in plan.steps}
    for region in plan.unread:
        # A region that answers is read but for what hangs on one that does not.
        text = (
            "read in part; nothing is planned for the rest" if region in read else "not read; nothing is planned there"
        )
        console.print(plain(f"? {region}: {text}", "warn"))
    console.print(_sum(plan))


def _draw_unchanged(console: Console, plan: Plan, *, verbose: bool) -> None:
    """What is told of resources that do not change: of few each, of many how many."""
    unchanged = [step for step in plan.steps if step.action == "none"]
    told = [step for step in unchanged if step.reason]
    if verbose or len(told) <= FEW:
        for step in unchanged if verbose else told:
            reason = f"  ({step.reason})" if step.reason else ""
            console.print(plain(f"  {step.address}{reason}", "none"), soft_wrap=True)
        return
    for reason, count in sorted(Counter(step.reason for step in told).items()):
        console.print(plain(f"  {count} unchanged resources  ({reason})", "none"), soft_wrap=True)


def _stays(step: Step) -> bool:
    """Whether it is disabled instead of deleted, which a count does not say."""
    return step.action == "delete" and step.reason not in ("", ENDINGS["deleted"][1])


def _draw_counts(console: Console, steps: list[Step], action: str, title: str, sign: str) -> None:
    regions = sorted({step.at.region for step in steps}, key=lambda name: (name != "global", name))
    table = columns("kind", title=title, style=action)
    for region in regions:
        table.add_column(region, justify="right")
    for kind in sorted({step.at.kind for step in steps}):
        counts = [sum(1 for s in steps if s.at.kind == kind and s.at.region == region) for region in regions]
        table.add_row(kind, *[f"{sign}{count}" if count else "" for count in counts], style=action)
    console.print(table)
    console.print()


def _draw_names(console: Console, steps: list[Step]) -> None:
    for step in steps:
        reason = f"  ({step.reason})" if step.reason else ""
        console.print(plain(f"{SIGNS[step.action]} {step.address}{reason}", step.action), soft_wrap=True)
    console.print()


def _draw_note(console: Console, note: str) -> None:
    """A sentence: broken between words on a terminal, and whole in a pipe."""
    if console.is_terminal:
        console.print(Padding(plain(note), (0, 0, 0, NOTE_INDENT), expand=False))
    else:
        console.print(plain(" " * NOTE_INDENT + note), soft_wrap=True)


def _draw_step(console: Console, step: Step) -> None:
    reason = f"  ({step.reason})" if step.reason else ""
    console.print(plain(f"{SIGNS[step.action]} {step.action} {step.address}{reason}", step.action), soft_wrap=True)
    for change in step.changes:
        if change.notes:
            console.print(plain(f"    {change.field}  [{WHY[change.why]}]"))
            for note in change.notes:
                _draw_note(console, note)
            continue
        rows = list(leaves(change.field, change.before, change.after))
        for row in rows:
            line = plain(f"    {row[0]}  ")
            line.append_text(_difference(*row[1:], console.width - len(line) - 18, _beside(row, rows)))
            line.append_text(plain(f"  [{WHY[change.why]}]", "quiet"))
            console.print(line, soft_wrap=True)


def _beside(row: Leaf, rows: Sequence[Leaf]) -> Any:
    """Of an item of a list that came or went, what went or came in its stead; None where nothing did."""
    gone, come = (_one_sided(row[0], rows, number) for number in (1, 2))
    mine, others = (gone, come) if row in gone else (come, gone)
    index = mine.index(row) if row in mine else len(others)
    return next((value for value in others[index][1:] if value is not None), None) if index < len(others) else None


def _one_sided(field: str, rows: Sequence[Leaf], number: int) -> list[Leaf]:
    """What only one side has of a field."""
    return [row for row in rows if row[0] == field and row[3 - number] is None and row[number] is not None]


def _difference(before: Any, after: Any, room: int, beside: Any = None) -> Text:
    width = min(max(24, room), LONGEST_VALUE)
    if before in (None, ""):
        return plain(f"+ {short_apart((after, after if beside is None else beside), width)[0]}", "green")
    if after in (None, ""):
        return plain(f"- {short_apart((before, before if beside is None else beside), width)[0]}", "red")
    old, new = short_apart((before, after), width // 2)
    return plain(old, "red").append(" → ", "").append_text(plain(new, "green"))


def _sum(plan: Plan) -> Text:
    counts = plan.summary()
    if not plan.pending and plan.unread:
        rest = plain(f": {counts['none']} resources are as the config says.")
        return plain("No differences where it was read", "warn").append_text(rest)
    if not plan.pending:
        rest = plain(f" {counts['none']} resources are as the config says.")
        return plain("No differences.", "good").append_text(rest)
    parts = [plain(text, action) for action, text in plan.changes().items()]
    told = estimate(plan).told()
    ending = f", {counts['none']} unchanged{f'; {told}' if told else ''}."
    return plain("Plan: ").append_text(Text(", ").join(parts)).append(ending)


def draw_applied(console: Console, view: Applied) -> None:
    """What was done, and the overview of what now exists."""
    if view.done is None:
        draw_plan(console, view.plan)
        return
    _draw_outputs(console, view)
    done, planned = len(view.done), len(view.plan.pending)
    style = "good" if done == planned else "warn"
    rest = "" if done == planned else f", {len(view.failed)} failed, {len(view.not_done)} not done"
    calls = view.calls.get("total", 0)
    if planned:
        counted = plain(f"{done} of {planned} steps done", style)
        console.print(counted.append_text(plain(f"{rest}; {calls} API calls, {view.seconds:.1f} s.")))
    else:
        console.print(_sum(view.plan))


def _draw_outputs(console: Console, view: Applied) -> None:
    regions = {name: found for name, found in view.outputs.get("regions", {}).items() if found["resources"]}
    if not regions:
        return
    for name, found in regions.items():
        console.print(plain(name, "head").append_text(plain(f"  {found['resources']} resources", "quiet")))
        lines = {
            "instance": found["instance_id"],
            "agents": found["access_url"],
            "numbers": _joined(f"{number} ({name})" for name, number in found["numbers"].items()),
            "health": f"{found['health_url'].rstrip('/')}/health" if found["health_url"] else "",
            "recordings": _joined(found["buckets"]),
        }
        _draw_lines(console, lines)
    console.print(plain("global", "head"))
    tables = {"tables": _joined(view.outputs["tables"]), "DNS": view.outputs["record"]}
    _draw_lines(console, {**tables, "dashboard": view.outputs["dashboard"]})
    console.print()


def _draw_lines(console: Console, lines: Mapping[str, str]) -> None:
    """Names and values below each other; never folded, so that ids and URLs can be copied."""
    for label, value in lines.items():
        if value:
            console.print(plain(f"  {label:<10}  ", "quiet").append_text(plain(value)), soft_wrap=True)


def _joined(names: Iterable[str]) -> str:
    return ", ".join(names)
