"""The end of a deploy: do the endpoints of its functions answer as Route 53 will ask them?

AWS takes a deployment that cannot work: a role that lacks an action makes every region answer 503.
"""

from __future__ import annotations

from sbctl.app import App
from sbctl.checks.findings import dedupe
from sbctl.checks.preflight.endpoints import check_endpoints
from sbctl.checks.preflight.subject import Kits, Subject
from sbctl.cli.keep_readings import forget_good, keep_good
from sbctl.core.address import GLOBAL, Address, Ref
from sbctl.core.events import PhaseStarted
from sbctl.core.kinds.spec import Desired
from sbctl.core.problem import Exit, Problem
from sbctl.core.project import Region
from sbctl.core.reading import Reading
from sbctl.engine.apply.applier import Outcome
from sbctl.probes.asked_once import AskedOnce
from sbctl.resources.dns.names import served

BEHIND = frozenset(
    {
        "connect_instance",
        "dynamodb_replica",
        "dynamodb_table",
        "iam_role",
        "lambda_function",
        "lambda_permission",
        "lambda_url",
        "route53_health_check",
    }
)
"""Kinds on which the answer of an endpoint rests."""
LOOKS = 4
LOOK_SECONDS = 5.0
"""How often, and how far apart, endpoints are asked that do not answer well: a new role is not known everywhere at once."""


def unprove(app: App, outcome: Outcome) -> None:
    """Forget what was known of endpoints that rest on what a run made or changed, whatever became of it."""
    forget_good(app, (one.region for one in _touched(app, outcome)))


def last_look(app: App, outcome: Outcome) -> tuple[Problem, ...]:
    """What does not answer of what this run made or changed. What cannot be reached from here is a note."""
    regions = _touched(app, outcome)
    if not regions:
        return ()
    app.listen(PhaseStarted("examining"))
    found = _asked(app, regions)
    keep_good(app, found)
    return dedupe([_as_note(one) for one in found], "endpoint")


def _touched(app: App, outcome: Outcome) -> tuple[Region, ...]:
    """The regions with endpoints that rest on what was made; what is global concerns all."""
    made = [one for one in map(Address.parse, outcome.done) if one.kind in BEHIND]
    places = {address.region for address in made}
    return tuple(one for one in served(app.loaded.project) if GLOBAL in places or one.region in places)


def _asked(app: App, regions: tuple[Region, ...]) -> list[Reading]:
    """The endpoints, those that do not answer well some times more."""
    found = list(check_endpoints(_subject(app, regions)))
    for _ in range(LOOKS - 1):
        if all(one.verdict == "ok" for one in found) or app.stop.is_set():
            break
        app.waiting.sleep(LOOK_SECONDS)
        found = list(check_endpoints(_subject(app, regions)))
    return found


def _subject(app: App, regions: tuple[Region, ...]) -> Subject:
    return Subject(
        aws=app.clients.examining.read_only,
        clock=app.world,
        http=AskedOnce(app.http),
        dns=app.dns,
        project=app.loaded.project,
        desired=[one for one in app.loaded.desired if _is_ours(one)],
        state=app.store.load(),
        targets=regions,
        kits=Kits("", None, None),
    )


def _is_ours(desired: Desired) -> bool:
    """Whether it is no health check of somebody else's endpoint, which may not be there yet."""
    return desired.address.kind != "route53_health_check" or isinstance(desired.values.get("fqdn"), Ref)


def _as_note(reading: Reading) -> Reading:
    """Silence seen from here proves nothing of AWS, so it stops no deploy."""
    return reading.model_copy(update={"exit": Exit.DONE}) if reading.verdict == "unknown" else reading
