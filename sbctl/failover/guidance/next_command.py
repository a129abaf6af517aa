"""The one command that is most worth running now, as a table of rules: the first that has something to say counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sbctl.core.moving.run import Run, open_run
from sbctl.failover.decision.observe import THROTTLED
from sbctl.failover.guidance.looks import CALLER
from sbctl.failover.guidance.signal_copies import COPY, about_open
from sbctl.failover.kit.kit import Kit

DAY = 86400.0
PROOF_DAYS = 1.0
"""How old the last verify-replication may be before it is time for another."""
MONTH_DAYS = 30.0
SICK = ("failing", "silent")
SIGN_IN = "aws sso login"
WATCH = "sbctl status --watch"
DEPLOY = "sbctl deploy --region all"
KIT_CHECKS = frozenset({"failover-kit", "failover-kit-copy"})


@dataclass(frozen=True)
class Situation:
    """What the rules look at: the overview's data, and the runs. `shared`: every healthy region serves."""

    kit: Kit
    data: Mapping[str, Any]
    runs: Sequence[Run]
    shared: bool

    @property
    def health(self) -> dict[str, str]:
        return {row["region"]: row["health"] for row in self.data["regions"]}

    @property
    def active(self) -> str:
        return str(self.data["active"] or "")

    @property
    def away(self) -> bool:
        """Whether traffic is in another region than it should be when all are well."""
        return bool(self.active) and self.active != self.kit.primary.region and not self.shared

    def wrong(self, check: str, *verdicts: str) -> list[Mapping[str, Any]]:
        """What is wrong by a check."""
        rows = [row for row in self.data["faults"] if row.get("check") == check]
        return [row for row in rows if not verdicts or row["verdict"] in verdicts]


NEEDS_PROJECT = frozenset({"deploy", "doctor", "drift", "parity", "plan", "verify-replication"})
"""Commands that read the config."""
Rule = Callable[[Situation], str]


def next_command(kit: Kit, data: Mapping[str, Any], runs: Sequence[Run], *, shared: bool) -> str:
    """What the first rule says that has something to say."""
    now = Situation(kit, data, runs, shared)
    return next((line for rule in RULES if (line := rule(now))), "sbctl doctor")


def without_project(line: str) -> str:
    """The next command where a kit is all there is: one that reads the project could not be run."""
    words = line.split()
    return "sbctl kit verify" if len(words) > 1 and words[1] in NEEDS_PROJECT else line


def keeping_order(kit: Kit, active: str, signal: str | None, health: Mapping[str, str]) -> str:
    """The order that keeps traffic where health checks alone have moved it from a sick primary; "" where they have not."""
    home = kit.primary.region
    moved = active not in ("", home) and signal != active and not (kit.shared and not signal)
    return (
        f"sbctl failover --to {active} --mode forced" if moved and health.get(home) in SICK and kit.signal_table else ""
    )


def takes_over(kit: Kit, health: Mapping[str, str], leaving: str) -> str:
    """The region to move traffic to: the first healthy one by priority that is not left; "" where none is healthy."""
    fits = (one.region for one in kit.by_priority if one.region != leaving)
    return next((code for code in fits if health.get(code) == "healthy"), "")


def _signed_out(now: Situation) -> str:
    """Without credentials no command that helps can do anything; endpoints and DNS answer all the same."""
    return SIGN_IN if any(SIGN_IN in row["fix"] for row in now.wrong(CALLER)) else ""


def _under_way(now: Situation) -> str:
    """Another process works on the open run: it would keep everybody else out."""
    return WATCH if now.data["at_work"] and (now.data["open_failover"] or now.data["open_drill"]) else ""


def _open_run(now: Situation) -> str:
    """A failover that stands half done; a drill's own is taken back with the drill."""
    pending, drill = open_run(now.runs), now.data["open_drill"]
    if pending is None:
        return ""
    if drill is not None and drill["failover"] == pending.id:
        return "sbctl drill restore"
    return about_open(now.kit, pending, now.data, now.health)


def _killed_drill(now: Situation) -> str:
    """What a drill has broken it mends; a region that it did not break is lost in earnest, and that comes first."""
    drill = now.data["open_drill"]
    if drill is None:
        return ""
    lost = _active_lost(now) if not drill["breaks"] else ""
    return lost if lost.startswith("sbctl failover") else "sbctl drill restore"


def _nobody_looked(now: Situation) -> str:
    return "sbctl status" if now.data["age_seconds"] is None else ""


def _unserved(now: Situation) -> str:
    """Where DNS names no region and none is well: regions that all answer badly have no deployment; else look closer."""
    health = {*now.health.values()}
    if now.active or "healthy" in health or not health & {*SICK}:
        return ""
    return DEPLOY if health == {"failing"} else "sbctl doctor"


def _active_lost(now: Situation) -> str:
    if not now.active or now.shared or now.health.get(now.active) not in SICK:
        return ""
    fit = takes_over(now.kit, now.health, now.active)
    return f"sbctl failover --to {fit} --mode forced" if fit else "sbctl doctor"


def _stale_copy(now: Situation) -> str:
    return next((str(row["fix"]) for row in now.wrong(COPY, "bad") if row["fix"]), "")


def _kept_by_health_alone(now: Situation) -> str:
    """Traffic has left the primary by health checks alone: an order keeps it where it is until the primary is sound."""
    return keeping_order(now.kit, now.active, now.data["signal"], now.health) if now.data["ordered"] is None else ""


def _way_home(now: Situation) -> str:
    home = now.kit.primary.region
    if not now.away or now.health.get(home) != "healthy":
        return ""
    if any(row["region"] == home and row["detail"] == THROTTLED for row in now.data["regions"]):
        return "sbctl doctor"  # its health checks would send traffic away again
    undone = {run.order.get("undoes") for run in now.runs if run.kind == "failback" and run.status == "finished"}
    # Where the region of an order is sick and traffic has gone on from there, that order is nothing to return from.
    there = [run for run in now.runs if run.order.get("target") == now.active and run.id not in undone]
    ended = [run for run in there if run.kind == "failover" and run.status == "finished"]
    if not ended and not now.data["ordered"]:
        return "sbctl doctor"  # by health checks alone: it returns by itself
    cooling = _cooling(now)
    if cooling and cooling in {run.id for run in ended}:
        return f"sbctl history ack {cooling}"
    return "sbctl failback --override cooldown" if cooling else "sbctl failback"


def _cooling(now: Situation) -> str:
    """The run of the order whose cooldown lasts, which holds a return up; "" for none, or one that was acknowledged."""
    ordered = now.data["ordered"]
    if not ordered or ordered["age_seconds"] is None:
        return ""
    settled = {run.id for run in now.runs if run.acknowledged}
    lasts = ordered["age_seconds"] < now.kit.rules.guards.cooldown_seconds and ordered["run"] not in settled
    return str(ordered["run"]) if lasts else ""


def _no_answer(now: Situation) -> str:
    """DNS says nothing, or what is no region's: a record that somebody changed is drift."""
    if now.active or now.shared:
        return ""
    return "sbctl drift" if now.data["dns_answer"] else "sbctl doctor"


def _some_lost(now: Situation) -> str:
    """A region is lost and traffic is safe elsewhere: nothing that needs it can be proven until it is back."""
    if not {*now.health.values()} & {*SICK}:
        return ""
    return WATCH if now.away and now.health.get(now.kit.primary.region) in SICK else "sbctl doctor"


def _unseen(now: Situation) -> str:
    """A region of which only an older look knows how it is."""
    return "sbctl status" if "unknown" in now.health.values() and _asked(now) else ""


def _asked(now: Situation) -> bool:
    return any(region.health_host for region in now.kit.regions if now.health.get(region.region) == "unknown")


def _stale_kit(now: Situation) -> str:
    return DEPLOY if any(now.wrong(check, "bad") for check in sorted(KIT_CHECKS)) else ""


def _proofs(now: Situation) -> str:
    for name in ("verify-replication", "parity"):
        proof = now.data["proofs"].get(name)
        if proof is None or proof["verdict"] != "ok" or proof["overtaken"] or proof["age_seconds"] > PROOF_DAYS * DAY:
            return f"sbctl {name}"
    return "sbctl drift" if now.wrong("drift", "bad") else ""


def _drill(now: Situation) -> str:
    drill = now.data["last_drill"]
    old = drill is None or drill["age_seconds"] > drill_days(now.kit) * DAY or drill["outcome"] != "held"
    return "sbctl drill run region-loss" if old else ""


def drill_days(kit: Kit) -> float:
    """How often the rules want a drill."""
    return min((rule.every_days for rule in kit.rules.drills), default=MONTH_DAYS)


RULES: tuple[Rule, ...] = (
    _signed_out,
    _under_way,
    _open_run,
    _killed_drill,
    _nobody_looked,
    _unserved,
    _active_lost,
    _stale_copy,
    _kept_by_health_alone,
    _way_home,
    _unseen,
    _no_answer,
    _some_lost,
    _stale_kit,
    _proofs,
    _drill,
)
