"""Runs a command's work: settings in, report out, rendered once, exit code set. Only this place catches everything."""

from __future__ import annotations

import functools
import shlex
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import click

from sbctl.app import App, Settings
from sbctl.cli.config_above import config_above
from sbctl.cli.options import GLOBAL_NAMES, TYPED, Chosen, global_options
from sbctl.cli.stop_signals import interruptible
from sbctl.cli.world_time import foreign_time
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.problem import Exit, Problem, SbctlError, merged
from sbctl.core.report import Report
from sbctl.core.text.secrets import redacted
from sbctl.ui.console import safe
from sbctl.ui.invocation import Invocation, Looking, as_called, signing_in
from sbctl.ui.log_file import LogFile
from sbctl.ui.pasted import Shape
from sbctl.ui.progress import progress
from sbctl.ui.render import MARKDOWN, render

Work = Callable[..., Report]


def command(name: str, formats: tuple[str, ...] = ()) -> Callable[[Work], Callable[..., None]]:
    """Make a click callback of a function (App, its own options) -> Report. `formats` are its own besides human and json."""

    def decorate(work: Work) -> Callable[..., None]:
        @global_options
        @click.pass_context
        @functools.wraps(work)
        def callback(ctx: click.Context, /, **options: Any) -> None:
            later = {key: options.pop(key) for key in GLOBAL_NAMES}
            chosen = (ctx.obj or Chosen()).with_later(later)
            if chosen.get("config") is None and (above := config_above(name)):
                chosen = chosen.with_later({"config": above, "config_is_found": True})
            settings = Settings(**{key: value for key, value in chosen.items() if value is not None})
            _check_format(settings.output, name, formats, ctx)
            invocation = _calling(ctx.find_root(), options.get("kit_place"))
            sys.exit(run(name, settings, lambda app: work(app, **options), invocation))

        return callback

    return decorate


def _check_format(output: str, name: str, formats: tuple[str, ...], ctx: click.Context) -> None:
    """Raises click.UsageError for a format that the command does not have."""
    if output == MARKDOWN and name.rpartition(" ")[2] != "plan":
        raise click.UsageError("markdown is a format of plans: sbctl plan, and plan of each kind.", ctx)
    if output not in ("human", "json", MARKDOWN, *formats):
        known = ", ".join(["human", "json", *formats])
        raise click.UsageError(f"sbctl {name} has no format {output}: choose one of {known}.", ctx)


def _calling(root: click.Context, kit: object) -> Invocation:
    """How the lines have to be called that this run tells people to type; its global options are the app's to say."""
    group = root.command

    def takes_kit(name: str) -> bool:
        found = group.get_command(root, name) if isinstance(group, click.Group) else None
        return found is not None and any(one.name == "kit_place" for one in found.params)

    known = tuple(group.list_commands(root)) if isinstance(group, click.Group) else ()
    typed = redacted(shlex.join(["sbctl", *root.meta.get(TYPED, ())]))
    shape = functools.partial(_shape, root)
    return Invocation(commands=known, kit=str(kit) if kit else "", takes_kit=takes_kit, typed=typed, shape=shape)


def _shape(root: click.Context, path: tuple[str, ...]) -> Shape:
    """What may follow a command that is named in a remedy."""
    found: click.Command | None = root.command
    for word in path:
        found = found.get_command(root, word) if isinstance(found, click.Group) else None
    if found is None:
        return Shape()
    inner = found.list_commands(root) if isinstance(found, click.Group) else ()
    options = (one for one in (*found.params, *root.command.params) if isinstance(one, click.Option))
    return Shape(frozenset(inner), frozenset(name for one in options if not one.is_flag for name in one.opts))


def run(name: str, settings: Settings, work: Callable[[App], Report], invocation: Invocation | None = None) -> int:
    """Do the work with progress on stderr, print the report, and return the exit code."""
    log = LogFile(settings.log_file) if settings.log_file else None
    typed = redacted(" ".join(["sbctl", *sys.argv[1:]]))
    with progress(settings.output, settings.quiet, settings.verbose) as shown:
        app = App(settings, log.beside(shown) if log else shown, typed)
        if log:
            log.begin(typed)
        app.invocation = replace(
            invocation or Invocation(), call=app.call, aws=lambda: _aws(app), looking=lambda: _looking(app)
        )
        found = guarded(name, app, work)
        with suppress(KeyboardInterrupt):
            app.finish()
        problems = merged((*found.problems, *app.notes))
        _keep_silences(app, problems, name)
        found = signing_in(app.shown(replace(found, problems=problems)), app.profile)
        report = _logged(as_called(found, app.invocation), log)
        foreign = foreign_time(app, report)
    page = None if settings.no_pager else functools.partial(click.echo_via_pager, color=True)
    render(report, settings.output, verbose=settings.verbose, page=page)
    if foreign and settings.output != "json":
        click.echo(foreign, err=True)
    return int(report.exit)


def _logged(report: Report, log: LogFile | None) -> Report:
    """The report; with a note, where its log cannot be written."""
    if log is None:
        return report
    log.end(report)
    return replace(report, problems=(*report.problems, *log.problems()))


def guarded(name: str, app: App, work: Callable[[App], Report]) -> Report:
    """The report of the work; whatever stops it becomes a problem."""
    try:
        with interruptible(app):
            return work(app)
    except SbctlError as error:
        return Report(command=name, problems=error.problems)
    except AwsError as error:
        return Report(command=name, problems=(from_aws(error),))
    except KeyboardInterrupt:
        return Report(command=name, problems=(INTERRUPTED,))
    except Exception as error:  # noqa: BLE001 - the last resort: a bug is reported as a problem, not as a traceback
        if app.settings.debug:
            click.echo(safe(redacted(traceback.format_exc())), err=True)
        return Report(command=name, problems=(_bug(name, error),))


def _aws(app: App) -> str:
    from sbctl.cli.aws_line import aws_of  # which loads what only a failover needs

    return aws_of(app)


def _looking(app: App) -> Looking:
    from sbctl.cli.aws_line import looks_of

    return looks_of(app)


def _keep_silences(app: App, problems: Iterable[Problem], name: str) -> None:
    """Keep for `status` which regions did not answer, whatever was asked of them."""
    silent = {problem.cause for problem in problems if problem.code == "region-unreachable" and problem.cause}
    if silent:
        from sbctl.cli.keep_readings import (
            keep_silences,  # what it needs is loaded where there is something to keep
        )

        keep_silences(app, silent, name)


INTERRUPTED = Problem(
    code="interrupted",
    summary="Interrupted",
    detail="What was begun is recorded; nothing is lost.",
    fix="Run the same command again; it goes on where this run stopped.",
    exit=Exit.INTERRUPTED,
)


def _bug(command: str, error: Exception) -> Problem:
    return Problem(
        code="internal-error",
        summary="Internal error",
        detail=redacted(f"{type(error).__name__}: {error}"),
        at=command,
        fix="Run it again with --debug and report what it prints.",
    )
