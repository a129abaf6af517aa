"""A failover on the screen: what decided it, the regions before or after, the moves, the two clocks, what was not moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sbctl.core.text.counted import counted
from sbctl.ui.console import columns, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from sbctl.failover.data.failover import Changed, FailoverTold, LeftBehind, RegionTold, RunStepTold
    from sbctl.failover.decision.not_moved import NotMoved
    from sbctl.ui.views import FailoverShown, RejoinShown

STYLES = {
    "healthy": "good", "failing": "bad", "silent": "bad", "unknown": "warn",
    "done": "good", "failed": "bad", "begun": "warn", "planned": "quiet", "skipped": "warn", "undone": "warn",
}  # fmt: skip
BEFORE = ("dry run", "not begun")
"""States in which nothing has been done, and all of it is shown beforehand."""
WIDE = 120
SHOWN = 5
"""Addresses that a line names before it says that there are more."""


def draw_failover(console: Console, view: FailoverShown) -> None:
    data = view.data
    console.print(plain(f"{data.source} → {data.target}  {data.mode}, {data.mechanism}  {view.state}", "head"))
    console.print(plain(_verdict(view)))
    for line in data.decision.overridden:
        console.print(plain(f"overridden  {line}", "warn"))
    _draw_contacts(console, data, view)
    _draw_left_behind(console, data.left_behind)
    _draw_away(console, data.changed_while_away)
    # What stood before is no longer so once a run has been taken back.
    draw_regions(console, data.after or (() if view.state == "aborted" else data.before))
    _draw_steps(console, data.moves, with_calls=view.state in BEFORE)
    if view.state != "aborted":
        _draw_clocks(console, data, ended=view.state == "finished")
    if view.state in (*BEFORE, "finished"):
        _draw_rest(console, data.not_moved)
    if data.run:
        console.print(plain(f"history  {view.call} history show {data.run}", "quiet"), soft_wrap=True)
    if view.state == "finished":  # its head has left a small screen by now
        console.print(plain(f"finished: {data.source} → {data.target}", "good"))


def _draw_contacts(console: Console, data: FailoverTold, view: FailoverShown) -> None:
    """Who is in the region that a planned move leaves, and how they are let end first."""
    found = data.contacts
    if found is None:
        return
    if found.in_progress is None:
        console.print(plain(f"contacts in {found.region}: unknown ({found.detail})", "warn"))
        return
    text = f"{found.in_progress} with agents, {found.queued} queued, {counted(found.callbacks or 0, 'callback')}"
    console.print(plain(f"contacts in {found.region}: {text}", "warn" if found.in_progress or found.queued else ""))
    if (found.in_progress or found.queued) and not any(step.move == "drain" for step in data.moves):
        line = f"{view.call} {'failback' if data.undoes else f'failover --to {data.target}'} --drain 10m"
        console.print(plain(f"  to let them end first: {line}", "good"), soft_wrap=True)


def _verdict(view: FailoverShown) -> str:
    """What was decided; of a run that was taken back, what that means for traffic."""
    if view.state != "aborted":
        return view.data.decision.sentence
    source, target = view.data.source, view.data.target
    if all(step.own or step.status == "planned" for step in view.data.moves):
        return f"Taken back: traffic was not ordered to {target}, and stays in {source}."
    return f"Taken back: traffic goes back to {source}; a caller may be in {target} until DNS's answers are renewed."


def draw_rejoin(console: Console, view: RejoinShown) -> None:
    data = view.data
    before, newest = data.before.region or "nobody", data.newest.region or "nobody"
    if not data.stale:
        console.print(plain(f"{data.region}: its copy of the signal names {newest}, as all others do", "good"))
        return
    done = "now names" if data.written else "would name"
    text = f"{data.region}: its copy of the signal named {before}, and {done} {newest}"
    console.print(plain(text, "good" if data.written else ""))


def _draw_left_behind(console: Console, left: LeftBehind | None) -> None:
    """What a failover in the place of another one could not undo, who is answered when the region returns, and the remedy."""
    if left is None:
        return
    console.print(plain(f"in the place of {left.run}, whose target {left.region} does not answer", "warn"))
    if left.fix:
        console.print(plain(f"  not undone: the signal in {left.region} may still name it; {left.when_back}"))
        console.print(plain(f"  as soon as {left.region} answers: {left.fix}", "good"), soft_wrap=True)


def _draw_away(console: Console, changed: Sequence[Changed] | None) -> None:
    if changed is None:
        return
    shown = ", ".join(row.address for row in changed[:SHOWN]) + (", …" if len(changed) > SHOWN else "")
    text = (
        f"changed while away: {counted(len(changed), 'resource')} ({shown})"
        if changed
        else "changed while away: no resource"
    )
    console.print(plain(text, "warn" if changed else ""))


def draw_regions(console: Console, rows: Sequence[RegionTold]) -> None:
    """Regions with role, health and who they think has taken over."""
    if not rows:
        return
    console.print()
    table = columns("region", "role", "health", "signal", prose="detail")
    for row in rows:
        role = plain(row.role, "head" if row.role == "active" else "")
        health = plain(row.health, STYLES.get(row.health, ""))
        signal = "?" if row.signal is None else row.signal or "nobody"
        table.add_row(plain(row.region), role, health, plain(signal), plain(row.detail))
    console.print(table)


def _draw_steps(console: Console, steps: Sequence[RunStepTold], *, with_calls: bool) -> None:
    console.print()
    wide = console.width >= WIDE
    head = ("move", "state", "took")
    table = columns(*head, "what", prose="needs") if wide else columns(*head, prose="what")
    for step in steps:
        took = "" if step.seconds is None else f"{step.seconds:.1f} s"
        cells = [plain(step.move), plain(step.status, STYLES.get(step.status, "")), plain(took)]
        table.add_row(*cells, plain(step.title), *([plain(step.depends_on, "quiet")] if wide else []))
    console.print(table)
    for step in steps:
        if step.own and (step.output or step.reason):
            tries = "" if step.attempts in (None, 1) else f" ({counted(step.attempts, 'attempt')})"
            console.print(plain(f"{step.move}{tries}: {step.reason or step.output}", STYLES.get(step.status, "")))
    if with_calls:
        _draw_calls(console, steps)


def _draw_calls(console: Console, steps: Sequence[RunStepTold]) -> None:
    console.print()
    for step in steps:
        undo = f"; undone: {step.undo}" if step.undo else ""
        console.print(plain(f"{step.move}  needs {step.depends_on}{undo}", "quiet"))
        for call in step.calls:
            console.print(plain(f"  {_line(call)}"), soft_wrap=True)


def _line(call: Mapping[str, Any]) -> str:
    """A call as it is typed. What a look waits for stands behind it as the shell's comment."""
    if "line" in call:
        return f"{call['line']}  # expected: {call['expect']}"
    return str(call.get("aws_cli") or "  ".join(f"{name} {value}" for name, value in call.items()))


def _draw_clocks(console: Console, data: FailoverTold, *, ended: bool) -> None:
    loss, decision, rto = data.estimated_loss, data.decision, data.objectives.rto_seconds
    console.print()
    if ended:
        console.print(_clock("decision → traffic moved", data.rto_seconds, rto))
        console.print(_clock("last good answer → traffic moved", data.since_last_good_seconds))
    else:
        parts = " + ".join(f"{part.seconds:.0f} s {part.name}" for part in decision.expected_parts)
        console.print(plain(f"at worst {decision.expected_seconds:.0f} s until traffic has moved: {parts}"))
    amounts = {"seconds": loss.seconds, "items": loss.items, "objects": loss.objects}
    lost = ", ".join(_amount(value, unit) for unit, value in amounts.items())
    style = "warn" if loss.seconds is None else ""
    console.print(plain(f"data that may be lost: {lost} ({loss.basis})", style))


def _clock(name: str, seconds: float | None, objective: float | None = None) -> Any:
    """A measured time, judged where there is an objective. The last good answer is as old as the last look, so that it has none."""
    if seconds is None:
        return plain(f"{name}: unknown", "warn")
    if objective is None:
        return plain(f"{name}: {seconds:.1f} s at most")
    style = "good" if seconds <= objective else "bad"
    return plain(f"{name}: {seconds:.1f} s (objective {objective:.0f} s)", style)


def _amount(value: float | None, unit: str) -> str:
    return f"unknown {unit}" if value is None else f"{value:g} {unit}"


def _draw_rest(console: Console, rest: Sequence[NotMoved]) -> None:
    console.print(plain("\nNot moved", "head"))
    for one in rest:
        console.print(plain(f"  {one.what}: {one.state}"))
        console.print(plain(f"    {one.action}", "good"))
