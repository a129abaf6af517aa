"""Draw a report: as the one JSON object, or for people, each view by its own function. Problems go to stderr."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from rich.console import Console
from rich.live import Live

from sbctl.core.plan import Plan
from sbctl.core.problem import Problem
from sbctl.core.report import Report
from sbctl.core.state import Record
from sbctl.ui import views
from sbctl.ui.console import beside, drawn_aside, err, one_line, out, plain, safe, write_json
from sbctl.ui.draw.adopt import draw_adopted
from sbctl.ui.draw.cost import draw_cost
from sbctl.ui.draw.doctor import draw_doctor
from sbctl.ui.draw.drift import draw_accept, draw_drift
from sbctl.ui.draw.drill import draw_drill, draw_drills, draw_played, draw_tabletop
from sbctl.ui.draw.explain import draw_address, draw_config, draw_exit, draw_kind, draw_kinds
from sbctl.ui.draw.failover import draw_failover, draw_rejoin
from sbctl.ui.draw.flow import draw_flow, draw_flow_diff, draw_linted
from sbctl.ui.draw.history import draw_history, draw_run
from sbctl.ui.draw.kit import draw_kit
from sbctl.ui.draw.parity import draw_parity
from sbctl.ui.draw.plan import draw_applied, draw_plan
from sbctl.ui.draw.replication import draw_replication
from sbctl.ui.draw.runbook import draw_runbooks, draw_step
from sbctl.ui.draw.sandbox import draw_faults, draw_world
from sbctl.ui.draw.state import (
    draw_generations,
    draw_lives,
    draw_pairs,
    draw_rebuilt,
    draw_record,
    draw_records,
    draw_shown,
)
from sbctl.ui.draw.status import draw_status
from sbctl.ui.page.plan_markdown import plan_markdown
from sbctl.ui.pager import Page, paged

WHY = "  why  "
TYPED = re.compile(r"`|\bsbctl |\baws |--\w")
"""In a remedy: something to type, which must stay on one line for whoever copies it."""
Draw = Callable[[Console, Any], None]
DRAWERS: dict[type[Any], Draw] = {
    views.Applied: draw_applied,
    views.Records: draw_records,
    views.GenerationsListed: draw_generations,
    views.StateRebuilt: draw_rebuilt,
    Record: draw_record,
    views.ConfigChecked: draw_config,
    views.KindsListed: draw_kinds,
    views.KindExplained: draw_kind,
    views.AddressExplained: draw_address,
    views.ExitExplained: draw_exit,
    views.LivesListed: draw_lives,
    views.LiveShown: draw_shown,
    views.FlowDrawn: draw_flow,
    views.FlowCompared: draw_flow_diff,
    views.FlowsLinted: draw_linted,
    views.Pairs: draw_pairs,
    views.KitVerified: draw_kit,
    views.FaultsListed: draw_faults,
    views.WorldShown: draw_world,
    views.ReplicationShown: draw_replication,
    views.FailoverShown: draw_failover,
    views.RejoinShown: draw_rejoin,
    views.ParityShown: draw_parity,
    views.DriftShown: draw_drift,
    views.AcceptShown: draw_accept,
    views.Adopted: draw_adopted,
    views.HistoryListed: draw_history,
    views.RunShown: draw_run,
    views.CostShown: draw_cost,
    views.DoctorShown: draw_doctor,
    views.StatusShown: draw_status,
    views.DrillsListed: draw_drills,
    views.TabletopShown: draw_tabletop,
    views.DrillShown: draw_drill,
    views.DrillsShown: draw_played,
    views.RunbookShown: draw_runbooks,
    views.StepShown: draw_step,
}


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
        DRAWERS[type(report.view)](err(), report.view)
        draw_problems(report.problems)


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
    DRAWERS[type(view)](console, view)


def passing(view: Any) -> AbstractContextManager[object]:
    """Shows something on stdout's terminal until the end of the block, which takes it away again."""
    console = out()
    aside = beside(console)
    DRAWERS[type(view)](aside, view)
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
        DRAWERS[type(view)](console, view)
    elif report.data and not report.problems:
        write_json(report.data)


def _hanging(text: str, width: int) -> str:
    """Text folded between words below its own beginning; what is longer than a line, such as an ARN, stays whole."""
    room = max(40, width - len(WHY))
    folded = (textwrap.wrap(line, room, break_long_words=False, break_on_hyphens=False) for line in text.splitlines())
    lines = [line for found in folded for line in found]
    return ("\n" + " " * len(WHY)).join(lines)
