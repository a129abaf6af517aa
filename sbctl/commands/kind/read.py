"""`list` and `show` of a kind: what exists in AWS, and how it compares with what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.epilog import epilog_of
from sbctl.cli.options import region_option
from sbctl.cli.run import command
from sbctl.cli.scope import scope_of
from sbctl.core.address import GLOBAL, Address
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.one_look import OneLook
from sbctl.core.aws.problem import from_aws
from sbctl.core.events import PhaseStarted, ReadDone, ReadStarted
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.values import plain, to_json
from sbctl.core.plan import Step
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.core.state import Record
from sbctl.core.text.alike import did_you_mean
from sbctl.core.text.slug import forms
from sbctl.engine.matching.identity import Identities
from sbctl.engine.matching.observed import one_a_region
from sbctl.ui.views import LiveShown, LivesListed


def list_command(noun: str, kind: str) -> click.Command:
    @click.command(
        "list",
        epilog=epilog_of(
            f"sbctl {noun} list --region us-west-2",
            "0 done, 2 usage or config, 4 a region did not answer, 9 credentials or permission",
        ),
    )
    @region_option
    @command(f"{noun} list")
    def list_live(app: App, regions: tuple[str, ...]) -> Report:
        """List the resources in AWS, also those of others."""
        rows, problems = _lives(app, app.kinds[kind], regions)
        data = {"items": [_row(region, live, name) for region, live, name in rows]}
        view = LivesListed(app.kinds[kind], tuple(rows))
        return Report(command=f"{noun} list", data=data, problems=tuple(problems), view=view)

    return list_live


Rows = list[tuple[str, Live[Any], str]]


def _lives(app: App, kind: Kind[Any, Any], regions: tuple[str, ...]) -> tuple[Rows, list[Problem]]:
    """What every place has, all places at once; one that does not answer is a problem and leaves the others."""
    chosen = scope_of(app.session.project, regions).regions
    places = sorted(
        {
            (region, within)
            for region, within in _places(app, kind)
            if kind.scope == GLOBAL or chosen is None or region in chosen
        }
    )
    aws, rows = OneLook(app.clients.standard.read_only), Rows()
    problems: list[Problem] = []
    app.listen(PhaseStarted("reading", len(places)))

    def read(region: str, within: str) -> list[Live[Any]]:
        app.listen(ReadStarted(kind.name, region))
        lives = list(kind.list(aws, region, within))
        app.listen(ReadDone(kind.name, region, len(lives)))
        return lives

    with ThreadPoolExecutor(max(1, len(places))) as pool:
        found = [(region, pool.submit(read, region, within)) for region, within in places]
    answering = set()
    for region, answer in found:
        try:
            rows += [(region, live, kind.key(live.spec)) for live in answer.result()]
            answering.add(region)
        except AwsError as error:
            problems.append(from_aws(error, at=f"{kind.name}.{region}"))
        except SbctlError as error:
            problems += error.problems
    known = Identities({kind.name: kind}, app.store.load(), {}, app.session.project.primary.region)
    return [(region, _owned(kind, region, live, known), name) for region, live, name in rows], one_a_region(
        problems, answering
    )


def _owned(kind: Kind[Any, Any], region: str, live: Live[Any], known: Identities) -> Live[Any]:
    """With the address by which it is managed: that of the state, which may have been renamed, else that of its tag."""
    address = known.address_of((kind.name, region), live)
    return live if address is None else replace(live, owner=str(address))


def _places(app: App, kind: Kind[Any, Any]) -> Iterable[tuple[str, str]]:
    """Where to list: every region, and in every container that the state knows."""
    project = app.session.project
    if not kind.within:
        if kind.scope == GLOBAL:
            return [(kind.home or project.primary.region, "")]
        return [(region.region, "") for region in project.by_priority]
    return containers(app.store.load().records.values(), app.kinds, kind, kind.home or project.primary.region)


def containers(
    records: Iterable[Record], kinds: Mapping[str, Kind[Any, Any]], kind: Kind[Any, Any], home: str
) -> list[tuple[str, str]]:
    """Region and id of each container that a record is in, also one of another kind: it may hold what only others made."""
    alike = {one.name for one in kinds.values() if one.within == kind.within}
    return [
        (home if record.at.region == GLOBAL else record.at.region, str(record.applied[kind.within]))
        for record in records
        if record.at.kind in alike and kind.within in record.applied
    ]


def _row(region: str, live: Live[Any], name: str) -> dict[str, Any]:
    return {
        "region": region,
        "name": name,
        "ids": dict(live.ids),
        "owner": live.owner,
        "values": to_json(live.spec.told(plain(live.spec), {})),
    }


def show_command(noun: str, kind: str) -> click.Command:
    @click.command(
        "show",
        epilog=epilog_of(
            f"sbctl {noun} show {kind}.us-west-2.NAME", "0 done, 2 no such address, 9 credentials or permission"
        ),
    )
    @click.argument("address", shell_complete=completions.addresses)
    @command(f"{noun} show")
    def show(app: App, address: str) -> Report:
        """Show wanted, live and last applied values. Of one ADDRESS, or of a name in every region."""
        planned = app.session.plan(scope_of(app.session.project, (), [kind]), entire=True)
        chosen = [step for step in planned.plan.steps if concerns(step, kind, address)]
        if not chosen:
            raise SbctlError(_no_such(noun, address, [step.at for step in planned.plan.steps if step.at.kind == kind]))
        state = app.store.load()
        data = {"items": [_three(step, state.get(step.at)) for step in chosen]}
        return Report(
            command=f"{noun} show", data=data, problems=planned.problems, view=LiveShown(tuple(data["items"]))
        )

    return show


def _three(step: Step, record: Any) -> dict[str, Any]:
    return {
        "address": step.address,
        "action": step.action,
        "ids": step.ids,
        "wanted": step.wanted or {},
        "live": step.seen or {},
        "applied": record.applied if record else {},
        "changes": [change.model_dump(mode="json") for change in step.changes],
    }


def concerns(step: Step, kind: str, text: str) -> bool:
    """Whether a user who says `text` (an address, or a name in any region) means this step."""
    if step.at.kind != kind:
        return False
    if step.address in (text, text.casefold()) or step.at.name in forms(text):
        return True
    return text != "" and (step.wanted or {}).get("name") == text


def _as_written(text: str, known: Iterable[Address]) -> list[str]:
    """Whole addresses beside an address, names beside a name."""
    return sorted({str(one) if "." in text else one.name for one in known})


def _no_such(noun: str, text: str, known: Iterable[Address]) -> Problem:
    return Problem(
        code="unknown-address",
        summary="Not in the config",
        detail=f"{noun} {text}",
        at=noun,
        fix=did_you_mean(text, _as_written(text, known), f"sbctl {noun} plan -v lists them."),
        exit=Exit.USAGE,
    )
