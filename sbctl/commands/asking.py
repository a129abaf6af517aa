"""Questions to the user. Off a terminal there are none: --yes or a refusal."""

from __future__ import annotations

import signal
import sys

import click

from sbctl.app import Settings
from sbctl.core.events import Listener, QuestionAsked
from sbctl.core.problem import Exit, Problem, SbctlError


def confirm(settings: Settings, listen: Listener, question: str) -> bool:
    """Whether to go on. True with --yes; asks on a terminal; refuses elsewhere. Raises KeyboardInterrupt on Ctrl-C."""
    if settings.yes:
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()) or settings.output == "json":
        raise SbctlError(
            Problem(
                code="needs-consent",
                summary="This needs consent, and nobody can be asked here",
                fix="Add --yes after looking at the plan.",
                exit=Exit.REFUSED,
            )
        )
    listen(QuestionAsked())
    # Nothing is in hand that a Ctrl-C should let finish.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return click.confirm(question, err=True)
    except click.Abort as error:
        raise KeyboardInterrupt from error
    finally:
        signal.signal(signal.SIGINT, before)


DECLINED = Problem(code="declined", summary="Not done: you said no", detail="Nothing was changed.", exit=Exit.REFUSED)
