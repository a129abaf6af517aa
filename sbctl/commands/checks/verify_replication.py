"""`sbctl verify-replication`: prove with canaries that data replicates, look at the configuration behind it, measure lag."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import click

from sbctl.app import App
from sbctl.checks.findings import dedupe
from sbctl.checks.lag.measuring import Measuring
from sbctl.checks.lag.routes import Choice, Pair, chosen_pairs, replicated
from sbctl.checks.replication.verify import Verified, concerns, verify
from sbctl.cli import completions
from sbctl.cli.durations import DURATION
from sbctl.cli.epilog import epilog_of
from sbctl.cli.keep_readings import keep_readings
from sbctl.cli.run import INTERRUPTED, command
from sbctl.commands.checks.replication_json import data_of, view_of
from sbctl.core.events import PhaseStarted, QuestionAsked
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project
from sbctl.core.report import Report
from sbctl.core.text.alike import did_you_mean
from sbctl.engine.planning.guards import against_foreign_account
from sbctl.ui.draw.replication import brief
from sbctl.ui.watch import Watch, watched

NAME = "verify-replication"
WATCH_PAUSE_SECONDS = 2.0
EPILOG = epilog_of(
    """
    sbctl verify-replication                      every table, bucket and pair
    sbctl verify-replication --to us-west-2       what a failover there rests on
    sbctl verify-replication --table customers-global --samples 5
    sbctl verify-replication --watch              again and again until Ctrl-C
    """,
    "0 all of it holds, 2 usage or config, 7 another account, 8 something is late, bad or unknown,"
    " 9 credentials or permission, 130 interrupted",
)


@click.command(epilog=EPILOG)
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="NAME",
    shell_complete=completions.tables,
    help="Only this table. Repeatable.",
)
@click.option(
    "--bucket",
    "buckets",
    multiple=True,
    metavar="NAME",
    shell_complete=completions.buckets,
    help="Only this bucket, by its name in the config. Repeatable.",
)
@click.option(
    "--from",
    "sources",
    multiple=True,
    metavar="REGION",
    shell_complete=completions.regions,
    help="Only replication from this region. Repeatable.",
)
@click.option(
    "--to",
    "targets",
    multiple=True,
    metavar="REGION",
    shell_complete=completions.regions,
    help="Only replication to this region. Repeatable.",
)
@click.option("--timeout", type=DURATION, help="Time to wait for a canary. [default: twice the RPO]")
@click.option(
    "--samples", type=click.IntRange(1, 100), default=1, show_default=True, help="Number of canaries for each pair."
)
@click.option("--watch", is_flag=True, help="Repeat until Ctrl-C.")
@command(NAME)
def verify_replication(
    app: App,
    tables: tuple[str, ...],
    buckets: tuple[str, ...],
    sources: tuple[str, ...],
    targets: tuple[str, ...],
    timeout: float | None,
    samples: int,
    watch: bool,
) -> Report:
    """Measure replication lag, and check its configuration.

    Writes canaries for every pair of regions, and reads the backlog.
    """
    app.lenient = True
    pairs = _pairs(app.loaded.project, Choice(tables, buckets, sources, targets))
    project = app.loaded.project
    regions = [region.region for region in project.by_priority]
    calls, at = app.clients.examining.read_only, app.loaded.account_at
    refused = against_foreign_account(calls, project.account, regions, at, app.next_after)
    if refused:
        return Report(command=NAME, problems=tuple(refused))
    if watch:
        return _watch(app, pairs, timeout, samples)
    app.listen(PhaseStarted("measuring replication"))
    return _round(app, pairs, app.measuring(timeout, samples))


def _round(app: App, pairs: Sequence[Pair], on: Measuring) -> Report:
    """Look once."""
    verified = verify(on, pairs)
    _keep(app, pairs, verified)
    view = view_of(verified, app.loaded.project.rules.objectives.rpo_seconds, app.now())
    problems = dedupe(verified.readings)
    return Report(
        command=NAME,
        data=data_of(view),
        problems=(*problems, INTERRUPTED) if app.stop.is_set() else problems,
        view=view,
    )


def _keep(app: App, pairs: Sequence[Pair], verified: Verified) -> None:
    """Keep what was measured now, and of earlier runs what this one did not look at."""
    earlier = app.readings.load().get(NAME, ())
    others = [one for one in earlier if not concerns(pairs, one)]
    there_still = {thing.name for thing in replicated(app.loaded.project)}
    keep_readings(app, NAME, [*verified.readings, *(one for one in others if one.subject in there_still)])


def _watch(app: App, pairs: Sequence[Pair], timeout: float | None, samples: int) -> Report:
    """Look again and again; the report is that of the last round that came to its end."""
    report = Report(command=NAME)
    app.listen(QuestionAsked())  # the screen is ours now
    with Watch(shown=app.settings.output == "human") as screen:
        while not app.stop.is_set() and watched():
            latest = _round(app, pairs, replace(app.measuring(timeout, samples), listen=screen.hear))
            if app.stop.is_set():
                break
            report = latest
            screen.show(brief(report.view, report.problems))
            app.stop.wait(WATCH_PAUSE_SECONDS)
    return report


def _pairs(project: Project, choice: Choice) -> tuple[Pair, ...]:
    """The chosen pairs. Raises SbctlError for names that nothing replicated has, and when nothing is left."""
    things = replicated(project)
    regions = {region for thing in things for region in thing.regions}
    problems = [
        *_unknown("--table", choice.tables, {thing.name for thing in things if thing.kind == "table"}),
        *_unknown("--bucket", choice.buckets, {thing.name for thing in things if thing.kind == "bucket"}),
        *_unknown("--from", choice.sources, regions),
        *_unknown("--to", choice.targets, regions),
    ]
    pairs = chosen_pairs(project, choice)
    if not pairs and not problems:
        problems.append(_nothing())
    if problems:
        raise SbctlError(*problems)
    return pairs


def _unknown(option: str, given: Iterable[str], known: set[str]) -> list[Problem]:
    return [
        Problem(
            code="unknown-name",
            summary="The config has nothing of this name that replicates",
            detail=f"{option} {name}; there is {', '.join(sorted(known)) or 'nothing'}",
            at=option,
            fix=did_you_mean(name, sorted(known), "Choose one of them."),
            exit=Exit.USAGE,
        )
        for name in given
        if name not in known
    ]


def _nothing() -> Problem:
    return Problem(
        code="nothing-replicates",
        summary="There is nothing to verify",
        detail="no table or bucket of the config lives in two of these regions",
        at="the config",
        fix="Leave out --from or --to, or give the config a table or bucket with several regions.",
        exit=Exit.USAGE,
    )
