"""What `sbctl failover --rejoin REGION` does: look at the copies of the signal, ask, put the region's own in order."""

from __future__ import annotations

from sbctl.app import App
from sbctl.cli.confirm import confirm_typed
from sbctl.cli.keep_readings import keep_look
from sbctl.commands.failover.inputs import eyes_of, usage
from sbctl.commands.kit.caller import check_caller
from sbctl.core.problem import SbctlError
from sbctl.core.report import Report
from sbctl.failover.data.failover import RejoinTold
from sbctl.failover.decision.observe import look
from sbctl.failover.execution.rejoin import carry_out, examine
from sbctl.failover.kit.kit import Kit
from sbctl.failover.signal import Signal
from sbctl.ui.views import RejoinShown


def rejoined(app: App, kit: Kit, region: str, *, dry_run: bool) -> Report:
    """The caller holds the lock on the runs."""
    known = [one.region for one in kit.by_priority]
    if region not in known:
        raise SbctlError(
            usage("--rejoin", f"{region!r} is none of {', '.join(known)}", f"sbctl failover --rejoin {known[-1]}")
        )
    check_caller(app, kit, region)
    observer = eyes_of(app, kit)
    found = examine(observer, kit, region)
    wrote = False
    if not dry_run:
        if found.stale:
            said = f"The signal in {region} {_says(found.own)}; it will be: {_says(found.newest)}."
            confirm_typed(app.settings, app.listen, said, region)
        wrote = carry_out(observer, kit, found, app.runs)
    keep_look(app, look(observer, kit), observer.world.now())
    data = RejoinTold(region=region, before=found.own, newest=found.newest, stale=found.stale, written=wrote)
    return Report(command="failover", data=data.as_json(), view=RejoinShown(data))


def _says(signal: Signal) -> str:
    return f"names {signal.region or 'nobody'} (run {signal.run or 'none'})"
