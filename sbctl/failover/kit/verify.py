"""Whether a kit can be relied on: as old as the state, and the same as the copies in the regions' buckets. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.executors import MakeExecutor
from sbctl.core.problem import SbctlError
from sbctl.core.state import State
from sbctl.failover.kit.kit import FORMAT, Kit, read_kit
from sbctl.failover.kit.publish import key_of

CALLS: frozenset[str] = frozenset({"s3:GetObject"})
ABSENT = frozenset({"NoSuchKey", "NoSuchBucket", "404", "NotFound"})
Verdict = Literal["ok", "bad", "unknown"]


@dataclass(frozen=True)
class KitChecked:
    """One thing that was looked at."""

    check: str
    at: str
    verdict: Verdict
    detail: str

    def as_json(self) -> dict[str, Any]:
        return {"check": self.check, "at": self.at, "verdict": self.verdict, "detail": self.detail}


def verify_format(kit: Kit, at: str) -> KitChecked:
    """A kit that could be read has no unknown field; its format may be one that this version does not know."""
    known = kit.format <= FORMAT
    return KitChecked(
        "format", at, "ok" if known else "bad", f"format {kit.format}" + ("" if known else f", newer than {FORMAT}")
    )


def verify_serial(kit: Kit, state: State | None, at: str) -> KitChecked:
    """Whether the state has moved on since the kit was made."""
    if state is None or not state.lineage:
        return KitChecked("serial", at, "unknown", f"serial {kit.serial}; there is no state here to compare it with")
    if state.lineage != kit.lineage:
        return KitChecked("serial", at, "bad", "it was made from another state than the one here")
    older = state.serial > kit.serial
    return KitChecked("serial", at, "bad" if older else "ok", f"serial {kit.serial}, the state has {state.serial}")


def verify_endpoint(kit: Kit, here: str, at: str) -> KitChecked:
    """A kit of AWS in the sandbox, or the other way, has been refused; other endpoints may be one world by several names."""
    made = kit.endpoint or "aws"
    if made == here:
        return KitChecked("endpoint", at, "ok", f"of {made}, as this run is")
    return KitChecked("endpoint", at, "ok", f"of {made}; this run is of {here}, which may be another name for it")


def verify_copies(kit: Kit, calls: AwsCalls, make_executor: MakeExecutor) -> list[KitChecked]:
    """Each region's own copy; regions are asked side by side, so that one that hangs costs its time-out alone."""
    rows = [(region.region, region.buckets[0]) for region in kit.by_priority if region.buckets]
    with make_executor(max(1, len(rows)), "kit-copies") as workers:
        found = [workers.submit(_copy, kit, calls, region, bucket) for region, bucket in rows]
        return [one.result() for one in found]


def _copy(kit: Kit, calls: AwsCalls, region: str, bucket: str) -> KitChecked:
    at = f"s3://{bucket}/{key_of(region)}"
    try:
        answer = calls.call("s3", "GetObject", region, Bucket=bucket, Key=key_of(region))
        copy = read_kit(answer.get("Body", b""), at)
    except AwsError as error:
        if error.code in ABSENT:
            return KitChecked("copy", at, "bad", "there is no copy")
        return KitChecked("copy", at, "unknown", f"{error.code}: {error.message}")
    except SbctlError as error:
        return KitChecked("copy", at, "bad", error.problems[0].detail)
    other = sorted(name for name in Kit.model_fields if name != "made_at" and getattr(copy, name) != getattr(kit, name))
    if other:
        return KitChecked("copy", at, "bad", f"it differs in {', '.join(other)}")
    return KitChecked("copy", at, "ok", f"alike, made {copy.made_at:%Y-%m-%d %H:%M} UTC")
