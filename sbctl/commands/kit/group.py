"""`sbctl kit`: show, verify and export the failover kit: all that a failover needs to know, in one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.listing import Listing
from sbctl.cli.run import command
from sbctl.commands.kit.caller import check_caller
from sbctl.commands.kit.find import KitFound, compared, kit_found, with_kit
from sbctl.commands.kit.option import KitPlace, kit_option
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.core.state import State
from sbctl.core.text.ages import age
from sbctl.failover.kit.kit import read_kit
from sbctl.failover.kit.verify import KitChecked, verify_copies, verify_endpoint, verify_format, verify_serial
from sbctl.files.regular import read_regular
from sbctl.store.files.atomic import write_atomic
from sbctl.ui.views import KitVerified, Pairs, Text

CODES = "0 done, 2 no kit, or none that can be read, 7 nothing is deployed, 8 something of it does not hold"
GROUP_ENDING = epilog_of("sbctl kit show\nsbctl kit verify\nsbctl kit export --out ~/failover-kit.json", CODES)
SHOW_ENDING = epilog_of(
    """
    sbctl kit show                           the kit that a failover would use
    sbctl kit show --kit s3://BUCKET/sbctl/kit/us-west-2.json
    """,
    "0 done, 2 no kit, or none that can be read, 7 nothing is deployed",
)
VERIFY_ENDING = epilog_of(
    "sbctl kit verify\nsbctl kit verify --kit ~/failover-kit.json",
    "0 all of it holds, 2 no kit, or none that can be read, 7 the kit is of another account or endpoint,"
    " 8 it is stale, a copy differs, or could not be read, 9 credentials",
)
EXPORT_ENDING = epilog_of(
    """
    sbctl kit export --out ~/failover-kit.json
    sbctl kit export > failover-kit.json
    """,
    "0 done, 2 no kit, or the file is none, 1 the file cannot be written",
)


@click.group("kit", cls=Listing, epilog=GROUP_ENDING)
def kit() -> None:
    """Show, verify or export the failover kit."""


@kit.command("show", epilog=SHOW_ENDING)
@kit_option
@command("kit show")
def show(app: App, kit_place: KitPlace | None) -> Report:
    """Show the kit of the next failover. Its place, age and content; calls nothing."""
    app.lenient = True
    found = kit_found(app, kit_place)
    stands = found.as_json(app.now(found.kit.endpoint)) | compared(app, found)
    data = {"kit": stands, "content": found.kit.model_dump(mode="json")}
    return Report(command="kit show", data=data, view=Pairs("Failover kit", tuple(_rows(found, stands))))


@kit.command("verify", epilog=VERIFY_ENDING)
@kit_option
@command("kit verify")
def verify(app: App, kit_place: KitPlace | None) -> Report:
    """Verify the kit. Checks format, age, account, endpoint, and the copies in the buckets."""
    app.lenient = True
    found = kit_found(app, kit_place)
    held, at = found.kit, found.at
    notes = check_caller(app, held)
    rows = [
        verify_format(held, at),
        verify_serial(held, _state(app), at),
        KitChecked("account", at, "ok", f"the credentials are of {held.account}"),
        verify_endpoint(held, app.endpoint_name_in(held.primary.region), at),
        *verify_copies(held, app.clients.urgent.read_only, app.make_executor),
    ]
    problems = tuple(problems_of([row for row in rows if row.verdict != "ok" and not _no_state(row)], found))
    data = {"checks": [row.as_json() for row in rows]}
    report = Report(
        command="kit verify", data=data, problems=(*problems, *notes), view=KitVerified(tuple(data["checks"]))
    )
    return with_kit(report, found, app)


@kit.command("export", epilog=EXPORT_ENDING)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write. [default: stdout]")
@kit_option
@command("kit export")
def export(app: App, out: Path | None, kit_place: KitPlace | None) -> Report:
    """Write the kit to a private file, or to stdout. It holds IDs and no secrets."""
    app.lenient = True
    found = kit_found(app, kit_place)
    if out is None:
        data: dict[str, Any] = {"content": found.kit.model_dump(mode="json")}
        return with_kit(Report(command="kit export", data=data, view=Text(found.kit.as_text().rstrip())), found, app)
    _refuse_other(out)
    write_atomic(out, found.kit.as_text().encode(), app.disk)
    report = Report(command="kit export", data={"out": str(out)}, view=Pairs("Failover kit", (("file", str(out)),)))
    return with_kit(report, found, app)


def _state(app: App) -> State | None:
    """The state, a shared one too; None where it cannot be read, which status and doctor say."""
    try:
        return app.store.load()
    except SbctlError:
        return None


def _refuse_other(out: Path) -> None:
    """Raise SbctlError where something else than a kit would be overwritten."""
    try:
        read_kit(read_regular(out), str(out))
    except FileNotFoundError:
        return
    except (OSError, SbctlError) as error:
        raise SbctlError(
            Problem(
                code="not-a-kit",
                summary="The file exists and is no failover kit; it is not overwritten",
                at=str(out),
                fix="Name another file: --out FILE",
                exit=Exit.USAGE,
            )
        ) from error


def _rows(found: KitFound, stands: dict[str, Any]) -> Iterator[tuple[str, str]]:
    held = found.kit
    yield "project", f"{held.project} in account {held.account}, of {held.endpoint or 'aws'}"
    yield "from", f"{stands['from']}: {found.at}"
    yield "made", f"{held.made_at:%Y-%m-%d %H:%M:%S} UTC, {age(stands['age_seconds'])} ago"
    known = "" if stands["state_serial"] is None else f", the state has {stands['state_serial']}"
    yield "serial", f"{held.serial}{known}{' (stale: sbctl deploy renews it)' if stands['stale'] else ''}"
    yield "name", f"{held.public_name} {held.record_type}, {held.strategy}"
    yield "signal", held.signal_table or f"none: {held.no_signal}"
    for region in held.by_priority:
        bucket = region.buckets[0] if region.buckets else "no bucket"
        yield region.region, f"priority {region.priority}, instance {region.instance or 'none'}, copy in {bucket}"


def _no_state(row: KitChecked) -> bool:
    """Away from the state there is nothing to compare the serial with: that is no fault of the kit."""
    return row.check == "serial" and row.verdict == "unknown"


def problems_of(rows: Iterable[KitChecked], found: KitFound) -> Iterator[Problem]:
    """One problem for all places of which the same is said."""
    alike: dict[tuple[str, str], list[KitChecked]] = {}
    for row in rows:
        alike.setdefault((row.check, row.detail), []).append(row)
    for (check, detail), those in alike.items():
        unknown = those[0].verdict == "unknown"
        renewed = "Take another one, where its project is: sbctl kit export --out FILE"
        fix = renewed if found.origin == "told" else "sbctl deploy --region all"
        yield Problem(
            code=f"kit-{check}",
            summary="A part of the failover kit could not be verified" if unknown else "The failover kit does not hold",
            detail=f"{check}: {detail}",
            at=", ".join(row.at for row in those),
            fix="Run it again when the region answers." if unknown else fix,
            exit=Exit.NOT_HELD,
        )
