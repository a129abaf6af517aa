"""`adopt` of a kind: take what exists into the state, and change nothing in AWS."""

from __future__ import annotations

from dataclasses import replace

import click

from sbctl.app import App
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.cli.scope import scope_of
from sbctl.commands.deploy.apply_flow import check_account
from sbctl.commands.deploy.plan_json import plan_data
from sbctl.commands.kind.read import concerns
from sbctl.core.address import Address
from sbctl.core.plan import Plan, Step
from sbctl.core.problem import Exit, Problem
from sbctl.core.report import Report
from sbctl.engine.adoption.untouched import untouched
from sbctl.engine.planning.guards import against_second_state


def adopt_command(noun: str, kind: str) -> click.Command:
    @click.command(
        "adopt",
        epilog=epilog_of(
            f"sbctl {noun} adopt {kind}.us-west-2.NAME",
            "0 done, 2 nothing there to adopt, 5 locked, 7 another one is recorded, 9 credentials or permission",
        ),
    )
    @click.argument("addresses", nargs=-1, required=True)
    @command(f"{noun} adopt")
    def adopt(app: App, addresses: tuple[str, ...]) -> Report:
        """Adopt existing resources into the state. Nothing is changed in AWS.

        What is in the state already stays as it is, so that the same command can be run again.
        """
        scope = scope_of(app.session.project, (), [kind])
        with app.store.lock():
            refused = check_account(app)
            if refused:
                return Report(command=f"{noun} adopt", problems=refused)
            planned = app.session.plan(scope)
            steps = [
                untouched(step, app.kinds[kind].spec.owned_maps)
                for step in planned.plan.steps
                if any(concerns(step, kind, text) for text in addresses)
            ]
            kept = tuple(_recorded(noun, step) for step in steps if step.leaves)
            if kept:
                return Report(command=f"{noun} adopt", problems=kept)
            plan = planned.plan.model_copy(update={"steps": tuple(step for step in steps if step.action == "adopt")})
            there = [step for step in steps if step.action != "create"]
            missing = [text for text in addresses if not any(concerns(step, kind, text) for step in there)]
            if missing:
                wanted = {text for text in missing if any(concerns(step, kind, text) for step in steps)}
                return Report(
                    command=f"{noun} adopt",
                    problems=tuple(_nothing_to_adopt(noun, text, wanted=text in wanted) for text in missing),
                )
            return _adopted(app, noun, plan)

    return adopt


def _adopted(app: App, noun: str, plan: Plan) -> Report:
    begun = app.clock.monotonic()
    # Its address is named, which is consent; but who names it in a clone may not know that the state is elsewhere.
    second = against_second_state(plan, app.store.load(), app.store.where)
    notes = [replace(problem, exit=Exit.DONE) for problem in second]
    outcome = app.session.apply(plan)
    data = plan_data(plan, app.clients.standard.counts.as_json(), app.clock.monotonic() - begun)
    return Report(command=f"{noun} adopt", data=data, problems=(*outcome.problems, *outcome.notes, *notes), view=plan)


def _recorded(noun: str, step: Step) -> Problem:
    return Problem(
        code="recorded-already",
        summary="The state has another resource at this address, and it exists",
        detail=step.reason,
        at=step.address,
        fix=f"Forget that one first: sbctl state forget {step.address}; then sbctl {noun} adopt {step.address}",
        exit=Exit.REFUSED,
    )


def _nothing_to_adopt(noun: str, text: str, *, wanted: bool) -> Problem:
    why = "it is not in AWS" if wanted else "the config has nothing at this address"
    return Problem(
        code="nothing-to-adopt",
        summary="There is nothing to adopt at this address",
        detail=f"{Address.parse(text) if text.count('.') > 1 else text}: {why}",
        at=noun,
        fix=f"sbctl {noun} list shows what exists; its name must stand in the config.",
        exit=Exit.USAGE,
    )
