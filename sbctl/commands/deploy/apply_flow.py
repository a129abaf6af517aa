"""What deploy, apply, destroy and the kinds' apply share: guard, show, ask, apply under the lock, check, report."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sbctl.app import App
from sbctl.cli.confirm import DECLINED, confirm, may_ask
from sbctl.cli.run import INTERRUPTED
from sbctl.commands.deploy.last_look import last_look, unprove
from sbctl.commands.deploy.outputs import outputs_of
from sbctl.commands.deploy.plan_json import plan_data
from sbctl.core.place import SharedPlace
from sbctl.core.plan import Plan
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.core.state import State
from sbctl.engine.apply.applier import Outcome
from sbctl.engine.planning.allowing import together
from sbctl.engine.planning.guards import (
    against_claims,
    against_deletes,
    against_foreign_account,
    against_foreign_endpoint,
    against_second_state,
)
from sbctl.engine.planning.name_guards import against_held_names, against_taken_names
from sbctl.engine.planning.planner import Scope
from sbctl.engine.planning.rolled_back import against_rollback
from sbctl.engine.session import Planned, Seen
from sbctl.failover.decision.rehearsals import drill_of
from sbctl.failover.execution.open_runs import already_open
from sbctl.failover.kit.build import NOTHING_DEPLOYED, make_kit
from sbctl.failover.kit.kit import FILE, read_kit
from sbctl.failover.kit.publish import keep_kit, keep_shared
from sbctl.files.regular import read_regular
from sbctl.store.files.permissions import exposed
from sbctl.ui.invocation import as_drawn
from sbctl.ui.render import show
from sbctl.ui.views import Applied


@dataclass(frozen=True)
class Limits:
    """What the user allows a run to delete."""

    allowed: Sequence[str] = ()
    max_deletes: int | None = 0


def limits_for(app: App, option: str, allow: Sequence[str], max_deletes: int | None, *, applies: bool) -> Limits:
    """What a look that may apply as well allows to be deleted. Raises SbctlError where it would only look."""
    if not applies and (allow or max_deletes is not None):
        raise SbctlError(
            Problem(
                code="usage",
                summary="These options need another one",
                detail=f"without {option} nothing is changed, so nothing has to be allowed",
                at="--allow" if allow else "--max-deletes",
                fix=f"{AGAIN} {option}",
                exit=Exit.USAGE,
            )
        )
    return Limits(allow, app.session.project.rules.guards.max_deletes if max_deletes is None else max_deletes)


def check_account(app: App) -> tuple[Problem, ...]:
    """Refuse to touch another account than the config names, or another world than the state is of."""
    return check_world(app, app.store.load())


def check_deployed(app: App) -> tuple[Problem, ...]:
    """Refuse to compare what is deployed where nothing is: told once, and not for each resource."""
    return () if app.store.load().records else (NOTHING_DEPLOYED,)


def check_world(app: App, state: State) -> tuple[Problem, ...]:
    """The same for a state that is not, or not yet, the present one."""
    foreign = against_foreign_endpoint(state.endpoint, app.endpoint_name, app.store.where)
    if foreign:
        return tuple(foreign)
    project = app.loaded.project
    regions = [region.region for region in project.by_priority]
    calls, at = app.clients.standard.calls, app.loaded.account_at
    return tuple(against_foreign_account(calls, project.account, regions, at, app.next_after))


def names_taken(app: App, planned: Planned, allowed: Sequence[str] = ()) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan, and what others have in the place of what would be created, unless the user lets it be deleted.

    So has what would get a name that something else has.
    """
    primary = app.loaded.project.primary.region
    plan, found = against_taken_names(app.kinds, app.clients.standard.read_only, primary, planned, allowed)
    return plan, (*found, *against_held_names(app.kinds, planned.plan, planned.seen.world))


def carry_out(
    app: App,
    command: str,
    plan: Plan,
    scope: Scope,
    limits: Limits,
    problems: tuple[Problem, ...],
    *,
    recheck: bool,
    seen: Seen | None = None,
) -> Report:
    """Guard, show, ask, apply, check; nothing while a failover is open. The caller holds the lock on the state.

    `seen` is what the plan was made of, so that names that others have are looked at.
    """
    begun = app.clock.monotonic()
    open_run = app.runs.open()
    if open_run is not None:
        return _report(
            app, command, plan, None, (*problems, already_open(open_run, drill_of(open_run, app.runs.all()))), begun
        )
    plan, refused = _guarded(app, plan, limits, seen)
    if refused:
        return _report(app, command, plan, None, (*problems, *refused), begun)
    state = app.store.load()
    second = [
        *against_second_state(plan, state, app.store.where),
        *against_rollback(plan, state, app.kinds, limits.allowed),
    ]
    if second and not may_ask(app.settings):
        return _report(app, command, plan, None, (*problems, *second), begun)
    if not plan.pending:
        app.session.renew(plan)
        return _report(app, command, plan, Outcome(), (*problems, *_keep_kit(app, command)), begun)
    show(as_drawn(app.shown(plan), app.invocation), app.settings.output, verbose=app.settings.verbose)
    if not confirm(app.settings, app.listen, _question(app, plan, second)):
        return _report(app, command, plan, None, (*problems, *(second or [DECLINED])), begun)
    app.session.renew(plan)
    outcome = app.session.apply(plan, recheck=recheck)
    unprove(app, outcome)
    found = (*problems, *outcome.problems, *outcome.notes, *app.store.behind(), *exposed(app.state))
    if outcome.interrupted:
        found = (*found, INTERRUPTED)
    elif not outcome.problems and command != "destroy":
        found = tuple(dict.fromkeys((*found, *app.session.check(scope), *last_look(app, outcome))))
    return _report(app, command, plan, outcome, (*found, *_keep_kit(app, command)), begun)


def _guarded(app: App, plan: Plan, limits: Limits, seen: Seen | None) -> tuple[Plan, list[Problem]]:
    """The plan with what the user allowed, and why it may not be done, with one command for all that can be allowed."""
    taken: tuple[Problem, ...] = ()
    if seen is not None:
        plan, taken = names_taken(app, Planned(plan, (), seen), limits.allowed)
    claims = against_claims(plan, app.kinds, limits.allowed)
    return plan, together([*taken, *claims, *against_deletes(plan, app.kinds, limits.allowed, limits.max_deletes)])


def _keep_kit(app: App, command: str) -> list[Problem]:
    """Renew the failover kit; nothing while a part that a failover needs is not deployed yet. It goes with the last record."""
    if command == "destroy":
        if not app.store.load().records:
            _forget_kit(app)
        return []
    try:
        kit = make_kit(app.loaded.project, app.store.load(), app.now())
    except SbctlError:
        return []
    app.keep_kit(kit)
    problems = keep_kit(kit, app.state, app.clients.standard.calls, app.disk)
    place = app.place
    return [*problems, *(keep_shared(kit, place, app.clients.for_state()) if isinstance(place, SharedPlace) else [])]


def _forget_kit(app: App) -> None:
    path = app.state / FILE
    with suppress(OSError, SbctlError):
        app.kits.forget(read_kit(read_regular(path), str(path)), app.state)
    path.unlink(missing_ok=True)


def _question(app: App, plan: Plan, second: Sequence[Problem]) -> str:
    counts = ", ".join(plan.changes().values())
    first = "".join(f"{one.summary}: {one.detail}.\n{app.invocation.told(one.fix)}\n" for one in second)
    return f"{first}Do this ({counts})?"


def _report(
    app: App, command: str, plan: Plan, outcome: Outcome | None, problems: tuple[Problem, ...], begun: float
) -> Report:
    data = plan_data(plan, app.clients.standard.counts.as_json(), app.clock.monotonic() - begun)
    state = app.store.load()
    data["outputs"] = outputs_of(state, app.loaded.project)
    if outcome is not None:
        data["done"] = sorted(outcome.done)
        data["failed"] = sorted(outcome.failed)
        data["not_done"] = sorted(outcome.skipped)
    view = Applied(
        plan,
        frozenset(outcome.done) if outcome is not None else None,
        frozenset(outcome.failed) if outcome is not None else frozenset(),
        frozenset(outcome.skipped) if outcome is not None else frozenset(),
        data["outputs"],
        data["elapsed_seconds"],
        data["calls"],
    )
    return Report(command=command, data=data, problems=problems, view=view)
