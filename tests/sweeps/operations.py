"""What is swept: the work of the real commands, on an app that the sweep has put together."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import click

from sbctl.app import App
from sbctl.cli.options import GLOBAL_NAMES
from sbctl.cli.run import guarded
from sbctl.commands.deploy.deploy import deploy as deploy_command
from sbctl.commands.deploy.destroy import destroy as destroy_command
from sbctl.commands.kind.adopt import adopt_command
from sbctl.commands.project.adopt import adopt as adopt_instance_command
from sbctl.core.report import Report
from tests.sandbox.foreign_centre import ALIAS

Operation = Callable[[App], Report]
PROTECTED = ("connect_instance.*", "connect_phone_number.*", "dynamodb_table.*", "dynamodb_replica.*", "s3_bucket.*")


def work_of(command: click.Command) -> Callable[..., Report]:
    """The function behind a command."""
    work: Callable[..., Report] = inspect.unwrap(command.callback)  # type: ignore[arg-type]
    return work


def deploy(app: App) -> Report:
    """`sbctl deploy --region all --max-deletes 1000`, of what may be deleted at all."""
    return run_command(app, deploy_command, regions=(), allow=PROTECTED, max_deletes=1000)


def destroy(app: App) -> Report:
    """`sbctl destroy` with everything allowed."""
    return run_command(app, destroy_command, regions=(), allow=PROTECTED, max_deletes=1000)


def adopt(app: App) -> Report:
    """`sbctl KIND adopt` for all that the config wants, a kind after another, as their references allow."""
    problems: list[Any] = []
    data: dict[str, Any] = {}
    for kind in _in_order(app):
        addresses = tuple(str(item.address) for item in app.loaded.desired if item.address.kind == kind)
        report = run_command(app, adopt_command(kind, kind), addresses=addresses)
        # the first kinds meet an empty state in a world that another state made, and say so
        problems += [problem for problem in report.problems if problem.code != "second-state"]
        data[kind] = report.data
        if app.stop.is_set():
            break
    return Report(command="adopt", data=data, problems=tuple(problems))


def adopt_instance(app: App, domain: str | None = None) -> Report:
    """`sbctl adopt --region us-east-1 --instance acme-prod` of a contact centre that others made."""
    wish: dict[str, Any] = {
        "project": None,
        "domain": domain,
        "tables": (),
        "buckets": (),
        "variables": (),
        "map_file": None,
    }
    return run_command(app, adopt_instance_command, region="us-east-1", instance=ALIAS, **wish)


def _in_order(app: App) -> list[str]:
    kinds = [item.address.kind for item in app.loaded.desired]
    return sorted(set(kinds), key=lambda kind: (kind != "connect_instance", kind))


def run_command(app: App, command: click.Command, **options: Any) -> Report:
    """A command's work, guarded as the command line guards it; what is not given is what a user gets who does not type it."""
    name = str(command.name)
    return guarded(name, app, lambda app: work_of(command)(app, **{**_defaults(command), **options}))


def _defaults(command: click.Command) -> dict[str, Any]:
    """Of its own options; the global ones are the app's."""
    params = command.make_context(command.name, [], resilient_parsing=True).params
    return {name: value for name, value in params.items() if name not in GLOBAL_NAMES}


ADOPT_INSTANCE = "adopt-instance"
OPERATIONS: dict[str, Operation] = {
    "deploy": deploy,
    "update": deploy,
    "destroy": destroy,
    "adopt": adopt,
    ADOPT_INSTANCE: adopt_instance,
}
