"""Questions to the user. Off a terminal there are none: --yes or a refusal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sbctl.cli.stop_signals import asking
from sbctl.core.events import Listener, QuestionAsked
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.ui.console import err, plain, safe
from sbctl.ui.streams import fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sbctl.app import Settings

YES, YES_WITH_REASON = "--yes", '--yes --reason "why"'
"""The options with which a command does not ask; what moves traffic must say why then."""


def confirm(settings: Settings, listen: Listener, question: str) -> bool:
    """Whether to go on. True with --yes; asks on a terminal; refuses elsewhere. Raises KeyboardInterrupt on Ctrl-C."""
    if settings.yes:
        return True
    _refuse_where_nobody_is(settings)
    listen(QuestionAsked())
    try:
        with asking():
            return click.confirm(fitting(safe(question), sys.stderr), err=True)
    except click.Abort as error:
        raise KeyboardInterrupt from error


def may_ask(settings: Settings) -> bool:
    """Whether a question would reach somebody."""
    return not settings.yes and _somebody_is_there(settings)


def confirm_typed(
    settings: Settings, listen: Listener, statement: str, word: str, *, needs_reason: bool = False
) -> None:
    """Have the user type `word` to go on. Nothing is asked with --yes. Raises SbctlError when it was not typed.

    `needs_reason`: the command takes --yes only with a --reason, and none was given.
    """
    if settings.yes:
        return
    unasked = YES_WITH_REASON if needs_reason else YES
    _refuse_where_nobody_is(settings, unasked)
    listen(QuestionAsked())
    try:
        with asking():
            err().print(plain(statement))
            typed = click.prompt(fitting(f"Type {word} to go on", sys.stderr), err=True, default="", show_default=False)
    except click.Abort as error:
        raise KeyboardInterrupt from error
    if str(typed).strip() != word:
        raise SbctlError(_declined(unasked))


def step_through(settings: Settings, listen: Listener) -> str:
    """What to do with the step that is shown: "done", "skip" or "stop". With --yes every step counts as done."""
    return _word(settings, listen, STEP_WORDS)


def after_a_miss(settings: Settings, listen: Listener) -> str:
    """What to do after a step whose result was not observed: look "again", go "on" or "stop". With --yes it goes on."""
    return "on" if settings.yes else _word(settings, listen, MISS_WORDS)


def _word(settings: Settings, listen: Listener, words: tuple[str, ...]) -> str:
    """One of the words; the first one by default, and with --yes."""
    if settings.yes:
        return words[0]
    _refuse_where_nobody_is(settings)
    listen(QuestionAsked())
    try:
        with asking():
            text = f"   {', '.join(words[:-1])} or {words[-1]}"
            return str(click.prompt(text, type=click.Choice(words), default=words[0], show_choices=False, err=True))
    except click.Abort as error:
        raise KeyboardInterrupt from error


def choose(settings: Settings, listen: Listener, statement: str, choices: Sequence[str]) -> str:
    """Which of several is meant, by its number; "" where nobody can be asked. Raises KeyboardInterrupt on Ctrl-C."""
    if settings.yes or not _somebody_is_there(settings):
        return ""
    listen(QuestionAsked())
    try:
        with asking():
            err().print(plain("\n".join([statement, *(f"  {n}  {one}" for n, one in enumerate(choices, 1))])))
            return choices[click.prompt("Number", type=click.IntRange(1, len(choices)), err=True) - 1]
    except click.Abort as error:
        raise KeyboardInterrupt from error


STEP_WORDS = ("done", "skip", "stop")
MISS_WORDS = ("again", "on", "stop")


def _somebody_is_there(settings: Settings) -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty() and settings.output != "json"


def _refuse_where_nobody_is(settings: Settings, unasked: str = YES) -> None:
    if not _somebody_is_there(settings):
        raise SbctlError(
            Problem(
                code="needs-consent",
                summary="Confirmation required, but this is not a terminal",
                at="stdin" if settings.output != "json" else "--output json",
                fix=f"After looking at what would be done: {AGAIN} {unasked}",
                exit=Exit.REFUSED,
            )
        )


def _declined(unasked: str) -> Problem:
    return Problem(
        code="declined",
        summary="Not done: you said no",
        detail="Nothing was changed.",
        at="stdin",
        fix=f"Run it again and agree, or: {AGAIN} {unasked}",
        exit=Exit.REFUSED,
    )


DECLINED = _declined(YES)
