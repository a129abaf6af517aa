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

from sbctl.core.plan import Plan
from sbctl.core.state import Record
from sbctl.ui import views
from sbctl.ui.console import beside, drawn_aside, err, one_line, out, plain, safe, write_json
from sbctl.ui.draw.plan import draw_plan
from sbctl.ui.page.plan_markdown import plan_markdown
from sbctl.ui.pager import Page, paged

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sbctl.core.problem import Problem
    from sbctl.core.report import Report

WHY = "  why  "
TYPED = re.compile(r"`|\bsbctl |\baws |--\w")
"""In a remedy: something to type, which must stay on one line for whoever copies it."""
Draw = Callable[[Console, Any], None]
DRAWERS: dict[type[Any], tuple[str, str]] = {
    views.Applied: ("plan", "draw_applied"),
    views.Records: ("state", "draw_records"),
    views.GenerationsListed: ("state", "draw_generations"),
    views.StateRebuilt: ("state", "draw_rebuilt"),
    Record: ("state", "draw_record"),
    views.ConfigChecked: ("explain", "draw_config"),
    views.KindsListed: ("explain", "draw_kinds"),
    views.KindExplained: ("explain", "draw_kind"),
    views.AddressExplained: ("explain", "draw_address"),
    views.ExitExplained: ("explain", "draw_exit"),
    views.LivesListed: ("state", "draw_lives"),
    views.LiveShown: ("state", "draw_shown"),
    views.FlowDrawn: ("flow_picture", "draw_flow"),
    views.FlowCompared: ("flow_picture", "draw_flow_diff"),
    views.FlowsLinted: ("flow", "draw_linted"),
    views.FlowTestsShown: ("flow_tests", "draw_flow_tests"),
    views.Pairs: ("state", "draw_pairs"),
    views.KitVerified: ("kit", "draw_kit"),
    views.FaultsListed: ("sandbox.world", "draw_faults"),
    views.WorldShown: ("sandbox.world", "draw_world"),
    views.CallLine: ("sandbox.calls", "draw_line"),
    views.CallShown: ("sandbox.calls", "draw_call"),
    views.CallersListed: ("sandbox.calls", "draw_callers"),
    views.AgentsListed: ("sandbox.calls", "draw_agents"),
    views.ReplicationShown: ("replication", "draw_replication"),
    views.FailoverShown: ("failover", "draw_failover"),
    views.RejoinShown: ("failover", "draw_rejoin"),
    views.ParityShown: ("parity", "draw_parity"),
    views.DriftShown: ("drift", "draw_drift"),
    views.AcceptShown: ("drift", "draw_accept"),
    views.Adopted: ("adopt", "draw_adopted"),
    views.HistoryListed: ("history", "draw_history"),
    views.RunShown: ("history", "draw_run"),
    views.CostShown: ("cost", "draw_cost"),
    views.DoctorShown: ("doctor", "draw_doctor"),
    views.StatusShown: ("status", "draw_status"),
    views.DrillsListed: ("drill", "draw_drills"),
    views.TabletopShown: ("drill", "draw_tabletop"),
    views.DrillShown: ("drill", "draw_drill"),
    views.DrillsShown: ("drill", "draw_played"),
    views.RunbookShown: ("runbook", "draw_runbooks"),
    views.StepShown: ("runbook", "draw_step"),
}
"""Module of sbctl.ui.draw and function, by view: each is imported when it is drawn, since a command draws one of them."""


def drawer(view: object) -> Draw:
    """The function that draws a view."""
    module, function = DRAWERS[type(view)]
    found: Draw = getattr(importlib.import_module(f"sbctl.ui.draw.{module}"), function)
    return found


MARKDOWN = "markdown"
LINTED = frozenset({"sarif", "github"})
"""Formats of findings."""
LISTS = (views.Records, views.GenerationsListed, views.LivesListed, views.HistoryListed, views.KindsListed)
"""What may be longer than the terminal, and is no answer to a question that was just asked."""


def render(report: Report, output: str, *, verbose: bool = False, page: Page | None = None) -> None:
    """Print a report to stdout and its problems to stderr (in JSON everything is in the one object)."""
    if output == "json":
        write_json(report.as_json())
        return
    if output == MARKDOWN and isinstance(report.view, Plan):
        sys.stdout.write(plan_markdown(report.view, report.problems))
        return
    if output in LINTED and isinstance(report.view, views.FlowsLinted):
        from sbctl.ui.page.lint_formats import github, sarif  # which know every rule

        sys.stdout.write((sarif if output == "sarif" else github)(report.view, report.problems))
    elif page is not None and isinstance(report.view, LISTS):
        paged(out(), lambda console: _draw(report, console, verbose=verbose), page)
    else:
        _draw(report, out(), verbose=verbose)
    draw_problems(report.problems)


def show(plan: Plan, output: str, *, verbose: bool) -> None:
    """Show a plan before the question whether to do it; on stderr, so that stdout stays the result's."""
    if output != "json":
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
    if isinstance(view, Plan):
        draw_plan(console, view, verbose=verbose)
    elif isinstance(view, views.Text):
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
