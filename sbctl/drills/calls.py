"""Callers of a drill: a simulation calls the numbers of the region that is left, and says by the second what they got.

Whatever is started is noted before, so that a restore can stop it, also after a kill; left alone, it ends by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import answers
from sbctl.core.moving.run import Run
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.drills.callers import Callers, CallersWanted, CallSimulator
from sbctl.drills.context import DrillContext, DrillRun, at_most
from sbctl.drills.fault_injection import LONGEST_SECONDS
from sbctl.drills.waits import pause

CALLS = frozenset({"connect:ListPhoneNumbersV2"})
"""Every operation that a drill's callers need: which numbers the region has."""
TALK_SECONDS, ACCEPT_SECONDS, AFTER_SECONDS = 15.0, 2.0, 1.0
SPARE_AGENTS = 3
PATIENCE_SECONDS = 120.0
"""How long a first answered caller is waited for, before anything is broken and after calls were to be re-routed."""
POLL_SECONDS = 2.0
COUNTED = ("answered", "served", "lost", "wrong_region", "waiting")


def numbers_of(aws: AwsCalls, region: str, instance: str) -> tuple[str, ...]:
    """The numbers claimed to an instance. Raises AwsError."""
    tokens = {"NextToken": "NextToken"}
    found = answers(aws, "connect", "ListPhoneNumbersV2", region, tokens, InstanceId=instance)
    return tuple(row["PhoneNumber"] for one in found for row in one.get("ListPhoneNumbersSummaryList", ()))


def start_callers(drill_run: DrillRun, run: Run, context: DrillContext) -> Run:
    """Start callers, and agents where there are none; wait until one was answered. Raises SbctlError where they are demanded."""
    wanted, simulator = context.callers, context.simulator
    if wanted is None or simulator is None or drill_run.level == "check":
        return run
    try:
        numbers = numbers_of(context.probes, drill_run.active, context.kit.region(drill_run.active).instance)
        if not numbers:
            raise SbctlError(no_numbers(drill_run.active))
        run = _started(drill_run, run, context, simulator, wanted, numbers)
    except (SbctlError, AwsError) as error:
        if wanted.demanded:
            raise
        drill_run.callers.note = str(error)
        return context.runs.add(run, "noted", phase="callers", text=f"no callers: {error}")
    _await_answered(drill_run, context, since=0, region="")
    return run


def _started(
    drill_run: DrillRun,
    run: Run,
    context: DrillContext,
    simulator: CallSimulator,
    wanted: CallersWanted,
    numbers: tuple[str, ...],
) -> Run:
    if not simulator.agents():
        run = context.runs.add(run, "noted", phase="callers", text="agents sign in for the drill", agents=True)
        each = wanted.rate / 60 * (TALK_SECONDS + ACCEPT_SECONDS + AFTER_SECONDS)
        simulator.start_agents(math.ceil(each) + SPARE_AGENTS, TALK_SECONDS, ACCEPT_SECONDS, AFTER_SECONDS)
    generator = simulator.start(wanted.rate, numbers, LONGEST_SECONDS, drill_run.active)
    text = f"{wanted.rate:g} calls a minute to {', '.join(numbers)}"
    run = context.runs.add(run, "noted", phase="callers", text=text, callers=generator)
    drill_run.callers = Callers(generator, numbers, wanted.rate)
    return run


def expect_callers(drill_run: DrillRun, context: DrillContext, region: str) -> None:
    """Traffic is ordered to a region: what is answered elsewhere is in the wrong one from now on."""
    if drill_run.callers.generator and context.simulator is not None:
        context.simulator.expect(drill_run.callers.generator, region)


def await_rerouted(drill_run: DrillRun, context: DrillContext) -> None:
    """Where a step of the user's own moves numbers: wait until a caller was answered in the target, or patience ends."""
    if drill_run.callers.generator and moves_numbers(context):
        broken = int(drill_run.figures.get("broken_at", 0))
        _await_answered(drill_run, context, since=broken, region=drill_run.target)


def moves_numbers(context: DrillContext) -> bool:
    """Whether something in this deployment moves numbers, so that callers are judged."""
    return any(step.moves_numbers and step.drills for step in context.kit.rules.steps)


def _await_answered(drill_run: DrillRun, context: DrillContext, since: int, region: str) -> None:
    waited = 0.0
    assert context.simulator is not None
    while waited < PATIENCE_SECONDS:
        rows = context.simulator.seconds(drill_run.callers.generator)
        if any(well(row) and row["second"] >= since and region in ("", row["region"]) for row in rows):
            return
        pause(drill_run, context, POLL_SECONDS, "a caller to be answered")
        waited += POLL_SECONDS


def finish_callers(drill_run: DrillRun, context: DrillContext) -> None:
    """Keep what callers got. A sandbox that says nothing any more leaves the drill without it, and that is said."""
    if not drill_run.callers.generator or context.simulator is None:
        return
    try:
        drill_run.callers.rows = context.simulator.seconds(drill_run.callers.generator)
    except SbctlError as error:
        drill_run.callers.note = str(error)


def stop_callers(run: Run, simulator: CallSimulator | None) -> None:
    """Stop what a drill's journal says that it has started. Raises SbctlError."""
    if simulator is None:
        return
    for event in run.events:
        if event.data.get("callers"):
            with suppress(SbctlError):  # of a world that is gone, or of a generator that has ended
                simulator.stop(str(event.data["callers"]))
    if any(event.data.get("agents") is True for event in run.events):
        simulator.stop_agents()


def well(row: Mapping[str, Any]) -> bool:
    """Whether a caller was answered in a second: by an agent, or by the flow to its end, as outside the hours of operation."""
    return bool(row["answered"] or row["served"])


def gap_seconds(rows: Iterable[Mapping[str, Any]], broken_at: float) -> float | None:
    """From the last caller that was answered before callers were lost to the first one that was answered after it.

    0: none was lost since `broken_at` (epoch seconds). None: none was answered before, or none again.
    """
    known = [*rows]
    lost = [int(row["second"]) for row in known if row["lost"] and row["second"] >= int(broken_at)]
    if not lost:
        return 0.0
    answered = sorted({int(row["second"]) for row in known if well(row)})
    before = [second for second in answered if second < min(lost)]
    after = [second for second in answered if second > min(lost)]
    return float(after[0] - before[-1]) if before and after else None


def told_callers(drill_run: DrillRun, context: DrillContext, begun: float) -> dict[str, Any]:
    """The figures for the drill's data. `begun` is when it began, in epoch seconds of the world."""
    callers = drill_run.callers
    if not callers.generator:
        return {"callers": None, "callers_rto_seconds": None, "callers_note": callers.note}
    judged = moves_numbers(context) and drill_run.drill.act in ("failover", "half-done", "watch")
    broken = drill_run.figures.get("broken_at", begun)
    gap = gap_seconds(callers.rows, broken)
    if judged:
        drill_run.limits.append(at_most("callers answered again", gap, context.kit.rules.objectives.rto_seconds))
    rows = [
        {
            "at_seconds": round(int(row["second"]) - begun, 3),
            "region": row["region"],
            **{name: row[name] for name in COUNTED},
        }
        for row in callers.rows
    ]
    return {
        "callers": {
            "rate_per_minute": callers.rate,
            "numbers": [*callers.numbers],
            "judged": judged,
            **{name: sum(int(row[name]) for row in callers.rows) for name in COUNTED if name != "waiting"},
            "seconds": rows,
        },
        "callers_rto_seconds": gap,
        "callers_note": callers.note,
    }


def no_numbers(region: str) -> Problem:
    """Why there are no callers."""
    return Problem(
        code="no-numbers",
        summary="There is no number that callers could call",
        detail=f"no number is claimed to the instance in {region}",
        at=region,
        fix="Claim a number in the config (numbers) and deploy, or drill with --no-callers.",
        exit=Exit.REFUSED,
    )
