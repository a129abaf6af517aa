"""The control actions on calls: to call, to answer what a flow asks, and to see how calls stand.

What they take and answer is in sbctl/sandbox/connect/contacts/control.py.
"""

from __future__ import annotations

import threading
from difflib import get_close_matches
from typing import Any

from sbctl.sandbox.connect.contacts.account.hub import LiveContacts
from sbctl.sandbox.connect.contacts.account.watching import Watch
from sbctl.sandbox.connect.contacts.control import CallState
from sbctl.sandbox.connect.contacts.live.calling import Refusal
from sbctl.sandbox.connect.contacts.live.progress import Progress, Script
from sbctl.sandbox.connect.store import Instance, bare
from sbctl.sandbox.http.control_values import Values, WrongValuesError
from sbctl.sandbox.world import World

STEP_SECONDS = 1.0
LONGEST_TURN_SECONDS = 3600.0
LOOK_SECONDS = 0.02
"""Real time after which a call is looked at again, while the clock runs."""
CHANNELS = ("VOICE", "CHAT", "TASK")
CALL_FIELDS = frozenset(
    {"number", "caller", "flow", "region", "instance", "presses", "says", "patience", "talk", "channel", "attributes"}
    | {"interactive"}
)
TURN_FIELDS = frozenset({"contact_id", "keys", "say", "hang_up", "wait_seconds"})


def call(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Begin a call, or another contact, as a customer."""
    values = Values(params)
    number, flow = values.text("number"), values.text("flow")
    values.check(bool(number) != bool(flow), "one of number and flow is needed")
    channel = values.one_of("channel", CHANNELS) or "VOICE"
    values.check(not number or channel == "VOICE", "only a call (VOICE) goes to a number")
    caller = values.number_called("caller") or "+12065550100"
    script_values = {
        "presses": values.keys("presses"),
        "says": values.texts("says"),
        "patience": values.seconds("patience"),
        "talk": values.seconds("talk"),
        "interactive": values.flag("interactive"),
    }
    attributes, region, instance = values.map("attributes"), values.text("region"), values.text("instance")
    values.done()
    live, script = world.connect.live, Script.of(script_values)
    with live.ground.resources.lock:
        if number:
            begun = live.calling.call(number, caller, script, attributes)
        else:
            where, named = _flow(live, flow, region, instance)
            customer = caller if channel == "VOICE" else ""
            begun = live.calling.reach(where, named, script, channel, customer=customer, attributes=attributes)  # type: ignore[arg-type]
        if isinstance(begun, Refusal):
            return {"contact_id": "", "region": begun.region, "outcome": "refused", "why": begun.why}
        live.watching.add(begun)
        return {"contact_id": begun.contact.id, "region": begun.contact.region, "outcome": "", "why": ""}


def _flow(live: LiveContacts, named: str, region: str, instance: str) -> tuple[Instance, str]:
    """The instance and the id of a flow that is named by id, ARN or name."""
    found = [
        (one, flow.id)
        for one in live.ground.resources.instances.values()
        if region in ("", one.region) and instance in ("", one.id, one.values.get("InstanceAlias"))
        if one.gone_at is None
        for flow in one.all("contact-flow").values()
        if named in (flow.id, flow.arn, flow.values["Name"]) or bare(named) == flow.id
    ]
    if not found:
        raise WrongValuesError(_no_flow(live, named, region))
    if len(found) > 1:
        where = ", ".join(sorted({f"{one.region}/{one.values.get('InstanceAlias') or one.id}" for one, _ in found}))
        raise WrongValuesError(f"several instances have the flow {named} ({where}): name region or instance")
    return found[0]


def _no_flow(live: LiveContacts, named: str, region: str) -> str:
    """Why no flow was found, with what there is in its place."""
    instances = [one for one in live.ground.resources.instances.values() if one.gone_at is None]
    regions = sorted({one.region for one in instances})
    if region and region not in regions:
        return f"there is no instance in {region}" + (f"; there are some in {', '.join(regions)}" if regions else "")
    names = {
        flow.values["Name"]
        for one in instances
        if region in ("", one.region)
        for flow in one.all("contact-flow").values()
    }
    near = get_close_matches(named, sorted(names), 1)
    return f"there is no flow {named}{f' in {region}' if region else ''}" + (
        f"; did you mean {near[0]}?" if near else ""
    )


def turn(world: World, params: dict[str, Any]) -> dict[str, Any]:
    """Do something in a call, let time pass, and tell what is new."""
    values = Values(params)
    named, keys, say = values.text("contact_id", needed=True), values.text("keys"), values.text("say")
    hang_up, wait = values.flag("hang_up"), values.seconds("wait_seconds") or 0.0
    values.check(bool(keys) + bool(say) + hang_up <= 1, "only one of keys, say and hang_up")
    values.check(not set(keys) - set("0123456789*#"), "keys are 0 to 9, * and #")
    values.check(wait <= LONGEST_TURN_SECONDS, f"wait_seconds is at most {LONGEST_TURN_SECONDS:.0f}")
    values.done()
    live = world.connect.live
    if not world.clock.speed:
        world.scheduler.run_due()
    with live.ground.resources.lock:
        watch = live.watching.find(named)
        if watch is None:
            raise WrongValuesError(f"there is no call {named}")
        if watch.progress.contact.ended is None:
            _do(live, watch.progress, keys, say, hang_up=hang_up)
    _pass(world, watch, wait)
    with live.ground.resources.lock:
        return dict(_state(live, watch))


def _do(live: LiveContacts, progress: Progress, keys: str, say: str, *, hang_up: bool) -> None:
    if keys:
        live.driver.keys(progress, keys)
    elif say:
        live.driver.words(progress, say)
    elif hang_up:
        live.ending.leave(progress, "CUSTOMER_DISCONNECT")


def _pass(world: World, watch: Watch, wait: float) -> None:
    """Let time pass until the call waits for its customer or is over; no longer than `wait`, in the world's seconds."""
    until = world.clock.seconds() + wait
    if not world.clock.speed:
        world.scheduler.run_due()
    pause = threading.Event()
    while not _is_asked(watch.progress) and (left := until - world.clock.seconds()) > 0:
        if world.clock.speed:
            pause.wait(min(LOOK_SECONDS, left / world.clock.speed))
        else:
            world.scheduler.advance(min(STEP_SECONDS, left))


def _is_asked(progress: Progress) -> bool:
    """Whether it is over, or waits for what comes by `call/turn`: keys and words of a script come with time."""
    if progress.state == "ended":
        return not progress.silent
    leg = progress.customer
    asks = leg is not None and leg.waiting is not None and leg.waiting.for_what in ("keys", "bot")
    return asks and progress.script.interactive


def _state(live: LiveContacts, watch: Watch) -> CallState:
    progress, contact = watch.progress, watch.progress.contact
    heard, watch.heard = watch.heard, []
    path, watch.path = watch.path, []
    now = live.ground.now()
    queue = live.ground.instance(contact).all("queue").get(contact.queue) if contact.queued is not None else None
    agent = live.roster.of(contact.instance).get(contact.agent)
    waited = 0.0 if contact.queued is None else (contact.dequeued or contact.ended or now) - contact.queued
    return {
        "contact_id": contact.id,
        "region": contact.region,
        "state": progress.state,
        "waiting_for": _waiting_for(progress),
        "heard": heard,
        "path": path,
        "queue": str(queue.values["Name"]) if queue is not None else "",
        "agent": agent.name if agent is not None and contact.queued is not None else "",
        "waited_seconds": waited,
        "outcome": progress.outcome if progress.state in ("ended", "connected") else "",
        "reason": contact.reason,
        "failure": progress.failure,
    }


def _waiting_for(progress: Progress) -> str:
    if progress.state in ("queued", "ringing"):
        return "queue"
    if progress.state == "connected":
        return "agent"
    leg = progress.customer
    if progress.state == "ended" or leg is None or leg.waiting is None:
        return ""
    wait = leg.waiting
    if wait.keys and (wait.words or wait.for_what == "bot"):
        return "keys or words"
    if wait.words or wait.for_what == "bot":
        return "words"
    return "keys" if wait.keys else "function" if wait.for_what == "function" else "time"


def calls(world: World, _params: dict[str, Any]) -> dict[str, Any]:
    """How calls stand."""
    live = world.connect.live
    with live.ground.resources.lock:
        return dict(live.overview.calls())
