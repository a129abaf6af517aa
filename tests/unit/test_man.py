"""Man pages say what the help says, and nothing in them is taken for a macro."""

from __future__ import annotations

import re

import click

from sbctl.main import cli
from tests.man import page, pages

MACROS = {".TH", ".SH", ".PP", ".TP", ".nf", ".fi"}


def test_every_command_has_a_page() -> None:
    """Also those of a kind, which are imported late; each with a name, options, examples and exit codes."""
    found = dict(pages())
    assert {"sbctl.1", "sbctl-plan.1", "sbctl-state-restore.1", "sbctl-sandbox-fault-add.1", "sbctl-queue-list.1"} <= {
        *found
    }
    for text in found.values():
        assert re.findall(r"^\.SH (.*)$", text, re.MULTILINE)[:4] == ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"]
        assert ".SH EXIT STATUS\n0 " in text
        assert ".SH EXAMPLES\n.nf\nsbctl" in text or ".SH EXAMPLES\n.nf\neval" in text
        assert {line.split()[0] for line in text.splitlines() if line[:1] in (".", "'")} <= MACROS


def test_what_looks_like_a_macro_is_text() -> None:
    """A line that begins with a dot, a backslash, an option's two minus signs."""
    command = click.Command(
        "x", help="First.\n\n.SH of\n'quoted\nback\\slash --opt", epilog="\b\nExample:\n  x\n\nExit codes: 0."
    )
    text = page(click.Context(command, info_name="x"))
    assert "\\&.SH of\n\\&'quoted\nback\\eslash \\-\\-opt" in text


def test_sbctl_names_its_commands() -> None:
    """With the page of each."""
    text = page(click.Context(cli, info_name="sbctl"))
    assert "\\fBsbctl\\-failover\\fR(1)\nMove traffic to another region." in text
