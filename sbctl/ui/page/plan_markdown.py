"""A plan as Markdown, for the comment of a pull request: the sum, a table of what changes, and what is to be known beside it.

The dialect is GitHub's: https://github.github.com/gfm/#tables-extension-
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sbctl.core.kinds.value_paths import leaves
from sbctl.core.plan import ACTIONS, Plan, Step
from sbctl.ui.console import SIGNS, one_line, short_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sbctl.core.problem import Problem

MANY = 40
"""Above this many creations or deletions stand as counts by kind and region."""
LONGEST_VALUE = 60


def plan_markdown(plan: Plan, problems: Iterable[Problem]) -> str:
    """The text, with a line end at its end. What AWS or the config hold stands in code spans and steers nothing."""
    lines = [f"### {_sum(plan)}", ""]
    rows = [*_rows(plan)]
    if rows:
        lines += ["| action | what | change |", "|---|---|---|", *rows, ""]
    told = Counter(step.reason for step in plan.steps if step.action == "none" and step.reason)
    lines += [f"- {count} unchanged: {_plain(reason)}" for reason, count in sorted(told.items())]
    if plan.unread:
        lines += [f"Not read, or in part: {', '.join(_code(region) for region in plan.unread)}.", ""]
    for problem in problems:
        lines += [*_told(problem)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _sum(plan: Plan) -> str:
    changes, same = plan.changes(), plan.summary()["none"]
    return f"Plan: {', '.join(changes.values())}, {same} unchanged" if changes else f"No differences: {same} resources"


def _rows(plan: Plan) -> Iterator[str]:
    for action in ACTIONS:
        steps = [step for step in plan.pending if step.action == action]
        if action in ("create", "delete") and len(steps) > MANY:
            counts = Counter((step.at.kind, step.at.region) for step in steps)
            for (kind, region), count in sorted(counts.items()):
                yield _row(f"{SIGNS[action]} {action}", f"{count} of {_code(kind)} in {_code(region)}", "")
        else:
            for step in steps:
                yield _row(f"{SIGNS[action]} {action}", _code(step.address), _changes(step))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _changes(step: Step) -> str:
    """The fields that differ, and why the step is there. Of what is created the config has the fields."""
    found = [] if step.action == "create" else [*_fields(step)]
    return "<br>".join([*([_plain(step.reason)] if step.reason else []), *found])


def _fields(step: Step) -> Iterator[str]:
    for change in step.changes:
        if change.notes:
            yield f"{_code(change.field)}: {'; '.join(map(_plain, change.notes))}"
            continue
        for name, before, after in leaves(change.field, change.before, change.after):
            old, new = short_apart((before, after), LONGEST_VALUE)
            yield f"{_code(name)}: {_code(old)} → {_code(new)}"


def _told(problem: Problem) -> Iterator[str]:
    word = "Error" if problem.exit else "Note"
    at = f" ({_code(problem.at)})" if problem.at else ""
    yield f"- **{word}: {_plain(problem.summary)}**{at}{': ' if problem.detail else ''}{_plain(problem.detail)}"
    if problem.fix:
        yield f"  {_code(problem.command or problem.fix)}"


def _code(text: object) -> str:
    """A code span: with a longer fence where the text has the sign itself, and no end of a table's cell."""
    shown = one_line(text).replace("|", "\\|") or " "
    fence = "`" if "`" not in shown else "``"
    return f"{fence}{shown}{fence}" if fence == "`" else f"{fence} {shown} {fence}"


def _plain(text: str) -> str:
    """Words: no sign in them is Markdown or HTML."""
    return "".join(f"\\{one}" if one in "\\`*_[]<>|#~" else one for one in one_line(text))
