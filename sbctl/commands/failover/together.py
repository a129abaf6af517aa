"""Which options of `failover` go together: what would be left unheeded is refused, before anybody is asked anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sbctl.commands.failover.inputs import usage
from sbctl.core.moving.run import Run
from sbctl.core.problem import Problem, SbctlError
from sbctl.core.text.alike import did_you_mean
from sbctl.failover.execution.runner import RunOptions
from sbctl.failover.kit.kit import Kit

WAYS = {"resume": "--resume", "aborting": "--abort", "rejoin": "--rejoin"}
LOOK = "sbctl history show shows what is done and what is left."


def check_together(asked: Mapping[str, Any]) -> None:
    """Raise SbctlError with every option that the way which is asked for cannot heed."""
    found = (*_ways(asked), *_unheeded(asked))
    if found:
        raise SbctlError(*found)


def _ways(asked: Mapping[str, Any]) -> Iterator[Problem]:
    ways = [option for name, option in WAYS.items() if asked[name]]
    if len(ways) > 1:
        yield usage(" ".join(ways), "Each of them does something else.", f"Give one of them: sbctl failover {ways[0]}")


def _unheeded(asked: Mapping[str, Any]) -> Iterator[Problem]:
    if asked["dry_run"] and (asked["resume"] or asked["aborting"]):
        yield usage(
            "--dry-run",
            "It shows a failover that has not begun, and --resume and --abort are about one that has.",
            LOOK,
        )
    if asked.get("drain_seconds") and (
        asked["mode"] == "forced" or asked["resume"] or asked["aborting"] or asked["rejoin"]
    ):
        detail = "Only a planned move that has not begun waits for contacts."
        yield usage("--drain", detail, "Leave it out, or plan the move: leave out --mode forced.")
    if asked["aborting"] or asked["rejoin"]:
        for name, option in (("skip", "--skip"), ("pause_after", "--pause-after")):
            if asked[name]:
                yield usage(option, "It is about the moves that are still to be done.", "Leave it out.")


def check_of_run(run: Run, target: str | None, asked: Mapping[str, Any]) -> None:
    """Raise SbctlError where options name another failover than the open one."""
    told = {"--to": target, "--from": asked["source"], "--mechanism": asked["mechanism"]}
    real = {"--to": run.order.get("target"), "--from": run.source, "--mechanism": run.order.get("mechanism")}
    other = [
        usage(option, f"{value} is not that of the open run {run.id}: {real[option]}", f"Leave out {option}.")
        for option, value in told.items()
        if value and value not in (real[option], run.order.get("source") if option == "--from" else "")
    ]
    if other:
        raise SbctlError(*other)


def skipped_beforehand(kit: Kit, names: Iterable[str], fix: str) -> Iterator[Problem]:
    """The problem of a move that is to be left out of a run that has not begun, and is no step of one's own."""
    if {*names} - {step.name for step in kit.rules.steps}:
        detail = "Only steps of your own can be left out from the beginning; others are left out of a run that is open."
        yield usage("--skip", detail, fix)


def check_moves(options: RunOptions, moves: Iterable[str]) -> None:
    """Raise SbctlError where a move that is to be left out, or paused after, is none of the run's."""
    known = [*moves]
    named = [("--skip", one) for one in sorted(options.skip)]
    named += [("--pause-after", options.pause_after)] if options.pause_after else []
    found = [
        usage(option, f"{one!r} is none of {', '.join(known)}", did_you_mean(one, known, "Name one of these moves."))
        for option, one in named
        if one not in known
    ]
    if found:
        raise SbctlError(*found)
