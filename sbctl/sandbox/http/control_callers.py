"""The control actions on callers and agents: generators of calls, what callers got, and agents who answer.

What they take and answer is in sbctl/sandbox/connect/contacts/control.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sbctl.sandbox.connect.agents.agent import Agent
from sbctl.sandbox.connect.agents.routing import rules_of
from sbctl.sandbox.connect.agents.simulated import Habits
from sbctl.sandbox.connect.contacts.account.hub import LiveContacts
from sbctl.sandbox.connect.contacts.callers.generator import (
    AGAIN_SECONDS,
    AGAIN_TIMES,
    PATIENCE_SECONDS,
    Generator,
    Plan,
)
from sbctl.sandbox.connect.running.bots import ScriptError, scripts
from sbctl.sandbox.connect.store import Instance
from sbctl.sandbox.http.control_values import E164, Values, WrongValuesError
from sbctl.sandbox.world import World

START_FIELDS = frozenset(
    {"rate_per_minute", "seconds", "mix", "number", "again", "again_times", "expected_region", "patience", "unlimited"}
)
MIX_FIELDS = frozenset({"weight", "number", "presses", "says", "patience", "talk", "attributes"})
AGENT_FIELDS = frozenset({"per_queue", "talk_seconds", "acw_seconds", "accept_seconds", "region", "instance"})
FASTEST_PER_MINUTE = 60000.0
MOST_AGENTS = 500
MOST_ROWS = 100


def start(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Let a generator begin."""
    plan = _plan(world, params)
    live = world.connect.live
    with live.ground.resources.lock:
        known = live.calling.numbers()
        numbers = {*plan.numbers, *(str(row["number"]) for row in plan.mix if "number" in row)}
        unknown = sorted(number for number in numbers if live.lines.line(number) is None)
        if unknown:
            raise WrongValuesError(f"no instance has the number {', '.join(unknown)}")
        if not numbers and not known:
            raise WrongValuesError("no number is claimed: claim one, or name a number")
        return _row(live.callers.start(plan))


def _plan(world: World, params: dict[str, Any]) -> Plan:
    values = Values(params)
    rate = values.amount("rate_per_minute", 0.01, FASTEST_PER_MINUTE, needed=True) or 1.0
    seconds = values.seconds("seconds")
    values.check(seconds is None or seconds > 0, "seconds must be above 0")
    again = values.seconds("again", least=0.1) if params.get("again", "") is not None else None
    times = values.whole("again_times", 0, 1000)
    patience, expected = values.seconds("patience"), values.text("expected_region")
    unlimited = values.flag("unlimited")
    mix, numbers = _mix(values, params.get("mix")), _numbers(values, params.get("number"))
    values.done()
    return Plan(
        rate=rate,
        until=None if seconds is None else world.clock.seconds() + seconds,
        mix=mix,
        numbers=numbers,
        again=AGAIN_SECONDS if "again" not in params else again,
        again_times=AGAIN_TIMES if times is None else times,
        patience=PATIENCE_SECONDS if patience is None else patience,
        expected=expected,
        unlimited=unlimited,
    )


def _numbers(values: Values, found: Any) -> list[str]:
    listed = [] if found is None else [found] if isinstance(found, str) else found
    right = isinstance(listed, list) and all(isinstance(one, str) and E164.fullmatch(one) for one in listed)
    values.check(
        right and (found is None or bool(listed)), "number must be a number as +18005550100, or a list of them"
    )
    return list(listed) if right else []


def _mix(values: Values, found: Any) -> list[dict[str, Any]]:
    if found is None:
        return []
    right = isinstance(found, list) and 0 < len(found) <= MOST_ROWS and all(isinstance(row, dict) for row in found)
    values.check(right, f"mix must be a list of 1 to {MOST_ROWS} objects")
    return [_mix_row(values, number, row) for number, row in enumerate(found, 1)] if right else []


def _mix_row(values: Values, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    inner = Values(row, f"mix {number}: ")
    unknown = sorted(row.keys() - MIX_FIELDS)
    inner.check(not unknown, f"there is no {', '.join(unknown)}")
    read = {
        "weight": inner.amount("weight", 0.000001, 1e9),
        "number": inner.number_called("number") or None,
        "presses": inner.keys("presses") or None,
        "says": inner.texts("says") or None,
        "patience": inner.seconds("patience"),
        "talk": inner.seconds("talk"),
        "attributes": inner.map("attributes") or None,
    }
    values.problems += inner.problems
    return {name: value for name, value in read.items() if value is not None}


def _chosen(live: LiveContacts, named: str) -> list[Generator]:
    if named and named not in live.callers.generators:
        raise WrongValuesError(f"there are no callers {named}")
    return [one for one in live.callers.generators.values() if named in ("", one.id)]


def stop(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Let generators begin no more calls."""
    values = Values(params)
    named = values.text("id")
    values.done()
    live = world.connect.live
    with live.ground.resources.lock:
        running = [one for one in _chosen(live, named) if one.state == "running"]
        for one in running:
            one.stop()
        return {"stopped": [one.id for one in running]}


def expect(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Say where calls ought to be answered from now on."""
    values = Values(params)
    named = values.text("id")
    region = params.get("region")
    values.check(isinstance(region, str), "region must be text")
    values.done()
    live = world.connect.live
    with live.ground.resources.lock:
        chosen = _chosen(live, named)
        for one in chosen:
            one.plan.expected = str(region)
        return {"callers": [_row(one) for one in chosen]}


def listed(world: World, _params: dict[str, Any]) -> dict[str, Any]:
    """All generators."""
    live = world.connect.live
    with live.ground.resources.lock:
        return {"callers": [_row(one) for one in live.callers.generators.values()]}


def _row(one: Generator) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state,
        "rate_per_minute": one.plan.rate,
        "began": one.began,
        "until": one.plan.until,
        "numbers": list(one.plan.numbers) or sorted({str(row["number"]) for row in one.plan.mix if "number" in row}),
        "expected_region": one.plan.expected,
        **asdict(one.totals),
        "in_progress": len(one.in_progress),
        "waiting": one.waiting(),
    }


def seconds(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """What callers got, second by second."""
    values = Values(params)
    since, until = values.amount("since", 0.0, 1e12), values.amount("until", 0.0, 1e12)
    named = values.text("id")
    values.done()
    live = world.connect.live
    with live.ground.resources.lock:
        _chosen(live, named)
        return {"seconds": live.callers.seconds.rows(since or 0.0, 1e12 if until is None else until, named)}


def route(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Let a carrier send the calls of a number to another."""
    values = Values(params)
    number = values.number_called("number")
    values.check(bool(number), "number is needed")
    to = params.get("to")
    values.check(isinstance(to, str) and (to == "" or E164.fullmatch(to) is not None), "to must be a number, or empty")
    values.done()
    live = world.connect.live
    with live.ground.resources.lock:
        live.lines.routes.pop(number, None)
        if to:
            if live.lines.line(str(to)) is None:
                raise WrongValuesError(f"no instance has the number {to}")
            live.lines.routes[number] = str(to)
        return {"routes": dict(live.lines.routes)}


def bots(world: World, _params: dict[str, Any]) -> dict[str, Any]:
    """The bots that have a script, and how many answers each has."""
    live = world.connect.live
    with live.ground.resources.lock:
        return {"bots": {name: len(answers) for name, answers in sorted(live.bots.items())}}


def set_bots(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Give bots their scripts (sbctl/sandbox/connect/running/bots.py), in place of those that they had."""
    try:
        found = scripts(params.get("scripts"))
    except ScriptError as error:
        raise WrongValuesError(str(error)) from error
    live = world.connect.live
    with live.ground.resources.lock:
        live.bots = found
    return bots(world, {})


def _instances(live: LiveContacts, values: Values) -> Iterable[Instance]:
    region, named = values.text("region"), values.text("instance")
    values.done()
    now = live.ground.now()
    found = [
        one
        for one in live.ground.resources.instances.values()
        if region in ("", one.region)
        and named in ("", one.id, one.values.get("InstanceAlias"))
        and (one.gone_at is None or one.gone_at > now)
    ]
    if not found and (region or named):
        raise WrongValuesError(f"there is no instance {named or 'in'} {region}".rstrip())
    return found


def start_agents(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Let agents answer."""
    values = Values(params)
    usual = Habits()
    count, talk = values.whole("per_queue", 1, MOST_AGENTS), values.seconds("talk_seconds")
    acw, accept = values.seconds("acw_seconds"), values.seconds("accept_seconds")
    live = world.connect.live
    habits = Habits(
        usual.per_queue if count is None else count,
        usual.talk if talk is None else talk,
        usual.acw if acw is None else acw,
        usual.accept if accept is None else accept,
    )
    with live.ground.resources.lock:
        instances = _instances(live, values)
        begun = [agent for instance in instances for agent in live.simulated.start(instance, habits)]
        return {"agents": [_agent(live, one) for one in begun]}


def stop_agents(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Let simulated agents sign out."""
    live = world.connect.live
    with live.ground.resources.lock:
        return {"stopped": sum(live.simulated.stop(one) for one in _instances(live, Values(params)))}


def agents(world: World, _params: dict[str, Any]) -> dict[str, Any]:
    """All who have signed in."""
    live = world.connect.live
    with live.ground.resources.lock:
        found = [one for one in live.roster.all() if one.is_staffed]
        found.sort(key=lambda one: (one.region, one.instance, one.synthetic, one.name))
        return {"agents": [_agent(live, one) for one in found]}


def _agent(live: LiveContacts, one: Agent) -> dict[str, Any]:
    instance = live.ground.resources.instances[one.instance]
    names = {queue: str(found.values["Name"]) for queue, found in instance.all("queue").items()}
    served = {queue for queue, _ in rules_of(instance, one).turns}
    return {
        "id": one.id,
        "name": one.name,
        "region": one.region,
        "instance": one.instance,
        "status": one.status.name,
        "since": one.since,
        "synthetic": one.synthetic,
        "simulated": one.simulated,
        "queues": sorted(names[queue] for queue in served if queue in names),
        "contacts": list(one.contacts),
        "answered": one.answered,
        "missed": one.missed,
    }
