"""The commands that a report tells people to run next, as they would have to type them: with the options of this run.

A remedy is pasted at 3 a.m.: one that forgets --config, --state or --sandbox acts on another project, or on another world.
"""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from sbctl.core.problem import AGAIN, Problem
from sbctl.ui.pasted import Shape, Shapes, pasted

if TYPE_CHECKING:
    from sbctl.core.plan import Plan
    from sbctl.core.report import Report

TOLD = frozenset({"basis", "commands", "fix", "next", "notes", "stays", "when", "why"})
"""Members of JSON data that hold command lines to run, among words."""
PLACED = frozenset({"address", "addresses"})
"""Beside one of these a `reason` is sbctl's own word; the reason of a failover is an operator's, and is not touched."""
VALUES = frozenset({"after", "applied", "before", "here", "live", "seen", "there", "wanted"})
"""Members that hold what stands in AWS or in the config, and is told as it is."""
KIT = "--kit"
SIGN_IN = "aws sso login"


class Looking(Protocol):
    """Lines by which people look for themselves."""

    def get(self, host: str, path: str) -> str: ...
    def dig(self, name: str, type_: str) -> str: ...


@dataclass(frozen=True)
class Invocation:
    """How this sbctl was called, as far as the lines that it tells people to type have to carry it on.

    `call` is sbctl with its global options, `typed` the whole line; `commands` are the names that can follow "sbctl"; `kit`
    is the file of --kit, which `takes_kit` says of a command whether it knows.
    """

    call: str = "sbctl"
    commands: tuple[str, ...] = ()
    kit: str = ""
    takes_kit: Callable[[str], bool] = lambda _: False
    shape: Shapes = lambda _: Shape()
    """What may follow each command, which tells a command from the words around it."""
    typed: str = ""
    aws: Callable[[], str] = lambda: "aws"
    """What a line of the AWS CLI begins with; asked for only where there is one."""
    looking: Callable[[], Looking] | None = None
    """What has the lines of curl and dig, as they reach the world of this run; asked for likewise."""

    @cached_property
    def _line(self) -> re.Pattern[str]:
        names = "|".join(re.escape(name) for name in sorted(self.commands, key=len, reverse=True))
        return re.compile(
            rf"(?<![\w/.-])sbctl (?P<name>{names or '(?!)'})(?![\w-])(?P<rest>(?:(?!\bsbctl ).)*)", re.DOTALL
        )

    def told(self, text: str) -> str:
        """The text with every command line in it as it has to be typed; what has options already, or is no command, stays."""
        whole = text.replace(f"{AGAIN} --", f"{self.typed} --") if self.typed else text
        return self._line.sub(self._called, whole)

    def _called(self, found: re.Match[str]) -> str:
        name, rest = found["name"], found["rest"]
        kit = bool(self.kit) and KIT not in rest and self.takes_kit(name)
        return f"{self.call} {name}{f' {KIT} {shlex.quote(self.kit)}' if kit else ''}{rest}"


def as_called(report: Report, invocation: Invocation) -> Report:
    """The report with every command that it tells to run as it has to be typed."""
    problems = tuple(_told(problem, invocation) for problem in report.problems)
    data = _in_tree(report.data, invocation)
    view = as_drawn(report.view, invocation)
    return replace(report, problems=problems, data=data, view=view)


def _told(problem: Problem, invocation: Invocation) -> Problem:
    fix = invocation.told(problem.fix)
    command = problem.command or pasted(fix, invocation.shape)
    return replace(problem, fix=fix, detail=invocation.told(problem.detail), command=command)


def signing_in(report: Report, profile: str) -> Report:
    """The report with the profile in the command that signs in; "" for the default one."""
    if not profile:
        return report
    line = f"{SIGN_IN} --profile {shlex.quote(profile)}"
    problems = tuple(replace(one, fix=one.fix.replace(SIGN_IN, line)) for one in report.problems)
    data = {**report.data, "next": line} if report.data.get("next") == SIGN_IN else report.data
    view = report.view
    if data is not report.data and dataclasses.is_dataclass(view) and not isinstance(view, type):
        view = dataclasses.replace(view, data=data)
    return replace(report, problems=problems, data=data, view=view)


def _in_tree(value: Any, invocation: Invocation, name: str = "") -> Any:
    if isinstance(value, str):
        return (
            invocation.told(value) if name in TOLD else _with_tools(value, invocation) if name == "aws_cli" else value
        )
    if isinstance(value, Mapping):
        value = {**value, **_looking(value, invocation)} if name == "calls" else value
        own = "why" if value.keys() & PLACED else "reason"
        return {
            key: item if key in VALUES else _in_tree(item, invocation, own if key == "reason" else str(key))
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return type(value)(_in_tree(item, invocation, name) for item in value)
    return value


def _looking(call: Mapping[str, Any], invocation: Invocation) -> dict[str, str]:
    """The line by which people see for themselves what a move waits for: an address asked, or DNS."""
    asked, resolved = call.get("get"), call.get("dig")
    if invocation.looking is None or not (isinstance(asked, str) or isinstance(resolved, str)):
        return {}
    if isinstance(asked, str):
        parts = urlsplit(asked)
        return {"line": invocation.looking().get(parts.netloc, parts.path)}
    name, _, type_ = str(resolved).partition(" ")
    return {"line": invocation.looking().dig(name, type_)}


def _with_tools(line: str, invocation: Invocation) -> str:
    return f"{invocation.aws()}{line.removeprefix('aws')}" if line.startswith("aws ") else line


def as_drawn(view: Any, invocation: Invocation) -> Any:
    """A view with its commands as they have to be typed. Views draw data, and say commands of their own by a field `call`."""
    if view is None:
        return view
    if not dataclasses.is_dataclass(view) or isinstance(view, type):
        return _held(view, invocation)
    changes: dict[str, Any] = {}
    for name in ("data", "rows", "items", "plan", "refused"):
        held = getattr(view, name, None)
        if isinstance(held, Mapping | tuple):
            changes[name] = _in_tree(held, invocation)
        elif held is not None:
            changes[name] = _held(held, invocation)
    if hasattr(view, "call"):
        changes["call"] = invocation.call
    return dataclasses.replace(view, **changes)


def _held(value: Any, invocation: Invocation) -> Any:
    """A plan, or a typed value that is told, with its commands as they have to be typed; all else as it is."""
    from sbctl.core.plan import Plan  # models that a view without them need not load
    from sbctl.failover.data.told import Told

    if isinstance(value, Plan):
        return _planned(value, invocation)
    if isinstance(value, Told):
        return type(value).model_validate(_in_tree(value.as_json(), invocation))
    return value


def _planned(plan: Plan, invocation: Invocation) -> Plan:
    """A plan with the commands in its reasons and notes as they have to be typed."""
    steps = []
    for step in plan.steps:
        changes = tuple(
            change.model_copy(update={"notes": tuple(map(invocation.told, change.notes))}) if change.notes else change
            for change in step.changes
        )
        steps.append(step.model_copy(update={"reason": invocation.told(step.reason), "changes": changes}))
    return plan.model_copy(update={"steps": tuple(steps)})
