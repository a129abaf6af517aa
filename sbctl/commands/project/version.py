"""`sbctl version`: what a report of a fault has to name: sbctl, Python, the libraries that matter, and the commit of a checkout."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

import click

from sbctl import __version__
from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.core.report import Report
from sbctl.files.regular import read_text
from sbctl.ui.views import Pairs

LIBRARIES = ("boto3", "botocore", "moto")
ROOT = Path(__file__).parents[3]
"""The folder of a checkout; elsewhere that of the installed packages."""


@click.command("version", epilog=epilog_of("sbctl version\nsbctl version -o json", "0 done"))
@command("version")
def version(app: App) -> Report:  # noqa: ARG001
    """Show the versions of sbctl and its libraries."""
    found = {
        "sbctl": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(terse=True),
        **{name: _installed(name) for name in LIBRARIES},
        "commit": commit_of(ROOT),
    }
    rows = tuple((name, value or "none") for name, value in found.items())
    return Report(command="version", data=found, view=Pairs("", rows))


def _installed(name: str) -> str:
    try:
        return installed(name)
    except PackageNotFoundError:
        return ""


def commit_of(checkout: Path) -> str:
    """The commit that a checkout is at, as its .git folder says; "" where there is none, as in a wheel."""
    git = checkout / ".git"
    try:
        head = read_text(git / "HEAD").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        loose = git / name
        if loose.is_file():
            return read_text(loose).strip()
        packed = read_text(git / "packed-refs").splitlines()
    except (OSError, ValueError):
        return ""
    return next((line.partition(" ")[0] for line in packed if line.endswith(f" {name}")), "")
