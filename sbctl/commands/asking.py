"""Questions to the user. Off a terminal there are none: --yes or a refusal."""

from __future__ import annotations

import signal
import sys

import click

from sbctl.app import Settings
from sbctl.core.events import Listener, QuestionAsked
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.ui.console import err, plain, safe
from sbctl.ui.streams import fitting


def confirm(settings: Settings, listen: Listener, question: str) -> bool:
    """Whether to go on. True with --yes; asks on a terminal; refuses elsewhere. Raises KeyboardInterrupt on Ctrl-C."""
    if settings.yes:
        return True
    _refuse_where_nobody_is(settings)
    listen(QuestionAsked())
    # Nothing is in hand that a Ctrl-C should let finish.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return click.confirm(fitting(safe(question), sys.stderr), err=True)
    except click.Abort as error:
        raise KeyboardInterrupt from error
    finally:
        signal.signal(signal.SIGINT, before)


def confirm_typed(settings: Settings, listen: Listener, statement: str, word: str) -> None:
    """Have the user type `word` to go on. Nothing is asked with --yes. Raises SbctlError when it was not typed."""
    if settings.yes:
        return
    _refuse_where_nobody_is(settings)
    listen(QuestionAsked())
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        err().print(plain(statement))
        typed = click.prompt(fitting(f"Type {word} to go on", sys.stderr), err=True, default="", show_default=False)
    except click.Abort as error:
        raise KeyboardInterrupt from error
    finally:
        signal.signal(signal.SIGINT, before)
    if str(typed).strip() != word:
        raise SbctlError(DECLINED)


def step_through(settings: Settings, listen: Listener) -> str:
    """What to do with the step that is shown: "done", "skip" or "stop". With --yes every step counts as done."""
    if settings.yes:
        return "done"
    _refuse_where_nobody_is(settings)
    listen(QuestionAsked())
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return str(click.prompt("   done, skip or stop", type=click.Choice(STEP_WORDS), default="done", err=True))
    except click.Abort as error:
        raise KeyboardInterrupt from error
    finally:
        signal.signal(signal.SIGINT, before)


STEP_WORDS = ("done", "skip", "stop")


def _refuse_where_nobody_is(settings: Settings) -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()) or settings.output == "json":
        raise SbctlError(
            Problem(
                code="needs-consent",
                summary="This needs consent, and nobody can be asked here",
                at="stdin" if settings.output != "json" else "--output json",
                fix="Add --yes after looking at what would be done.",
                exit=Exit.REFUSED,
            )
        )


DECLINED = Problem(
    code="declined",
    summary="Not done: you said no",
    detail="Nothing was changed.",
    at="stdin",
    fix="Run it again and agree, or add --yes.",
    exit=Exit.REFUSED,
)
