"""`sbctl doctor`: whether a failover would work now, and what keeps it from working. Looks, and changes nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.checks.doctor import examine
from sbctl.checks.findings import dedupe
from sbctl.checks.preflight.objective import worst_cases
from sbctl.checks.preflight.subject import PAGES, Kits, PermissionAsked, Subject
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.keep_readings import keep_look, keep_readings
from sbctl.cli.run import command
from sbctl.commands.failover.inputs import eyes_of
from sbctl.core.aws.access import Link
from sbctl.core.events import PhaseStarted
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project, Region
from sbctl.core.reading import Reading, worst_verdict
from sbctl.core.report import Report
from sbctl.failover.decision.observe import look
from sbctl.failover.guidance.signal_copies import copies
from sbctl.failover.kit.build import dns_off, make_kit
from sbctl.failover.kit.kit import FILE, Kit, read_kit
from sbctl.failover.kit.publish import key_of
from sbctl.failover.mechanism import planes
from sbctl.files.regular import read_regular
from sbctl.permissions.policies import statements
from sbctl.permissions.purposes import moving
from sbctl.permissions.scopes import estate
from sbctl.probes.asked_once import AskedOnce
from sbctl.resources.content.user_names import KIND as USERS
from sbctl.resources.dns.names import served
from sbctl.ui.views import DoctorShown

NAME = "doctor"
EPILOG = epilog_of(
    """
    sbctl doctor                          would a failover to any standby work?
    sbctl doctor --to us-west-2           to this one?
    sbctl doctor --output json | jq '.problems[].fix'
    """,
    "0 all of it holds, 2 usage or config, 8 something does not hold or could not be looked at,"
    " 9 credentials or permission",
)
INDEPENDENT = (
    "Every region has a Connect instance of its own. AWS supports one multi-region design for Connect, Global Resiliency;"
    " with independent instances numbers, agents and contacts do not move by themselves, and quotas and the SLA are each"
    " instance's own. DNS routes no telephone calls."
)
PASSWORDS = (
    "sbctl gives each new user a random password that it neither shows nor keeps, and AWS's API changes none. Users set"
    ' their own by "Forgot password" on the sign-in page, which sends to their e-mail address; administrators reset it in'
    " Connect, User management."
)


@click.command(epilog=EPILOG)
@click.option(
    "--to",
    "target",
    metavar="REGION",
    shell_complete=completions.regions,
    help="Only checks for a failover to this region.",
)
@command(NAME)
def doctor(app: App, target: str | None) -> Report:
    """Check everything that a failover needs. Changes nothing.

    Credentials, permissions, health checks, records, TTLs, endpoints, the failover kit, data residency, and the worst-case
    time until traffic has moved against the RTO.
    """
    app.lenient = True
    project = app.loaded.project
    asking = AskedOnce(app.http)
    subject = _subject(app, project, _targets(project, target), asking)
    app.listen(PhaseStarted("examining"))
    # One after the other: the functions' own time-outs are short, and must not be asked for twice at a time.
    readings = (*examine(subject), *_copies(app, subject, asking))
    keep_readings(app, NAME, readings)
    data = _data(app, subject, readings, target)
    return Report(command=NAME, data=data, problems=dedupe(readings, NAME), view=DoctorShown(data))


def _targets(project: Project, target: str | None) -> tuple[Region, ...]:
    """The regions that may be moved to; all that are served, the primary too, since a failback returns there."""
    if not project.dns:
        raise SbctlError(dns_off(project.domain))
    regions = served(project)
    if target is None:
        return regions
    chosen = tuple(region for region in regions if region.region == target)
    if not chosen:
        raise SbctlError(
            Problem(
                code="unknown-region",
                summary="Traffic cannot go to this region",
                detail=f"--to {target}; it can go to {', '.join(region.region for region in regions)}",
                at="--to",
                fix="Choose one of them.",
                exit=Exit.USAGE,
            )
        )
    return chosen


def _subject(app: App, project: Project, targets: tuple[Region, ...], asking: AskedOnce) -> Subject:
    state = app.store.load()
    wanted = app.loaded.desired
    used = moving(project)
    return Subject(
        aws=app.clients.examining.read_only,
        clock=app.world,
        machine=app.clock,
        http=asking,
        dns=app.dns,
        project=project,
        desired=wanted,
        state=state,
        targets=targets,
        kits=_kits(app, project),
        access=_access(app),
        flow_tests=app.flow_tests.load(),
        quotas=tuple(quota for kind in app.kinds.values() for quota in kind.quotas),
        permissions=(
            *(
                PermissionAsked(action, tuple(resources), context)
                for actions, resources, context in map(_parts, statements(used, estate(project, wanted, state)))
                for action in actions
            ),
            *PAGES,
        ),
    )


def _access(app: App) -> tuple[Link, ...]:
    """Where the credentials come from; nothing where the sandbox takes any, or settings that the first call tells of."""
    if app.settings.sandbox:
        return ()
    from sbctl.aws.access import access_of

    return access_of(app.settings.profile, os.environ, Path.home())


def _copies(app: App, on: Subject, asking: AskedOnce) -> tuple[Reading, ...]:
    """Each region's own copy of the takeover signal; nothing where regions cannot take over, or nothing is deployed yet."""
    kit = Kit.model_validate_json(json.dumps(on.kits.wanted)) if on.kits.wanted else None
    if kit is None or not kit.signal_table:
        return ()
    asked = frozenset(one.region for one in kit.regions if on.served(one.region))
    others = frozenset(one.region for one in kit.regions) - asked
    world = look(eyes_of(app, kit, app.clients.examining.calls, asking), kit, others, asked)
    keep_look(app, world, app.world.now())
    found = copies(kit, world, app.runs.all())
    return tuple(one.model_copy(update={"source": "", "target": one.source}) for one in found if on.served(one.source))


def _parts(statement: Mapping[str, Any]) -> tuple[list[str], list[str], dict[str, list[str]]]:
    resources = statement["Resource"]
    context = {key: values for tests in statement.get("Condition", {}).values() for key, values in tests.items()}
    return statement["Action"], [resources] if isinstance(resources, str) else resources, context


def _kits(app: App, project: Project) -> Kits:
    path = app.state / FILE
    try:
        wanted: Kit | None = make_kit(project, app.store.load(), app.now())
    except SbctlError:
        wanted = None
    if wanted is not None:
        app.keep_kit(wanted)
    copies = (
        {one.region: (one.buckets[0], key_of(one.region)) for one in wanted.regions if one.buckets} if wanted else {}
    )
    plain = json.loads(wanted.as_text()) if wanted else None
    try:
        kept = json.loads(read_kit(read_regular(path), str(path)).as_text())
    except OSError:
        return Kits(str(path), None, plain, "there is no failover kit", copies)
    except SbctlError as error:
        return Kits(str(path), None, plain, error.problems[0].detail, copies)
    return Kits(str(path), kept, plain, copies=copies)


def _data(app: App, on: Subject, readings: tuple[Reading, ...], target: str | None) -> dict[str, Any]:
    now = app.now()
    counts = {name: sum(1 for one in readings if one.verdict == name) for name in ("ok", "late", "bad", "unknown")}
    ttls = [int(one.value) for one in readings if one.check == "ttl" and isinstance(one.value, int | float)]
    return {
        "verdict": worst_verdict(readings),
        "summary": counts,
        "to": target,
        "regions": [region.region for region in on.targets],
        "readings": [one.as_json(now) for one in readings],
        "moves": [one.as_json() for one in planes(on.project.rules.mechanism)],
        "recovery_bound": [
            {"cause": way.cause, "seconds": way.seconds, "parts": [part.model_dump() for part in way.parts]}
            for way in worst_cases(on, ttls)
        ],
        "objectives": {
            "rto_seconds": on.project.rules.objectives.rto_seconds,
            "rpo_seconds": on.project.rules.objectives.rpo_seconds,
        },
        "notes": [*_notes(on)],
    }


def _notes(on: Subject) -> Iterator[str]:
    """What no check can say."""
    if on.project.resiliency == "independent":
        yield INDEPENDENT
    if any(getattr(one.spec, "identity", "") == "CONNECT_MANAGED" for one in on.desired if one.address.kind == USERS):
        yield PASSWORDS
