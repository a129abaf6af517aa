"""`sbctl init`: a project that deploys as it is, to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.core.report import Report
from sbctl.desired.starter import StarterOptions, start
from sbctl.ui.views import Pairs

EPILOG = epilog_of(
    """
    sbctl init                      into this folder, with placeholders
    sbctl init contact-centre --account 123456789012 --domain example.com
    sbctl init --region us-east-1 --region us-west-2    the primary first
    """,
    "0 done, 2 usage, 7 a file is in the way",
)


@click.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), metavar="[DIR]")
@click.option(
    "--project", default="enterprise", show_default=True, help="Name of the project, and prefix of resource names."
)
@click.option("--account", default="123456789012", help="AWS account ID. [default: a placeholder]")
@click.option("--domain", default="example.com", show_default=True, help="Domain of the hosted zone.")
@click.option(
    "--region",
    "regions",
    multiple=True,
    default=("us-east-1", "us-west-2", "eu-west-2"),
    metavar="REGION",
    help="Region to deploy to, the primary first. Repeatable.",
)
@command("init")
def init(app: App, folder: Path, project: str, account: str, domain: str, regions: tuple[str, ...]) -> Report:  # noqa: ARG001
    """Create a project to start from. Overwrites nothing.

    Without --region: us-east-1 as the primary, us-west-2 and eu-west-2.
    """
    files = start(folder, StarterOptions(project, account, domain, tuple(regions)))
    following = "sbctl config check" if folder == Path() else f"cd {folder} && sbctl config check"
    rows = (*((path.parent.as_posix(), path.name) for path in files), ("next", following))
    data = {"folder": str(folder), "files": [str(path) for path in files], "next": following}
    return Report(command="init", data=data, view=Pairs("Written", rows))
