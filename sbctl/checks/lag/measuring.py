"""What every measurement is given: the clients, the clocks, the ledger of canaries, and how long to wait."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import NEVER_SENT, AwsError
from sbctl.core.aws.problem import from_aws, unknown_caller
from sbctl.core.clock import Clock
from sbctl.core.events import Listener, silent
from sbctl.core.executors import MakeExecutor, threads
from sbctl.core.problem import Exit
from sbctl.core.reading import Reading, Verdict
from sbctl.store.canaries import CanaryLedger


@dataclass(frozen=True)
class Measuring:
    """How to measure. `aws` must let no writes through but those of canaries (aws/layers/guards.py CanaryOnly).

    Lags and `timeout` are seconds of `world`'s time; looks are paced, and readings stamped, by `clock`. Regions in `avoid` are
    never called: what canaries leave there stays in the ledger.
    """

    aws: AwsCalls
    world: Clock
    clock: Clock
    ledger: CanaryLedger
    rpo: float
    timeout: float
    account: str
    samples: int = 1
    listen: Listener = silent
    stop: threading.Event = field(default_factory=threading.Event)
    avoid: frozenset[str] = frozenset()
    make_executor: MakeExecutor = threads


@dataclass(frozen=True)
class Found:
    """A check's finding before it is stamped."""

    value: float | str | None
    verdict: Verdict
    detail: str = ""
    fix: str = ""
    exit: Exit = Exit.NOT_HELD


ABSENT = {"ResourceNotFoundException": "replica", "TableNotFoundException": "replica", "NoSuchBucket": "bucket"}


def absent(noun: str, region: str) -> Found:
    """The finding where a region lacks what is to be looked at; in the same words whichever check finds it."""
    return Found("missing", "bad", f"there is no {noun} in {region}", f"sbctl deploy --region {region}")


def unasked(error: AwsError) -> Found:
    """The finding of a check that AWS did not let us make: unknown, with the region named; never healthy.

    Where there is nothing to be looked at, that is bad.
    """
    if error.code in ABSENT:
        return absent(ABSENT[error.code], error.region)
    if error.unreachable:
        fix = f"Ask again when {error.region} answers; if traffic is there and it is lost: sbctl failover"
        return Found(None, "unknown", f"{error.region} does not answer", fix)
    found = not_let(error, f"Allow {' and '.join(error.permissions)} to this caller.")
    if found is not None:
        return found
    return Found(
        None, "unknown", answered(error), "Run it again; when it stays, look at the service's health in that region."
    )


def not_let(error: AwsError, permission: str) -> Found | None:
    """The finding where the caller, or this machine, keeps the check from being made; None where AWS does.

    `permission` is what to do where a permission is missing. A region that is not enabled is no fault of the caller.
    """
    caller = unknown_caller(error)
    if caller is not None:
        return Found(None, "unknown", *caller, exit=Exit.NOT_HELD if error.not_enabled else Exit.CREDENTIALS)
    if error.denied:
        return Found(None, "unknown", answered(error), permission, Exit.CREDENTIALS)
    if error.code in NEVER_SENT:
        problem = from_aws(error)
        return Found(None, "unknown", f"{problem.summary}: {error.message}", problem.fix, problem.exit)
    return None


def answered(error: AwsError) -> str:
    """The call and AWS's answer."""
    return f"{error.service}:{error.operation} in {error.region} answered {error.code}: {error.message}".rstrip(": ")


def reading(
    on: Measuring, check: str, found: Found, subject: str, source: str = "", target: str = "", unit: str = ""
) -> Reading:
    """A finding as a reading, stamped now."""
    return Reading(
        check=check,
        subject=subject,
        source=source,
        target=target,
        value=found.value,
        unit=unit,
        verdict=found.verdict,
        at=on.clock.now(),
        detail=found.detail,
        fix=found.fix,
        exit=found.exit,
    )
