"""Runbooks for what is not a lost region: replication that is late, and a state that is lost."""

from __future__ import annotations

import shlex

from sbctl.failover.guidance.procedure import Runbook, RunbookStep, procedure
from sbctl.failover.guidance.tools import RunbookTools
from sbctl.failover.kit.kit import FILE, Kit, KitRegion
from sbctl.failover.kit.publish import key_of


def replication_late(kit: Kit, source: KitRegion, target: KitRegion, tools: RunbookTools) -> Runbook:
    """What to do while a planned failover is refused for its lag."""
    steps = (
        RunbookStep(
            title="Measure it",
            commands=(f"sbctl verify-replication --from {source.region} --to {target.region} --samples 5",),
            expect=f"Each table and bucket with its lag; the objective is {kit.rules.objectives.rpo_seconds:.0f} s.",
            check="lag-known",
        ),
        RunbookStep(
            title="See what DynamoDB says of its replicas",
            commands=tuple(
                f"{tools.aws} dynamodb describe-table --region {source.region} --table-name {table} --query Table.Replicas"
                for table in source.tables
            ),
            expect="Every replica is ACTIVE.",
        ),
        RunbookStep(
            title="See what S3 says of its rules",
            commands=tuple(
                f"{tools.aws} s3api get-bucket-replication --region {source.region} --bucket {bucket}"
                for bucket in source.buckets
            ),
            expect="Every rule is Enabled, and its role exists.",
        ),
        RunbookStep(
            title="Put back what differs from the config",
            commands=("sbctl drift", "sbctl drift --revert"),
            expect="No drift in replicas, rules and roles.",
        ),
        RunbookStep(
            title="No planned failover meanwhile",
            why=f"It is refused above {kit.rules.guards.max_lag_seconds:.0f} s, and a forced one would lose what has not arrived.",
            commands=(f"sbctl failover --to {target.region} --dry-run",),
            expect="Refused by the guard for lag, as long as it lasts.",
        ),
    )
    when = "verify-replication or the alarm replication-lag says so."
    return procedure("replication-late", "Replication is late", when, source, target, steps)


def lost_state(kit: Kit, source: KitRegion, target: KitRegion, tools: RunbookTools) -> Runbook:
    """What to do where the state is missing or damaged."""
    copies = tuple(
        f"{tools.aws} s3 cp --region {one.region} s3://{one.buckets[0]}/{key_of(one.region)} {FILE}"
        for one in kit.by_priority
        if one.buckets
    )
    folder = shlex.quote(tools.state)
    steps = (
        RunbookStep(
            title="See what is left",
            commands=("sbctl state history", *([f"ls -l {folder} {folder}/generations"] if tools.state else [])),
            expect="Generations of the state, the newest last.",
        ),
        *_restored(tools),
        RunbookStep(
            title="Or rebuild it from what exists",
            why="Resources are known by their ownership tags and names; nothing is changed in AWS.",
            commands=("sbctl state rebuild", "sbctl plan"),
            expect="The plan is empty.",
            check="state-reads",
        ),
        RunbookStep(
            title="A failover needs no state meanwhile",
            why="Any region's bucket holds the kit; one that answers is enough.",
            commands=(*copies, f"sbctl failover --kit {FILE} --to {target.region} --dry-run"),
            expect="The decision is shown.",
        ),
    )
    when = "sbctl says that the state is missing or damaged."
    return procedure("lost-state", "The state is lost", when, source, target, steps)


def _restored(tools: RunbookTools) -> tuple[RunbookStep, ...]:
    if tools.serial is None:
        return ()
    return (
        RunbookStep(
            title="Restore the newest generation that can be read",
            commands=(f"sbctl state restore {tools.serial}",),
            expect="The state is the one of that generation.",
            check="state-reads",
        ),
    )
