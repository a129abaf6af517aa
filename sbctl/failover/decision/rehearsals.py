"""Which runs are parts of a drill: an operator's order takes their place, and never goes on with them."""

from __future__ import annotations

from collections.abc import Iterable

from sbctl.core.moving.run import MOVES, Run


def drill_of(run: Run, runs: Iterable[Run]) -> Run | None:
    """The drill of which a failover or failback is a part; None for an operator's. Journals of earlier versions name it less."""
    return next((one for one in runs if one.kind == "drill" and _is_part(run, one)), None)


def parts_of(drill: Run, runs: Iterable[Run]) -> tuple[Run, ...]:
    """The failover of a drill, and its returns, in the order in which they began."""
    return tuple(one for one in runs if one.kind in MOVES and _is_part(one, drill))


def _is_part(run: Run, drill: Run) -> bool:
    if run.order.get("drill"):
        return bool(run.order["drill"] == drill.id)
    returns = run.kind == "failback" and run.order.get("reason") == f"end of {drill.id}"
    return returns or run.id == drill.fact("failover")


def left_by_drill(runs: Iterable[Run]) -> Run | None:
    """What stands of a drill that was cut off: the run of it that is open, else the one that was not undone; None without any."""
    known = [*runs]
    for drill in reversed(known):
        if drill.kind == "drill" and drill.status == "open":
            parts = parts_of(drill, known)
            fits = [*(one for one in parts if stands(one, known)), *(one for one in parts if one.status == "open")]
            if fits:
                return fits[-1]
    return None


def stands(run: Run, runs: Iterable[Run]) -> bool:
    """Whether a failover has ended, nobody has undone it, and no other run took its place."""
    known = [*runs]
    undone = {one.order.get("undoes") for one in known if one.kind == "failback" and one.status == "finished"}
    replaced = {one.supersedes for one in known if one.status == "finished"}
    return run.kind == "failover" and run.status == "finished" and run.id not in undone | replaced
