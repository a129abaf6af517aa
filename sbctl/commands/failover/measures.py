"""Lag and parity for a decision. The project is read here alone, after the kit, and no code of it is run.

Flows of Python files are compared as the last deploy recorded them. What cannot be read makes a figure unknown, and the guards
say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sbctl.app import App
from sbctl.cli.keep_readings import keep_part
from sbctl.core.events import PhaseStarted
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.reading import Reading
from sbctl.failover.execution.tools import Measures
from sbctl.failover.guidance.looks import measured
from sbctl.failover.kit.kit import Kit

if TYPE_CHECKING:
    from sbctl.desired.load import Loaded

VERIFY_REPLICATION = "verify-replication"
"""Under this name status looks for lags."""
LAGS = frozenset({"canary-item", "canary-object", "published-latency"})
BACKLOGS = frozenset({"backlog", "write-rate"})


def measures_of(app: App, kit: Kit) -> Measures:
    """Lag and parity, measured now where a failover is planned; what earlier checks left behind, where it is forced."""

    def lag(source: str, target: str) -> tuple[Reading, ...]:
        from sbctl.checks.lag.measure import measure_pairs
        from sbctl.checks.lag.routes import Choice, chosen_pairs

        try:
            loaded = loaded_for(app, kit)
            app.listen(PhaseStarted(f"measuring replication from {source} to {target}"))
            pairs = chosen_pairs(loaded.project, Choice(sources=(source,), targets=(target,)))
            found = measure_pairs(app.measuring(of=kit), pairs)
        except SbctlError as error:
            app.note(_not_measured("lag", error))
            return ()  # what was measured once, however long ago, is no figure of now
        keep_part(app, VERIFY_REPLICATION, found)
        return found

    def parity(source: str, target: str) -> tuple[Reading, ...]:
        from sbctl.engine.parity.readings import CHECK, parity_of

        try:
            session = app.session_of(loaded_for(app, kit), kit.endpoint)
            app.listen(PhaseStarted(f"comparing {target} with {source}"))
            found = parity_of(session, source, (target,), app.now(), applied=True).readings
        except SbctlError as error:
            app.note(_not_measured("parity", error))
            return ()
        keep_part(app, CHECK, found)
        return found

    def known(checks: frozenset[str]) -> tuple[Reading, ...]:
        return tuple(one for one in measured(app.readings.load(), VERIFY_REPLICATION) if one.check in checks)

    def known_lag(source: str, target: str) -> tuple[Reading, ...]:
        return tuple(one for one in known(LAGS) if (one.source, one.target) == (source, target))

    def known_backlog(source: str, target: str) -> tuple[Reading, ...]:
        return tuple(one for one in known(BACKLOGS) if one.source == source and one.target in ("", target))

    return Measures(lag=lag, parity=parity, known_lag=known_lag, known_backlog=known_backlog)


def loaded_for(app: App, kit: Kit) -> Loaded:
    """The project at rest. Raises SbctlError where it cannot be read, or is not the kit's."""
    found = app.at_rest
    project = found.project
    if (project.name, project.account) != (kit.project, kit.account):
        raise SbctlError(
            Problem(
                code="other-project",
                summary="The config is of another project than the kit",
                detail=f"{project.name} in {project.account}, not {kit.project} in {kit.account}",
                at=str(app.settings.config),
                exit=Exit.USAGE,
            )
        )
    return found


def _not_measured(what: str, error: SbctlError) -> Problem:
    first = error.problems[0]
    more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
    return Problem(
        code=f"{what}-unmeasured",
        summary=f"The {what} could not be measured",
        detail=f"{first.summary}: {first.detail}{more}",
        at=first.at,
        fix=first.fix,
        exit=Exit.DONE,
    )
