"""Where steps of one's own stand among those of a mechanism, and how they are shown before they run.

In a forced move none of them comes before the order to move traffic: nothing may hold that up.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from sbctl.core.moving.own_steps import Action, OwnStep
from sbctl.core.problem import Exit, Problem
from sbctl.core.text.placeholders import filled, sort_of
from sbctl.failover.api_call import Call
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.draining import DRAIN, drain_step
from sbctl.failover.kit.kit import Kit
from sbctl.failover.mechanism import RunStep
from sbctl.failover.own.filling import unset

Mode = Literal["planned", "forced"]


def with_own(steps: Sequence[RunStep], order: FailoverRequest, kit: Kit, source: str) -> tuple[RunStep, ...]:
    """The mechanism's steps with those of the kit's rules that a move takes along, of both modes: the mode may change on the way.

    A place that this mechanism does not have is its beginning for what comes before, and its end for what comes after.
    """
    names = [step.name for step in steps]
    before: dict[str, list[RunStep]] = {name: [] for name in names}
    after: dict[str, list[RunStep]] = {name: [] for name in names}
    for own in kit.rules.steps:
        if own.applies(order.target, drill=bool(order.drill)):
            place, where = (before, own.before) if own.before else (after, own.after)
            place[where if where in names else names[0] if own.before else names[-1]].append(
                _as_step(own, order, kit, source)
            )
    placed = [one for step in steps for one in (*before[step.name], step, *after[step.name])]
    first = len(before[names[0]]) if names else 0
    # what re-routes new calls before the move comes before the wait for those that are there
    return (*placed[:first], *drain_step(order.drain_seconds, source), *placed[first:])


def in_mode(steps: Iterable[RunStep], mode: str) -> tuple[RunStep, ...]:
    """The steps that a mode takes, in its order: a forced move begins with the mechanism's own first step."""
    taken = [step for step in steps if step.own is None or mode in step.own.modes]
    if mode != "forced":
        return tuple(taken)
    taken = [step for step in taken if step.name != DRAIN]
    first = next((place for place, step in enumerate(taken) if step.own is None), 0)
    return (*taken[first : first + 1], *taken[:first], *taken[first + 1 :])


def unset_variables(steps: Iterable[RunStep], mode: str, environment: Mapping[str, str]) -> tuple[Problem, ...]:
    """The environment variables that steps of one's own need and that are not set here: said beforehand, and stops nothing."""
    owns = [step.own for step in in_mode(steps, mode) if step.own]
    found = [(own.name, missing) for own in owns if (missing := unset(own.model_dump(mode="json"), environment))]
    return tuple(
        Problem(
            code="own-step-unset",
            summary="A step of your own will fail: an environment variable is not set",
            detail=", ".join(names),
            at=name,
            fix=f"export {names[0]}=…, and run the same again.",
            exit=Exit.DONE,
        )
        for name, names in found
    )


def facts_of(order: FailoverRequest, kit: Kit, source: str, run: str, step: str) -> dict[str, str]:
    """What a move says of itself to a step of one's own."""
    return {
        "from": source,
        "to": order.target,
        "mode": order.mode,
        "reason": order.reason,
        "run": run,
        "project": kit.project,
        "step": step,
        "drill": order.drill,
    }


def _as_step(own: OwnStep, order: FailoverRequest, kit: Kit, source: str) -> RunStep:
    facts = facts_of(order, kit, source, "<run>", own.name)
    return RunStep(
        name=own.name,
        title=_title(own, facts),
        region=order.target,
        depends_on=_needs(own, order.target),
        undo=_title(own.undo, facts) if own.undo else "",
        calls=(_call(own, facts),),
        own=own,
    )


def _shown(template: str, facts: Mapping[str, str]) -> str:
    """A template with its facts, and with the names of its secrets in place of them."""
    return filled(template, lambda inner: facts[inner] if sort_of(inner) == "fact" else f"${{{inner}}}")


def _title(action: Action, facts: Mapping[str, str]) -> str:
    if action.https:
        return f"{action.https.method} {_shown(action.https.url, facts)}"
    if action.function:
        return f"invoke {_shown(action.function, facts)} in {facts['to']}"
    return f"run {_line(action, facts)}"


def _line(action: Action, facts: Mapping[str, str]) -> str:
    return shlex.join(_shown(one, facts) for one in action.command or ())


def _needs(action: Action, region: str) -> str:
    return {
        "https": "the server that it names",
        "lambda": f"Lambda's data plane in {region}",
        "command": "this machine",
        "": "nothing",
    }[action.way]


def _call(own: OwnStep, facts: Mapping[str, str]) -> dict[str, Any]:
    limit = f"at most {own.limit(forced=facts['mode'] == 'forced'):g} s"
    if own.function:
        payload = json.dumps({**facts, **(own.payload or {})}, ensure_ascii=False)
        call = Call("lambda", "Invoke", facts["to"], {"FunctionName": _shown(own.function, facts), "Payload": payload})
        return {**call.as_json(), "limit": limit}
    if own.https:
        return {"request": _title(own, facts), "expect": f"2xx, {limit}"}
    return {"line": _line(own, facts), "expect": f"status 0, {limit}"}
