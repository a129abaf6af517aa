"""What failover, failback, drills and status share on the command line: the kit, eyes, and figures of earlier checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sbctl.app import App
from sbctl.core.events import PhaseStarted
from sbctl.core.inline import threads
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.core.reading import Reading
from sbctl.core.resource import AwsCalls
from sbctl.engine.guards import against_foreign_account, against_foreign_account_in, against_foreign_endpoint
from sbctl.failover.decision.lambda_health import Invoked
from sbctl.failover.decision.observe import Endpoints, Eyes
from sbctl.failover.execution.tools import Measures, Tools
from sbctl.failover.kit.kit import FILE, Kit, read_kit
from sbctl.files.regular import read_regular
from sbctl.store.operator import operator as operator


def kit_for(app: App, file: Path | None) -> Kit:
    """The kit of a file, or of what is deployed; of the last deploy, where config or state cannot be read. Raises SbctlError."""
    if file is None:
        return _kit_of_deployed(app)
    try:
        return read_kit(read_regular(file), str(file))
    except OSError as error:
        problem = Problem(
            code="cannot-read",
            summary="The file cannot be read",
            detail=str(error),
            at=str(file),
            fix="Give the path of a failover kit.",
            exit=Exit.USAGE,
        )
        raise SbctlError(problem) from error


def _kit_of_deployed(app: App) -> Kit:
    from sbctl.failover.kit.build import make_kit  # it needs every kind; a kit in a file does not

    try:
        return make_kit(app.loaded.project, app.store.load(), app.clock.now())
    except SbctlError as error:
        kept = _kept_kit(app)
        if kept is None:
            raise
        why = error.problems[0].summary
        app.listen(PhaseStarted(f"working from the kit of {kept.made_at:%Y-%m-%d %H:%M} UTC, since: {why}"))
        return kept


def _kept_kit(app: App) -> Kit | None:
    try:
        return read_kit(read_regular(app.state / FILE), str(app.state / FILE))
    except (OSError, SbctlError):
        return None


def kit_at_hand(app: App) -> Kit:
    """The kit of the last deploy, which takes milliseconds; made anew where there is none. Raises SbctlError."""
    return _kept_kit(app) or kit_for(app, None)


def eyes_of(app: App, kit: Kit, calls: AwsCalls | None = None, asking: Endpoints | None = None) -> Eyes:
    """What a failover sees and acts with: short time-outs, the world's clock. `calls` and `asking` are others to see with."""
    calls = calls or app.doors.urgent.calls
    stands_in = app.http.through is not None and not app.settings.sandbox
    http = Invoked(asking or app.http, calls, kit) if stands_in else asking or app.http
    alone = app.crew is not threads
    return Eyes(aws=calls, http=http, dns=app.dns, clock=app.clock, world=app.world, alone=alone, slack=app.slack)


def tools_of(app: App, kit: Kit, kit_file: Path | None) -> Tools:
    """What failovers are carried out with from the command line."""
    eyes = eyes_of(app, kit)
    return Tools(kit, app.runs, lambda: eyes, measures_of(app, kit_file), app.listen, app.stop.is_set)


def check_caller(app: App, kit: Kit, target: str = "", *, forced: bool = False) -> tuple[Problem, ...]:
    """Refuse credentials of another account than the kit's, and a kit of another world; before anything is written.

    By force only the target's STS is asked, once, and its silence is a note that is returned: the other regions may be lost,
    and a failover must not depend on it. Raises SbctlError and AwsError.
    """
    at = "the failover kit"
    others = [region.region for region in kit.by_priority if region.region != target]
    found = against_foreign_endpoint(kit.endpoint, app.endpoint_name_in(target or others[0]), at)
    if not found and forced:
        found = against_foreign_account_in(app.doors.urgent.once, kit.account, target, at)
    elif not found:
        asked = [target, *others] if target else others
        found = against_foreign_account(app.doors.urgent.calls, kit.account, asked, at, app.next_after)
    refused = [one for one in found if one.exit]
    if refused:
        raise SbctlError(*refused)
    return tuple(found)


def measures_of(app: App, kit_file: Path | None = None) -> Measures:
    """Lag and parity, measured now where a failover is planned; what earlier checks left behind, where it is forced.

    With a kit from a file there may be no config to say what replicates: then nobody can measure, and the guards say so.
    """

    def lag(source: str, target: str) -> tuple[Reading, ...]:
        from sbctl.checks.lag import measure_pairs
        from sbctl.checks.routes import Choice, chosen_pairs

        app.listen(PhaseStarted(f"measuring replication from {source} to {target}"))
        pairs = chosen_pairs(app.loaded.project, Choice(sources=(source,), targets=(target,)))
        return measure_pairs(app.measuring(), pairs)

    def parity(source: str, target: str) -> tuple[Reading, ...]:
        from sbctl.engine.parity_readings import parity_of

        app.listen(PhaseStarted(f"comparing {target} with {source}"))
        return parity_of(app.session, source, (target,), app.clock.now()).readings

    def nobody(_source: str, _target: str) -> tuple[Reading, ...]:
        return ()

    def known(checks: frozenset[str]) -> tuple[Reading, ...]:
        return tuple(one for kept in app.readings.load().values() for one in kept if one.check in checks)

    def known_lag(source: str, target: str) -> tuple[Reading, ...]:
        return tuple(one for one in known(LAGS) if (one.source, one.target) == (source, target))

    def known_backlog(source: str, target: str) -> tuple[Reading, ...]:
        return tuple(one for one in known(BACKLOGS) if one.source == source and one.target in ("", target))

    return Measures(
        lag=known_lag if kit_file else lag,
        parity=nobody if kit_file else parity,
        known_lag=known_lag,
        known_backlog=known_backlog,
    )


LAGS = frozenset({"canary-item", "canary-object", "published-latency"})
BACKLOGS = frozenset({"backlog", "write-rate"})


def reason_given(app: App, asked: Mapping[str, Any]) -> None:
    """Raise SbctlError when nobody is asked and no reason is given: the history must say why."""
    if app.settings.yes and not asked["reason"] and not asked["dry_run"]:
        raise SbctlError(usage("--yes", "Without a question a reason is needed.", f'{AGAIN} --reason "why"'))


def usage(at: str, detail: str, fix: str) -> Problem:
    """An option that is missing or does not fit."""
    return Problem(code="usage", summary="The command is not complete", detail=detail, at=at, fix=fix, exit=Exit.USAGE)
