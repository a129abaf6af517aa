"""The commands that every kind has: plan, apply, show, list, adopt. Made from its file's name and its contract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from sbctl.app import App
from sbctl.commands.applying import Limits, carry_out, check_account
from sbctl.commands.ending import ending
from sbctl.commands.options import allow_option, max_deletes_option, region_option
from sbctl.commands.plan_data import plan_data
from sbctl.commands.run import command
from sbctl.commands.scope import scope_of
from sbctl.core.address import GLOBAL, Address, slug
from sbctl.core.plan import Plan, Step
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.core.resource import Kind, Live
from sbctl.core.tree import plain, to_json
from sbctl.ui.views import LiveShown, LivesListed


def group_for(noun: str, kind: str) -> click.Group:
    """`sbctl NOUN`: the five commands of one kind."""
    group = click.Group(noun, help=f"Work with this kind of resource alone: {kind}.", epilog=_examples(noun, kind))
    for make in (_plan, _apply, _show, _list, _adopt):
        group.add_command(make(noun, kind))
    if noun == "flow":
        from sbctl.commands.flow import lint, render  # only the kind that has documents has these

        group.add_command(lint)
        group.add_command(render)
    return group


def _examples(noun: str, kind: str) -> str:
    examples = f"""
    sbctl {noun} list --region us-west-2
    sbctl {noun} show {kind}.us-west-2.NAME
    sbctl {noun} plan
    """
    return ending(examples, "0 done, 2 usage or config, 3 differences (with --exit-code), 4 partly done, 5 locked")


def _plan(noun: str, kind: str) -> click.Command:
    @click.command(
        "plan",
        epilog=ending(
            f"sbctl {noun} plan --exit-code",
            "0 done, 2 usage or config, 3 differences (with --exit-code), 4 a region did not answer, 9 credentials or permission",
        ),
    )
    @region_option
    @click.option("--exit-code", "exit_code", is_flag=True, help="Exit with 3 when something differs.")
    @command(f"{noun} plan")
    def plan(app: App, regions: tuple[str, ...], exit_code: bool) -> Report:
        """Show what would change for this kind, and for what it needs."""
        begun = app.clock.monotonic()
        planned = app.session.plan(scope_of(app.session.project, regions, [kind]))
        data = plan_data(planned.plan, app.stack.counts.as_json(), app.clock.monotonic() - begun)
        finding = Exit.DIFFERENCES if exit_code and planned.plan.pending else Exit.DONE
        return Report(command=f"{noun} plan", data=data, problems=planned.problems, view=planned.plan, finding=finding)

    return plan


def _apply(noun: str, kind: str) -> click.Command:
    @click.command(
        "apply",
        epilog=ending(
            f"sbctl {noun} apply --region us-west-2",
            "0 done, 2 usage or config, 4 partly done, 5 locked, 7 refused, 9 credentials or permission, 130 interrupted",
        ),
    )
    @region_option
    @allow_option
    @max_deletes_option
    @command(f"{noun} apply")
    def apply(app: App, regions: tuple[str, ...], allow: tuple[str, ...], max_deletes: int | None) -> Report:
        """Deploy this kind alone, and what it needs."""
        scope = scope_of(app.session.project, regions, [kind])
        with app.store.lock():
            refused = check_account(app)
            if refused:
                return Report(command=f"{noun} apply", problems=refused)
            planned = app.session.plan(scope)
            limit = app.session.project.rules.guards.max_deletes if max_deletes is None else max_deletes
            limits = Limits(allow, limit)
            return carry_out(app, f"{noun} apply", planned.plan, scope, limits, planned.problems, recheck=False)

    return apply


def _list(noun: str, kind: str) -> click.Command:
    @click.command(
        "list",
        epilog=ending(
            f"sbctl {noun} list --region us-west-2",
            "0 done, 2 usage or config, 4 a region did not answer, 9 credentials or permission",
        ),
    )
    @region_option
    @command(f"{noun} list")
    def list_live(app: App, regions: tuple[str, ...]) -> Report:
        """What exists in AWS, whoever made it, read in pages."""
        rows = list(_lives(app, app.kinds[kind], regions))
        data = {"items": [_row(region, live, name) for region, live, name in rows]}
        return Report(command=f"{noun} list", data=data, view=LivesListed(app.kinds[kind], tuple(rows)))

    return list_live


def _lives(app: App, kind: Kind[Any, Any], regions: tuple[str, ...]) -> Iterable[tuple[str, Live[Any], str]]:
    project = app.session.project
    chosen = scope_of(project, regions).regions
    places = {
        (region, within)
        for region, within in _places(app, kind)
        if kind.scope == GLOBAL or chosen is None or region in chosen
    }
    for region, within in sorted(places):
        for live in kind.list(app.stack.read_only, region, within):
            yield region, live, kind.key(live.spec)


def _places(app: App, kind: Kind[Any, Any]) -> Iterable[tuple[str, str]]:
    """Where to list: every region, and in every container that the state knows."""
    project = app.session.project
    if not kind.within:
        if kind.scope == GLOBAL:
            return [(kind.home or project.primary.region, "")]
        return [(region.region, "") for region in project.by_priority]
    records = [record for record in app.store.load().records.values() if record.at.kind == kind.name]
    home = kind.home or project.primary.region
    return [
        (home if record.at.region == GLOBAL else record.at.region, str(record.applied[kind.within]))
        for record in records
        if kind.within in record.applied
    ]


def _row(region: str, live: Live[Any], name: str) -> dict[str, Any]:
    return {
        "region": region,
        "name": name,
        "ids": dict(live.ids),
        "owner": live.owner,
        "values": to_json(plain(live.spec)),
    }


def _show(noun: str, kind: str) -> click.Command:
    @click.command(
        "show",
        epilog=ending(
            f"sbctl {noun} show {kind}.us-west-2.NAME", "0 done, 2 no such address, 9 credentials or permission"
        ),
    )
    @click.argument("address")
    @command(f"{noun} show")
    def show(app: App, address: str) -> Report:
        """Wanted, live and last applied values of one ADDRESS, or of a name in every region."""
        planned = app.session.plan(scope_of(app.session.project, (), [kind]))
        chosen = [step for step in planned.plan.steps if _is(step, kind, address)]
        if not chosen:
            raise SbctlError(_no_such(noun, address))
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


def _is(step: Step, kind: str, text: str) -> bool:
    if step.at.kind != kind:
        return False
    return step.address == text.lower() or step.at.name == slug(text)


def _adopt(noun: str, kind: str) -> click.Command:
    @click.command(
        "adopt",
        epilog=ending(
            f"sbctl {noun} adopt {kind}.us-west-2.NAME",
            "0 done, 2 nothing there to adopt, 5 locked, 9 credentials or permission",
        ),
    )
    @click.argument("addresses", nargs=-1, required=True)
    @command(f"{noun} adopt")
    def adopt(app: App, addresses: tuple[str, ...]) -> Report:
        """Take what exists at these ADDRESSES into the state. Nothing is changed in AWS."""
        scope = scope_of(app.session.project, (), [kind])
        with app.store.lock():
            refused = check_account(app)
            if refused:
                return Report(command=f"{noun} adopt", problems=refused)
            planned = app.session.plan(scope)
            steps = [
                _untouched(step) for step in planned.plan.steps if any(_is(step, kind, text) for text in addresses)
            ]
            plan = planned.plan.model_copy(update={"steps": tuple(step for step in steps if step.action == "adopt")})
            missing = [text for text in addresses if not any(_is(step, kind, text) for step in plan.steps)]
            if missing:
                return Report(
                    command=f"{noun} adopt", problems=tuple(_nothing_to_adopt(noun, text) for text in missing)
                )
            return _adopted(app, noun, plan)

    return adopt


def _adopted(app: App, noun: str, plan: Plan) -> Report:
    begun = app.clock.monotonic()
    outcome = app.session.apply(plan)
    data = plan_data(plan, app.stack.counts.as_json(), app.clock.monotonic() - begun)
    return Report(command=f"{noun} adopt", data=data, problems=tuple(outcome.problems), view=plan)


def _untouched(step: Step) -> Step:
    """The step with what is live as what is wanted: recorded, not changed."""
    return step.model_copy(update={"wanted": step.seen, "changes": ()})


def _no_such(noun: str, text: str) -> Problem:
    return Problem(
        code="unknown-address",
        summary="The config wants no such thing",
        detail=f"{noun} {text}",
        fix=f"sbctl {noun} plan -v lists them.",
        exit=Exit.USAGE,
    )


def _nothing_to_adopt(noun: str, text: str) -> Problem:
    return Problem(
        code="nothing-to-adopt",
        summary="There is nothing to adopt at this address",
        detail=f"{Address.parse(text) if text.count('.') > 1 else text}: it is not in AWS, or already in the state",
        fix=f"sbctl {noun} list shows what exists; its name must stand in the config.",
        exit=Exit.USAGE,
    )
