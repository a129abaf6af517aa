"""Draw a report: as the one JSON object, or for people, each view by its own function. Problems go to stderr."""

from __future__ import annotations

import importlib
import re
import sys
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live

from sbctl.ui.console import beside, drawn_aside, err, one_line, out, plain, safe, write_json
from sbctl.ui.pager import Page, paged

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sbctl.core.plan import Plan
    from sbctl.core.problem import Problem
    from sbctl.core.report import Report

WHY = "  why  "
TYPED = re.compile(r"`|\bsbctl |\baws |--\w")
"""In a remedy: something to type, which must stay on one line for whoever copies it."""
Draw = Callable[[Console, Any], None]
DRAWERS: dict[str, tuple[str, str]] = {
    "Applied": ("plan", "draw_applied"),
    "Records": ("state", "draw_records"),
    "GenerationsListed": ("state", "draw_generations"),
    "StateRebuilt": ("state", "draw_rebuilt"),
    "Record": ("state", "draw_record"),
    "ConfigChecked": ("explain", "draw_config"),
    "KindsListed": ("explain", "draw_kinds"),
    "KindExplained": ("explain", "draw_kind"),
    "AddressExplained": ("explain", "draw_address"),
    "ExitExplained": ("explain", "draw_exit"),
    "LivesListed": ("state", "draw_lives"),
    "LiveShown": ("state", "draw_shown"),
    "FlowDrawn": ("flow_picture", "draw_flow"),
    "FlowCompared": ("flow_picture", "draw_flow_diff"),
    "FlowsLinted": ("flow", "draw_linted"),
    "FlowTestsShown": ("flow_tests", "draw_flow_tests"),
    "Pairs": ("state", "draw_pairs"),
    "KitVerified": ("kit", "draw_kit"),
    "FaultsListed": ("sandbox.world", "draw_faults"),
    "WorldShown": ("sandbox.world", "draw_world"),
    "CallLine": ("sandbox.calls", "draw_line"),
    "CallShown": ("sandbox.calls", "draw_call"),
    "CallersListed": ("sandbox.calls", "draw_callers"),
    "AgentsListed": ("sandbox.calls", "draw_agents"),
    "ReplicationShown": ("replication", "draw_replication"),
    "FailoverShown": ("failover", "draw_failover"),
    "RejoinShown": ("failover", "draw_rejoin"),
    "ParityShown": ("parity", "draw_parity"),
    "DriftShown": ("drift", "draw_drift"),
    "AcceptShown": ("drift", "draw_accept"),
    "Adopted": ("adopt", "draw_adopted"),
    "HistoryListed": ("history", "draw_history"),
    "RunShown": ("history", "draw_run"),
    "CostShown": ("cost", "draw_cost"),
    "DoctorShown": ("doctor", "draw_doctor"),
    "StatusShown": ("status", "draw_status"),
    "DrillsListed": ("drill", "draw_drills"),
    "TabletopShown": ("drill", "draw_tabletop"),
    "DrillShown": ("drill", "draw_drill"),
    "DrillsShown": ("drill", "draw_played"),
    "RunbookShown": ("runbook", "draw_runbooks"),
    "StepShown": ("runbook", "draw_step"),
}
"""Module of sbctl.ui.draw and function, by the view's class: each is imported when it is drawn, and so is what it draws."""


def drawer(view: object) -> Draw:
    """The function that draws a view."""
    module, function = DRAWERS[type(view).__name__]
    found: Draw = getattr(importlib.import_module(f"sbctl.ui.draw.{module}"), function)
    return found


MARKDOWN = "markdown"
PLAN, TEXT = "Plan", "Text"
LINTED = frozenset({"sarif", "github"})
"""Formats of findings."""
LISTS = frozenset({"Records", "GenerationsListed", "LivesListed", "HistoryListed", "KindsListed"})
"""What may be longer than the terminal, and is no answer to a question that was just asked."""


def render(report: Report, output: str, *, verbose: bool = False, page: Page | None = None) -> None:
    """Print a report to stdout and its problems to stderr (in JSON everything is in the one object)."""
    if output == "json":
        write_json(report.as_json())
        return
    view = type(report.view).__name__
    if output == MARKDOWN and view == PLAN:
        from sbctl.ui.page.plan_markdown import plan_markdown  # and what plans are made of

        sys.stdout.write(plan_markdown(report.view, report.problems))
        return
    if output in LINTED and view == "FlowsLinted":
        from sbctl.ui.page.lint_formats import github, sarif  # which know every rule

        sys.stdout.write((sarif if output == "sarif" else github)(report.view, report.problems))
    elif page is not None and view in LISTS:
        paged(out(), lambda console: _draw(report, console, verbose=verbose), page)
    else:
        _draw(report, out(), verbose=verbose)
    draw_problems(report.problems)


def show(plan: Plan, output: str, *, verbose: bool) -> None:
    """Show a plan before the question whether to do it; on stderr, so that stdout stays the result's."""
    if output != "json":
        from sbctl.ui.draw.plan import draw_plan

        draw_plan(err(), plan, verbose=verbose)


def show_report(report: Report, output: str) -> None:
    """Show what is to be confirmed, with what to know before; on stderr, so that stdout stays the result's."""
    if output != "json":
        drawer(report.view)(err(), report.view)
        draw_problems(report.problems)


def show_line(view: Any, output: str) -> None:
    """Show a line of a result that comes bit by bit, on stdout. Not in JSON mode."""
    if output != "json":
        console = out()
        drawer(view)(console, view)
        console.file.flush()


def on_screen(output: str) -> bool:
    """Whether results go to a terminal that can be drawn over."""
    return output != "json" and sys.stdout.isatty()


def show_view(view: Any, output: str, *, whole_screen: bool = False) -> None:
    """Show something before the result is known; on stderr unless it is the screen that is drawn over. Not in JSON mode."""
    if output == "json":
        return
    console = out() if whole_screen else err()
    if whole_screen:
        console.clear()
    drawer(view)(console, view)


def passing(view: Any) -> AbstractContextManager[object]:
    """Shows something on stdout's terminal until the end of the block, which takes it away again."""
    console = out()
    aside = beside(console)
    drawer(view)(aside, view)
    return Live(drawn_aside(aside), console=console, transient=True, auto_refresh=False)


def draw_problems(problems: tuple[Problem, ...]) -> None:
    """Every problem: what, where, why, and the remedy on a line of its own; a remedy of several notes is told once, after them."""
    console = err()
    for alike in _by_remedy(problems):
        console.print()
        for problem in alike:
            label = plain("Error: ", "bad") if problem.exit else plain("Note: ", "warn")
            console.print(label.append_text(plain(one_line(problem.summary), "head")))
            if problem.at:
                console.print(plain(f"  at   {one_line(problem.at)}"), soft_wrap=True)
            if problem.detail:
                console.print(plain(f"{WHY}{_hanging(problem.detail, console.width)}"), soft_wrap=True)
        if alike[0].fix:
            fix = one_line(alike[0].fix)
            shown = fix if TYPED.search(fix) else _hanging(fix, console.width)
            console.print(plain("  fix  ").append_text(plain(shown, "good")), soft_wrap=True)
    wrong = sum(1 for problem in problems if problem.exit)
    if wrong > 1:
        console.print(f"\n{wrong} problems.")


def _by_remedy(problems: tuple[Problem, ...]) -> list[list[Problem]]:
    """Errors one by one, notes that the same remedy puts right together; each where the first of them stands."""
    found: dict[object, list[Problem]] = {}
    for number, problem in enumerate(problems):
        found.setdefault(problem.fix if problem.fix and not problem.exit else number, []).append(problem)
    return [*found.values()]


def _draw(report: Report, console: Console, *, verbose: bool) -> None:
    view = report.view
    if type(view).__name__ == PLAN:
        from sbctl.ui.draw.plan import draw_plan

        draw_plan(console, view, verbose=verbose)
    elif type(view).__name__ == TEXT:
        sys.stdout.write(safe(view.text) + "\n")
    elif isinstance(view, dict):
        write_json(view)
    elif view is not None:
        drawer(view)(console, view)
    elif report.data and not report.problems:
        write_json(report.data)


def _hanging(text: str, width: int) -> str:
    """Text folded between words below its own beginning; what is longer than a line, such as an ARN, stays whole."""
    room = max(40, width - len(WHY))
    folded = (textwrap.wrap(line, room, break_long_words=False, break_on_hyphens=False) for line in text.splitlines())
    lines = [line for found in folded for line in found]
    return ("\n" + " " * len(WHY)).join(lines)
