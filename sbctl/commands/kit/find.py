"""Finds the kit to work from: as told, beside the state, with a shared state, in the user's cache, at last from the project.

No code of the project is run for it, and its config is read at last only, to make the kit of what the state records.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sbctl.app import App
from sbctl.cli.confirm import choose
from sbctl.commands.kit.belonging import belonging, called, remark
from sbctl.commands.kit.option import KitObject, KitPlace
from sbctl.core.events import PhaseStarted
from sbctl.core.place import SharedPlace
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project_files import REGIONS_FILE
from sbctl.core.report import Report
from sbctl.core.state import State
from sbctl.core.text.strict_json import read_value
from sbctl.failover.kit.build import NOTHING_DEPLOYED, dns_off, make_kit
from sbctl.failover.kit.cache import AWS, Cached
from sbctl.failover.kit.kit import FILE, FORMAT, Kit, read_kit
from sbctl.failover.kit.publish import shared_kits
from sbctl.files.regular import read_regular, read_text
from sbctl.store.media.bucket import BucketObjects
from sbctl.store.state.copies import first_answer

Origin = Literal["told", "state", "shared", "cache", "project"]
ORIGINS: dict[Origin, str] = {
    "told": "as told",
    "state": "of the last deploy",
    "shared": "kept with the shared state",
    "cache": "from this user's cache",
    "project": "made now, from the state and the config",
}


NAME_ONE = "Name one: --kit FILE, or the copy of any region: --kit s3://BUCKET/sbctl/kit/REGION.json"
NO_KIT = Problem(
    code="no-kit",
    summary="There is no failover kit",
    detail="none beside the state, with a shared state, or in this user's cache, and no project is here to make one of",
    at="--kit",
    fix=NAME_ONE,
    exit=Exit.USAGE,
)


@dataclass(frozen=True)
class KitFound:
    """A kit, where it was found, and how."""

    kit: Kit
    origin: Origin
    at: str

    def as_json(self, now: datetime) -> dict[str, Any]:
        """What every command says of the kit that it worked from."""
        age = round(max(0.0, (now - self.kit.made_at).total_seconds()), 3)
        return {
            "from": self.origin,
            "at": self.at,
            "project": self.kit.project,
            "serial": self.kit.serial,
            "made_at": self.kit.made_at.isoformat(),
            "age_seconds": age,
        }


def kit_found(app: App, told: KitPlace | None = None) -> KitFound:
    """The kit to work from; it is said which, unless it is that beside the state.

    Raises SbctlError when there is none, or several could be meant.
    """
    found = _told(app, told) if told is not None else _looked_for(app)
    if found.kit.format > FORMAT:
        app.note(_later_format(found))
    made = f"{found.kit.made_at:%Y-%m-%d %H:%M} UTC"
    if found.origin == "state":
        return found  # which is what everybody expects
    app.listen(PhaseStarted(f"working from the kit of {made}, {ORIGINS[found.origin]}: {found.at}"))
    return found


def with_kit(report: Report, found: KitFound, app: App) -> Report:
    """The report, which says from which kit it was made."""
    return replace(report, data={**report.data, "kit": found.as_json(app.now(found.kit.endpoint))})


def compared(app: App, found: KitFound) -> dict[str, Any]:
    """How the kit stands to the state: whether it is older. A state that is not at hand says nothing."""
    state = state_at_hand(app)
    known = state is not None and bool(state.lineage)
    stale = bool(state and known and (state.lineage != found.kit.lineage or state.serial > found.kit.serial))
    return {"state_serial": state.serial if state and known else None, "stale": stale}


def stale_fault(kit: dict[str, Any]) -> dict[str, Any]:
    """A kit that is older than the state, as a row of what is wrong."""
    what = f"the failover kit is of serial {kit['serial']}, the state of {kit['state_serial']}: sbctl deploy renews it"
    return {"what": what, "check": "failover-kit", "verdict": "late", "age_seconds": kit["age_seconds"]}


def _later_format(found: KitFound) -> Problem:
    return Problem(
        code="kit-format",
        summary="The failover kit is of a later version of sbctl: what this one does not know of it is not done",
        detail=f"format {found.kit.format}, and this version knows {FORMAT}",
        at=found.at,
        fix="Update sbctl, when there is time.",
        exit=Exit.DONE,
    )


def _told(app: App, place: KitPlace) -> KitFound:
    try:
        content = read_regular(place) if isinstance(place, Path) else _object(app, place)
    except OSError as error:
        fix = "Give the path of a failover kit, or s3://BUCKET/KEY of a copy."
        raise SbctlError(_unread(place, str(error), fix)) from error
    return KitFound(read_kit(content, str(place)), "told", str(place))


def _object(app: App, place: KitObject) -> bytes:
    blob = BucketObjects(app.clients.for_state(), place.location).get(place.key)
    if blob is None:
        raise SbctlError(_unread(place, "there is no such object", "Copies are at s3://BUCKET/sbctl/kit/REGION.json."))
    return blob.content


def _unread(place: KitPlace, detail: str, fix: str) -> Problem:
    return Problem(
        code="cannot-read",
        summary="The failover kit cannot be read",
        detail=detail,
        at=str(place),
        fix=fix,
        exit=Exit.USAGE,
    )


def _looked_for(app: App) -> KitFound:
    looks: tuple[Callable[[App], KitFound | None], ...] = (beside_state, _with_shared_state, _in_cache)
    for look in looks:
        found = look(app)
        if found is not None:
            return found
    return KitFound(_made(app), "project", str(app.settings.config))


def beside_state(app: App) -> KitFound | None:
    """The kit of the last deploy; None where there is none that can be used."""
    path = app.state / FILE
    try:
        return KitFound(read_kit(read_regular(path), str(path)), "state", str(path))
    except FileNotFoundError:
        return None
    except (OSError, SbctlError) as error:
        app.listen(PhaseStarted(f"{path} cannot be used: {_why(error)}"))
        return None


def _with_shared_state(app: App) -> KitFound | None:
    place = app.place
    if not isinstance(place, SharedPlace):
        return None
    places = [partial(_shared, objects) for objects in shared_kits(place, app.clients.for_state())]
    try:
        return first_answer(places)  # all are asked at once: the first may lie in the region that is lost
    except SbctlError as error:
        app.listen(PhaseStarted(f"no kit with the shared state: {error.problems[0].detail or _why(error)}"))
        return None


def _shared(objects: BucketObjects) -> KitFound:
    at = f"{objects.where}/{FILE}"
    blob = objects.get(FILE)
    if blob is None:
        raise SbctlError(Problem(code="no-kit", summary="There is no kit", detail=f"none at {at}", at=at))
    return KitFound(read_kit(blob.content, at), "shared", at)


def _in_cache(app: App) -> KitFound | None:
    fits = _fitting(app, app.kits.all())
    if not fits:
        return None
    one = fits[0] if len(fits) == 1 else _chosen(app, fits)
    url = called(app.settings.endpoint_url)
    if url and not app.settings.sandbox and (said := remark(one, url)):
        app.note(said)
    return KitFound(one.kit, "cache", str(one.path))


def _fitting(app: App, cached: Iterable[Cached]) -> list[Cached]:
    """The newest kit of each deployment that this run could be about, as far as config and state tell."""
    state, named = state_at_hand(app), _named(app)
    if state is not None and state.lineage and not state.records:
        return []  # nothing is deployed, and that is known
    fits = [
        one
        for one in cached
        if _in_this_world(app, one, in_project=named is not None)
        and (named is None or (one.kit.project, one.kit.account) == named)
        and (state is None or not state.lineage or one.kit.lineage == state.lineage)
    ]
    url = called(app.settings.endpoint_url)
    newest: dict[tuple[str, str, str], Cached] = {}
    for one in belonging(fits, url) if url and not app.settings.sandbox else fits:
        newest.setdefault((one.kit.project, one.kit.account, one.kit.endpoint), one)
    return [*newest.values()]


def _in_this_world(app: App, one: Cached, *, in_project: bool) -> bool:
    """Worlds other than AWS come and go with a state: in a project, and with --sandbox, a kit of another state is not meant."""
    on_aws = one.kit.endpoint in ("", AWS)
    if (in_project or app.settings.sandbox) and not on_aws and not app.kits.of_state(one, app.state):
        return False
    if app.settings.sandbox:
        return one.kit.endpoint == app.endpoint_name_in(one.kit.primary.region)
    return bool(called(app.settings.endpoint_url)) or on_aws


def state_at_hand(app: App) -> State | None:
    """The state, where it can be read without asking a region that may be lost."""
    if isinstance(app.place, SharedPlace):
        return None
    try:
        return app.store.load()
    except SbctlError:
        return None


def _named(app: App) -> tuple[str, str] | None:
    """Project and account, as regions.json says them; None where it cannot be read."""
    head = _head(app)
    return (str(head.get("project")), str(head.get("account"))) if "project" in head else None


def _head(app: App) -> dict[str, Any]:
    try:
        found = read_value(read_text(app.settings.config / REGIONS_FILE))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _chosen(app: App, fits: list[Cached]) -> Cached:
    """Which of several projects is meant: asked on a terminal, else refused with the commands to type."""
    rows = {f"{one.kit.project} in {one.kit.account} ({one.kit.public_name})": one for one in fits}
    word = choose(app.settings, app.listen, "Several projects are kept in the cache. Which one is meant?", [*rows])
    if word:
        return rows[word]
    typed = shlex.join(["sbctl", *sys.argv[1:]])
    raise SbctlError(
        *(
            Problem(
                code="several-kits",
                summary="Several projects could be meant",
                detail=name,
                at=str(one.path),
                fix=f"{typed} --kit {shlex.quote(str(one.path))}",
                exit=Exit.USAGE,
            )
            for name, one in rows.items()
        )
    )


def _made(app: App) -> Kit:
    """The kit of what the state records, where a deploy was cut off before it kept one. Raises SbctlError."""
    state = app.store.load()
    if not _head(app) and state.records:
        raise SbctlError(NO_KIT)
    if not _head(app):
        fix = f"{NAME_ONE}. In the folder of a project: {NOTHING_DEPLOYED.fix}"
        raise SbctlError(replace(NOTHING_DEPLOYED, detail=NO_KIT.detail, fix=fix))
    if not state.records:
        raise SbctlError(NOTHING_DEPLOYED if _head(app).get("dns", True) else _dns_off(app))
    return make_kit(app.at_rest.project, state, app.now())


def _dns_off(app: App) -> Problem:
    return dns_off(str(_head(app).get("domain", "")))


def _why(error: OSError | SbctlError) -> str:
    return error.problems[0].summary if isinstance(error, SbctlError) else str(error)
