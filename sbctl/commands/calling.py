"""The commands that a report tells people to run next, as they would have to type them: with the options of this run.

A remedy is pasted at 3 a.m.: one that forgets --config, --state or --sandbox acts on another project, or on another world.
"""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sbctl.core.report import Report
from sbctl.failover.data.told import Told

TOLD = frozenset({"fix", "next"})
"""Members of JSON data that hold a command line to run, among words."""


def as_called(
    report: Report, call: str, commands: Iterable[str], own: Mapping[str, str] = MappingProxyType({})
) -> Report:
    """The report with `call` ("sbctl --sandbox …") in place of "sbctl" before every command that it tells to run.

    `commands` are the names that can follow "sbctl"; what has options already, or is no command, stays as it is. `own` are the
    options that commands of these names have to be called with.
    """
    if call == "sbctl" and not own:
        return report
    names = "|".join(re.escape(name) for name in sorted(commands, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w/.-])sbctl ({names})(?![\w-])")

    def line(found: re.Match[str]) -> str:
        options = own.get(found[1], "")
        given = options and found.string.startswith(f" {options}", found.end())
        return f"{call} {found[1]} {options}" if options and not given else f"{call} {found[1]}"

    def told(text: str) -> str:
        return pattern.sub(line, text)

    problems = tuple(problem.model_copy(update={"fix": told(problem.fix)}) for problem in report.problems)
    data = _in_tree(report.data, told)
    return report.model_copy(update={"problems": problems, "data": data, "view": _in_view(report.view, told, call)})


def signing_in(report: Report, profile: str) -> Report:
    """The report with the profile in the command that signs in; "" for the default one."""
    if not profile:
        return report
    line = f"aws sso login --profile {shlex.quote(profile)}"
    problems = [one.model_copy(update={"fix": one.fix.replace("aws sso login", line)}) for one in report.problems]
    return report.model_copy(update={"problems": tuple(problems)})


def line_called(line: str, call: str) -> str:
    """A whole command line that begins with "sbctl", for what is shown before the report."""
    return re.sub(r"^sbctl(?= |$)", lambda _: call, line)


def _in_tree(value: Any, told: Any, name: str = "") -> Any:
    if isinstance(value, str):
        return told(value) if name in TOLD else value
    if isinstance(value, Mapping):
        return {key: _in_tree(item, told, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_in_tree(item, told, name) for item in value)
    return value


def _in_view(view: Any, told: Any, call: str) -> Any:
    """Views draw the report's data, and say commands of their own where they have a field `call`."""
    if not dataclasses.is_dataclass(view) or isinstance(view, type):
        return view
    changes: dict[str, Any] = {}
    data = getattr(view, "data", None)
    if isinstance(data, Mapping):
        changes["data"] = _in_tree(data, told)
    elif isinstance(data, Told):
        changes["data"] = type(data).model_validate(_in_tree(data.as_json(), told))
    if hasattr(view, "call"):
        changes["call"] = call
    return dataclasses.replace(view, **changes)
