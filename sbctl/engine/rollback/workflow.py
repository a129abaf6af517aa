"""A rollback: everything on disk before it is done, all regions side by side, each told for itself.

A run that was cut off, or did not reach every region, is gone on with by the same command: it means what that run meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.executors import MakeExecutor
from sbctl.core.kinds.resource import Kind
from sbctl.core.moving.run import Run
from sbctl.core.problem import SbctlError
from sbctl.core.state import Record
from sbctl.engine.rollback.act import Restored, marked, restore
from sbctl.engine.rollback.choose import Chooser, Target
from sbctl.engine.rollback.look import Site

RUN = "rollback"
WHOLE, PARTIAL = "done", "partial"


class Runs(Protocol):
    """The journals that a rollback writes."""

    def name(self, kind: Any) -> str: ...
    def begin(self, kind: Any, name: str, **data: Any) -> Run: ...
    def add(self, run: Run, what: Any, move: str = "", **data: Any) -> Run: ...
    def all(self) -> tuple[Run, ...]: ...


class Ledger(Protocol):
    """The part of the state's store that a rollback writes to."""

    def put(self, record: Record) -> None: ...


@dataclass(frozen=True)
class Order:
    """What is asked for: the resource by name, why, and by whom."""

    called: str
    reason: str
    by: str


@dataclass(frozen=True)
class Prepared:
    """What to publish in each region. `failed` are the regions that have nothing of it."""

    target: Target
    values: Mapping[str, Any]
    versions: Mapping[str, int]
    failed: tuple[Restored, ...]


def left_over(runs: Iterable[Run], called: str, records: Sequence[Record]) -> Run | None:
    """The last rollback of a resource, where it did not reach every region and nothing was deployed there since."""
    found = [run for run in runs if run.kind == RUN and run.order.get("name") == called]
    if not found or found[-1].result.get("outcome") == WHOLE or found[-1].status == "aborted":
        return None
    begun = found[-1].begun.world
    return None if any(one.updated_at is not None and one.updated_at > begun for one in records) else found[-1]


def prepare(chooser: Chooser, aws: AwsCalls, sites: Sequence[Site], target: Target) -> Prepared:
    """Read what each region has for the target. The first site is the one whose versions the target counts."""
    values, versions = {}, {}
    failed = []
    for site in sites:
        first = site is sites[0]
        try:
            values[site.region] = chooser.value(aws, site, target, first=first)
        except AwsError as error:
            failed.append(Restored(site.region, "failed", problems=(from_aws(error, at=site.record.address),)))
        except SbctlError as error:
            failed.append(Restored(site.region, "failed", problems=tuple(error.problems)))
        else:
            own = chooser.version(site, target, first=first)
            versions[site.region] = own.number if own else 0
    return Prepared(target, values, versions, tuple(failed))


class Rollback:
    """Carries one out. The caller holds the lock on the state."""

    def __init__(
        self, kind: Kind[Any, Any], aws: AwsCalls, ledger: Ledger, runs: Runs, make_executor: MakeExecutor
    ) -> None:
        self._kind = kind
        self._aws = aws
        self._ledger = ledger
        self._runs = runs
        self._crew = make_executor

    def carry_out(
        self, order: Order, prepared: Prepared, sites: Sequence[Site], missing: Sequence[str], now: datetime
    ) -> tuple[Run, list[Restored]]:
        """Publish, record and journal. `missing` are the regions that could not be looked at."""
        run = self._begin(order, prepared.target, sites, missing)
        said = {
            "to": str(prepared.target),
            "at": now.isoformat(),
            "run": run.id,
            "by": order.by,
            "reason": order.reason,
        }
        chosen = [site for site in sites if site.region in prepared.values]
        for site in chosen:
            # before the call: whatever kills this run, the plan says what is live there
            self._ledger.put(marked(self._kind, site.record, prepared.values[site.region], said))
            run = self._runs.add(run, "move-begun", site.region)
        results = list(prepared.failed)
        with self._crew(max(1, len(chosen)), "rollback") as crew:
            jobs = {crew.submit(self._restore, site, prepared): site for site in chosen}
            for job in as_completed(jobs):
                restored = job.result()
                results.append(restored)
                run = self._told(run, jobs[job], restored)
        whole = not missing and all(one.outcome != "failed" for one in results)
        return self._runs.add(run, "finished", outcome=WHOLE if whole else PARTIAL), results

    def _begin(self, order: Order, target: Target, sites: Sequence[Site], missing: Sequence[str]) -> Run:
        asked = {"name": order.called, "target": str(target), "reason": order.reason, "by": order.by}
        regions = sorted([*(site.region for site in sites), *missing])
        order_data = {**asked, "version": target.option, "regions": regions}
        for old in self._runs.all():
            if old.kind == RUN and old.status == "open" and old.order.get("name") == order.called:
                self._runs.add(old, "aborted", outcome="interrupted", why="another rollback took its place")
        return self._runs.begin(RUN, self._runs.name(RUN), order=order_data, source="")

    def _restore(self, site: Site, prepared: Prepared) -> Restored:
        value, version = prepared.values[site.region], prepared.versions[site.region]
        return restore(self._kind, self._aws, site, value, version)

    def _told(self, run: Run, site: Site, restored: Restored) -> Run:
        if restored.outcome != "failed":
            return self._runs.add(run, "move-done", site.region, outcome=restored.outcome)
        if restored.untouched:
            self._ledger.put(site.record)
        why = "; ".join(f"{problem.summary}: {problem.detail}" for problem in restored.problems)
        return self._runs.add(run, "move-failed", site.region, why=why)
