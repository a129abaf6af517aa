"""Questions to the user. Off a terminal there are none: --yes or a refusal."""

from __future__ import annotations

import sys

import click

from sbctl.app import Settings
from sbctl.core.problem import Exit, Problem, SbctlError


def confirm(settings: Settings, question: str) -> bool:
    """Whether to go on. True with --yes; asks on a terminal; refuses elsewhere."""
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
    return click.confirm(question, err=True)


DECLINED = Problem(code="declined", summary="Not done: you said no", detail="Nothing was changed.", exit=Exit.REFUSED)
