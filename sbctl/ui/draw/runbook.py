"""Runbooks on paper and on the screen: commands on lines of their own, never folded, so that they can be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sbctl.ui.console import columns, plain

if TYPE_CHECKING:
    from rich.console import Console

    from sbctl.failover.guidance.procedure import RunbookStep
    from sbctl.ui.views import RunbookShown, StepShown


def draw_runbooks(console: Console, view: RunbookShown) -> None:
    if not view.whole:
        table = columns("runbook", prose="when")
        for book in view.books:
            table.add_row(plain(book.name, "head"), plain(book.when))
        console.print(table)
        return
    for book in view.books:
        console.print(plain(book.title, "head"))
        console.print(plain(f"When: {book.when}"))
        for number, step in enumerate(book.steps, 1):
            console.print()
            _draw_step(console, step, f"{number}.")


def draw_step(console: Console, view: StepShown) -> None:
    if not view.done:
        console.print()
        _draw_step(console, view.step, f"{view.number} of {view.total}.")
    elif view.came_true is None:
        console.print(plain("   not checked", "quiet"))
    elif view.came_true:
        console.print(plain("   observed", "good"))
    else:
        console.print(plain(f"   not observed: {view.seen}", "bad"))


def _draw_step(console: Console, step: RunbookStep, number: str) -> None:
    console.print(plain(f"{number} {step.title}", "head"))
    if step.why:
        console.print(plain(f"   {step.why}", "quiet"))
    for line in step.commands:
        console.print(plain(f"   $ {line}"), soft_wrap=True)
    if step.expect:
        console.print(plain(f"   → {step.expect}", "good"))
