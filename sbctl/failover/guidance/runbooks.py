"""Runbooks: what the one on call does, step by step, with this deployment's names and ids in every line.

Each step says what is expected of it, and names the check that tells whether it came true, so that it can be walked through.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping

from sbctl.failover.arrival import arrival
from sbctl.failover.decision.not_moved import not_moved
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.guidance.procedure import Expectation as Expectation
from sbctl.failover.guidance.procedure import Runbook as Runbook
from sbctl.failover.guidance.procedure import RunbookStep, procedure
from sbctl.failover.guidance.repairs import lost_state, replication_late
from sbctl.failover.guidance.tools import RunbookTools, give_signal, read_signal
from sbctl.failover.kit.kit import Kit, KitRegion
from sbctl.failover.own.placing import in_mode, with_own

AWS_ITSELF = RunbookTools()


def runbook(name: str, kit: Kit, source: str, target: str, tools: RunbookTools = AWS_ITSELF) -> Runbook:
    """One runbook for these two regions. KeyError when there is none of that name."""
    return RUNBOOKS[name](kit, kit.region(source), kit.region(target), tools)


def _region_down(kit: Kit, source: KitRegion, target: KitRegion, tools: RunbookTools) -> Runbook:
    move = f"failover --to {target.region} --from {source.region} --mode forced"
    reason = f'--yes --reason "{source.region} is lost"'
    by_kit = [f"sbctl {move} --kit {shlex.quote(tools.kit)} {reason}"] if tools.kit else []
    steps = (
        RunbookStep(
            title=f"See whether {source.region} is really lost",
            why="Two sources should agree: your own look, and the health function's answer.",
            commands=("sbctl status", tools.get(source.health_host, "/health")),
            expect=f"{source.region} is failing or silent.",
            check="source-bad",
        ),
        RunbookStep(
            title=f"See whether {target.region} can take over",
            commands=(tools.get(target.health_host, "/health"), f"sbctl doctor --to {target.region}"),
            expect=f"{target.region} answers 200.",
            check="target-healthy",
        ),
        RunbookStep(
            title="Look at what the failover would do and may lose",
            commands=(f"sbctl failover --to {target.region} --mode forced --dry-run",),
            expect="The decision goes ahead; read the data that may be lost aloud to the person who decides.",
        ),
        RunbookStep(
            title=f"Move traffic to {target.region}",
            why=f"It asks nothing of {source.region}, nor of Route 53's and IAM's APIs."
            + (
                " By its kit it needs neither config nor state: the second line, where the first one fails."
                if by_kit
                else ""
            ),
            commands=(f"sbctl {move} {reason}", *by_kit),
            expect="It ends with: finished.",
            check="signal-on-target",
        ),
        *_by_hand(kit, target, tools),
        *_own(kit, source, target),
        RunbookStep(
            title="See that callers' tools get there",
            commands=(tools.dig(kit.public_name, kit.record_type),),
            expect=f"The answer is {', '.join(target.answers)}; caches follow within {kit.rules.ttl_seconds} s.",
            check="dns-on-target",
        ),
        *_rest(kit, source, target),
        RunbookStep(
            title="Afterwards",
            commands=("sbctl history", "sbctl failback --dry-run", "sbctl failback"),
            expect=f"Back on {source.region} once lag, parity and health hold.",
        ),
    )
    when = f"{source.region} does not answer, or answers badly, and callers notice."
    return procedure("region-down", f"{source.region} is down", when, source, target, steps)


def _by_hand(kit: Kit, target: KitRegion, tools: RunbookTools) -> tuple[RunbookStep, ...]:
    """The same move with the AWS CLI alone, for when sbctl is not at hand."""
    if not kit.signal_table:
        return ()
    return (
        RunbookStep(
            title="Or by hand, where sbctl cannot run",
            why="In one shell, one after the other: the second line writes the generation after the one that the first has read.",
            commands=(
                *give_signal(tools, kit, target.region),
                tools.get(next(iter(target.signal_hosts), ""), "/takeover"),
            ),
            expect="The last line answers 200, after some seconds.",
        ),
    )


def _own(kit: Kit, source: KitRegion, target: KitRegion) -> tuple[RunbookStep, ...]:
    """What the forced move starts beside itself, and what to do by hand where it failed or sbctl cannot run."""
    order = FailoverRequest(target=target.region, source=source.region, mode="forced")
    return tuple(
        RunbookStep(
            title=f"See that your own step is done: {step.name}",
            why=f"The failover starts it beside the move, and is not held up by it: {step.title}.",
            commands=("sbctl history show",),
            expect=f"{step.name} is done; else do by hand what it does.",
        )
        for step in in_mode(with_own((arrival(order, kit),), order, kit, source.region), order.mode)
        if step.own
    )


def _rest(kit: Kit, source: KitRegion, target: KitRegion) -> tuple[RunbookStep, ...]:
    order = FailoverRequest(target=target.region, source=source.region, mode="forced")
    return tuple(
        RunbookStep(
            title=f"See to what did not move: {one.what}",
            why=f"{one.state[0].upper()}{one.state[1:]}.",
            expect=one.action,
        )
        for one in not_moved(kit, order, source.region)
    )


def _half_done(kit: Kit, source: KitRegion, target: KitRegion, tools: RunbookTools) -> Runbook:
    third = [one for one in kit.by_priority if one.region not in (source.region, target.region)]
    look = tuple(read_signal(tools, kit, one.region) for one in kit.by_priority)
    steps = (
        RunbookStep(
            title="Find the open run",
            commands=("sbctl status", "sbctl history", "sbctl history show"),
            expect="One run is open; its last event says where it stopped.",
            check="open-run",
        ),
        RunbookStep(
            title="See whom the signal names",
            why="The run's journal is on the machine where it was begun; the signal is in every region.",
            commands=look if kit.signal_table else (),
            expect="All regions that answer name the same region, with the run's name beside it.",
        ),
        RunbookStep(
            title="Go on, or take it back",
            why="Resume when the reason for the failover stands; abort when it does not; go elsewhere when its target is lost too.",
            commands=(
                "sbctl failover --resume",
                "sbctl failover --resume --mode forced",
                "sbctl failover --abort",
                *(f"sbctl failover --to {one.region} --mode forced" for one in third[:1]),
            ),
            expect="The run is finished or aborted.",
            check="no-open-run",
        ),
        RunbookStep(
            title="See where traffic is",
            commands=(tools.dig(kit.public_name, kit.record_type), "sbctl status"),
            expect=f"One of {', '.join(one.region for one in kit.by_priority)}, and it is healthy.",
        ),
    )
    when = "sbctl status shows an open failover: its process was killed, or it was paused."
    return procedure("half-done-failover", "A failover stands half done", when, source, target, steps)


RUNBOOKS: Mapping[str, Callable[[Kit, KitRegion, KitRegion, RunbookTools], Runbook]] = {
    "region-down": _region_down,
    "replication-late": replication_late,
    "half-done-failover": _half_done,
    "lost-state": lost_state,
}
