"""Runbooks: what the one on call does, step by step, with this deployment's names and ids in every line.

Each step says what is expected of it, and names the check that tells whether it came true, so that it can be walked through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from sbctl.core.spec import Frozen
from sbctl.failover.decision.not_moved import not_moved
from sbctl.failover.decision.request import Order
from sbctl.failover.decision.snapshot import RegionView, World
from sbctl.failover.kit.kit import FILE, Kit, KitRegion
from sbctl.failover.mechanism import mechanism_named
from sbctl.failover.signal import Signal

Expectation = Literal[
    "",
    "source-bad",
    "target-healthy",
    "dns-on-target",
    "signal-on-target",
    "lag-known",
    "no-open-run",
    "open-run",
    "state-reads",
]


class Step(Frozen):
    """One step: what to do and why, the commands, what to expect, and the check that tells whether it came true."""

    title: str
    why: str = ""
    commands: tuple[str, ...] = ()
    expect: str = ""
    check: Expectation = ""


class Runbook(Frozen):
    """A procedure. `source` and `target` are the regions that its lines speak of."""

    name: str
    title: str
    when: str
    source: str
    target: str
    steps: tuple[Step, ...]


def runbook(name: str, kit: Kit, source: str, target: str) -> Runbook:
    """One runbook for these two regions. KeyError when there is none of that name."""
    return RUNBOOKS[name](kit, kit.region(source), kit.region(target))


def _region_down(kit: Kit, source: KitRegion, target: KitRegion) -> Runbook:
    force = f'sbctl failover --to {target.region} --from {source.region} --mode forced --yes --reason "…"'
    steps = (
        Step(
            title=f"See whether {source.region} is really lost",
            why="Two sources should agree: your own look, and the health function's answer.",
            commands=("sbctl status", f"curl -m 3 -i https://{source.health_host}/health"),
            expect=f"{source.region} is failing or silent.",
            check="source-bad",
        ),
        Step(
            title=f"See whether {target.region} can take over",
            commands=(f"curl -m 3 -i https://{target.health_host}/health", f"sbctl doctor --to {target.region}"),
            expect=f"{target.region} answers 200.",
            check="target-healthy",
        ),
        Step(
            title="Look at what the failover would do and may lose",
            commands=(f"sbctl failover --to {target.region} --mode forced --dry-run",),
            expect="The decision goes ahead; read the data that may be lost aloud to whoever decides.",
        ),
        Step(
            title=f"Move traffic to {target.region}",
            why=f"It asks nothing of {source.region}, nor of Route 53's and IAM's APIs.",
            commands=(
                force,
                f"sbctl failover --kit {FILE} --to {target.region} --mode forced   # without config or state",
            ),
            expect="It ends with: finished.",
            check="signal-on-target",
        ),
        *_by_hand(kit, source, target),
        Step(
            title="See that callers' tools get there",
            commands=(f"dig {kit.public_name} {kit.record_type} +noall +answer",),
            expect=f"The answer is {', '.join(target.answers)}; caches follow within {kit.rules.ttl_seconds} s.",
            check="dns-on-target",
        ),
        *_rest(kit, source, target),
        Step(
            title="Afterwards",
            commands=("sbctl history", "sbctl failback --dry-run", "sbctl failback"),
            expect=f"Back on {source.region} once lag, parity and health hold.",
        ),
    )
    when = f"{source.region} does not answer, or answers badly, and callers notice."
    return _book("region-down", f"{source.region} is down", when, source, target, steps)


def _by_hand(kit: Kit, source: KitRegion, target: KitRegion) -> tuple[Step, ...]:
    """The same moves with the AWS CLI alone, for when sbctl is not at hand."""
    if not kit.signal_table:
        return ()
    order = Order(target=target.region, source=source.region, mode="forced", by="by-hand", reason="by hand")
    views = tuple(
        RegionView(region=one.region, health="unknown", signal=Signal(), at=kit.made_at) for one in kit.by_priority
    )
    world = World(at=kit.made_at, active=source.region, active_how="", regions=views)
    wanted = Signal(region=order.target, generation=1, run="by-hand", by=order.by, at=kit.made_at.isoformat())
    steps = mechanism_named(order.mechanism).steps(order, kit, world, wanted)
    look = (
        f"aws dynamodb get-item --region {target.region} --table-name {kit.signal_table} --consistent-read"
        ' --key \'{"PK":{"S":"TAKEOVER"},"SK":{"S":"SIGNAL"}}\''
    )
    lines = [str(call["aws_cli"]) for step in steps for call in step.calls if "aws_cli" in call]
    return (
        Step(
            title="Or by hand, where sbctl cannot run",
            why="If the item is there already, raise its generation by one and make that the condition.",
            commands=(look, *lines, f"curl -m 3 -i https://{target.health_host}/takeover"),
            expect="The last line answers 200.",
        ),
    )


def _rest(kit: Kit, source: KitRegion, target: KitRegion) -> tuple[Step, ...]:
    order = Order(target=target.region, source=source.region, mode="forced")
    return tuple(
        Step(
            title=f"See to what did not move: {one.what}",
            why=f"{one.state[0].upper()}{one.state[1:]}.",
            expect=one.action,
        )
        for one in not_moved(kit, order, source.region)
    )


def _replication_late(kit: Kit, source: KitRegion, target: KitRegion) -> Runbook:
    steps = (
        Step(
            title="Measure it",
            commands=(f"sbctl verify-replication --from {source.region} --to {target.region} --samples 5",),
            expect=f"Each table and bucket with its lag; the objective is {kit.rules.objectives.rpo_seconds:.0f} s.",
            check="lag-known",
        ),
        Step(
            title="See what DynamoDB says of its replicas",
            commands=tuple(
                f"aws dynamodb describe-table --region {source.region} --table-name {table} --query Table.Replicas"
                for table in source.tables
            ),
            expect="Every replica is ACTIVE.",
        ),
        Step(
            title="See what S3 says of its rules",
            commands=tuple(
                f"aws s3api get-bucket-replication --region {source.region} --bucket {bucket}"
                for bucket in source.buckets
            ),
            expect="Every rule is Enabled, and its role exists.",
        ),
        Step(
            title="Put back what differs from the config",
            commands=("sbctl drift", "sbctl drift --revert"),
            expect="No drift in replicas, rules and roles.",
        ),
        Step(
            title="No planned failover meanwhile",
            why=f"It is refused above {kit.rules.guards.max_lag_seconds:.0f} s, and a forced one would lose what has not arrived.",
            commands=(f"sbctl failover --to {target.region} --dry-run",),
            expect="Refused by the guard for lag, as long as it lasts.",
        ),
    )
    when = "verify-replication or the alarm replication-lag says so."
    return _book("replication-late", "Replication is late", when, source, target, steps)


def _half_done(kit: Kit, source: KitRegion, target: KitRegion) -> Runbook:
    third = [one for one in kit.by_priority if one.region not in (source.region, target.region)]
    look = tuple(
        f"aws dynamodb get-item --region {one.region} --table-name {kit.signal_table} --consistent-read"
        ' --key \'{"PK":{"S":"TAKEOVER"},"SK":{"S":"SIGNAL"}}\''
        for one in kit.by_priority
    )
    steps = (
        Step(
            title="Find the open run",
            commands=("sbctl status", "sbctl history", "sbctl history show RUN"),
            expect="One run is open; its last event says where it stopped.",
            check="open-run",
        ),
        Step(
            title="See whom the signal names",
            why="The run's journal is on the machine where it was begun; the signal is in every region.",
            commands=look if kit.signal_table else (),
            expect="All regions that answer name the same region, with the run's name beside it.",
        ),
        Step(
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
        Step(
            title="See where traffic is",
            commands=(f"dig {kit.public_name} {kit.record_type} +noall +answer", "sbctl status"),
            expect=f"One of {', '.join(one.region for one in kit.by_priority)}, and it is healthy.",
        ),
    )
    when = "sbctl status shows an open failover: its process was killed, or it was paused."
    return _book("half-done-failover", "A failover stands half done", when, source, target, steps)


def _lost_state(kit: Kit, source: KitRegion, target: KitRegion) -> Runbook:
    copies = tuple(
        f"aws s3 cp --region {one.region} s3://{one.buckets[0]}/sbctl/kit/{one.region}.json {FILE}"
        for one in kit.by_priority
        if one.buckets
    )
    steps = (
        Step(
            title="See what is left",
            commands=("sbctl state history", "ls -l state/ state/generations/"),
            expect="Generations of the state, the newest last.",
        ),
        Step(
            title="Restore the newest generation that can be read",
            commands=("sbctl state restore SERIAL",),
            expect="The state is the one of that generation.",
            check="state-reads",
        ),
        Step(
            title="Or make it anew from what exists",
            why="Resources are known by their ownership tags and names; nothing is changed in AWS.",
            commands=("sbctl state rebuild", "sbctl plan"),
            expect="The plan is empty.",
            check="state-reads",
        ),
        Step(
            title="A failover needs no state meanwhile",
            why="Any region's bucket holds the kit.",
            commands=(*copies, f"sbctl failover --kit {FILE} --to {target.region} --dry-run"),
            expect="The decision is shown.",
        ),
    )
    when = "sbctl says that the state is missing or damaged."
    return _book("lost-state", "The state is lost", when, source, target, steps)


def _book(name: str, title: str, when: str, source: KitRegion, target: KitRegion, steps: tuple[Step, ...]) -> Runbook:
    return Runbook(name=name, title=title, when=when, source=source.region, target=target.region, steps=steps)


RUNBOOKS: Mapping[str, Callable[[Kit, KitRegion, KitRegion], Runbook]] = {
    "region-down": _region_down,
    "replication-late": _replication_late,
    "half-done-failover": _half_done,
    "lost-state": _lost_state,
}
