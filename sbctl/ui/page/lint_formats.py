"""Findings for other programs: SARIF 2.1.0 for code scanning, and the workflow commands of GitHub.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sbctl import __version__
from sbctl.flows.lint.rules import rules
from sbctl.ui.console import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sbctl.core.problem import Problem
    from sbctl.flows.lint.diagnostic import Diagnostic
    from sbctl.flows.lint.rule import Rule
    from sbctl.ui.flow_views import FlowsLinted

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
UNREAD = frozenset({"flow-unreadable", "flow-old-format", "flow-passed-over", "flow-twice"})
"""Problems of files, of which there is no finding."""
LINE = re.compile(r"(?P<file>.*?):(?P<line>\d+)(?::(?P<column>\d+))?$", re.DOTALL)


def sarif(view: FlowsLinted, problems: Iterable[Problem]) -> str:
    """One run, with every rule that found something. Files that cannot be read are results of the rule `unreadable`."""
    used = sorted({one.rule for one in view.diagnostics})
    unread = [one for one in problems if one.exit and one.code in UNREAD]
    names = [*used, *sorted({one.code for one in unread} - set(used))]
    index = {name: number for number, name in enumerate(names)}
    results = [*(_result(one, index) for one in view.diagnostics), *(_unread(one, index) for one in unread)]
    driver = {
        "name": "sbctl",
        "version": __version__,
        "rules": [_rule(name, rules().get(name)) for name in names],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(name: str, rule: Rule | None) -> dict[str, Any]:
    text = rule.what if rule else "A flow file cannot be read."
    found: dict[str, Any] = {"id": name, "shortDescription": {"text": text}}
    if rule and rule.page:
        found["helpUri"] = rule.page
    found["defaultConfiguration"] = {"level": "warning" if rule and rule.level == "warning" else "error"}
    return found


def _result(one: Diagnostic, index: Mapping[str, int]) -> dict[str, Any]:
    block = f"block {one.block}: " if one.block else ""
    text = _sentences(f"{one.flow}, {block}{one.message}", one.fix)
    return {
        "ruleId": one.rule,
        "ruleIndex": index[one.rule],
        "level": one.level,
        "message": {"text": text},
        "locations": [_location(one.file, one.line, one.column)],
    }


def _unread(problem: Problem, index: Mapping[str, int]) -> dict[str, Any]:
    file, line, column = _split(problem.at)
    return {
        "ruleId": problem.code,
        "ruleIndex": index[problem.code],
        "level": "error",
        "message": {"text": _sentences(f"{problem.summary}: {problem.detail}", problem.fix)},
        "locations": [_location(file, line, column)],
    }


def _sentences(*parts: str) -> str:
    """Parts of a message in a row, each ended once."""
    said = [part.strip() for part in parts]
    return " ".join(one if one.endswith((".", "!", "?", "…")) else f"{one}." for one in said if one)


def _location(file: str, line: int, column: int) -> dict[str, Any]:
    path = file.replace("\\", "/")
    uri = ("file://" if path.startswith("/") else "") + quote(path)
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if line:
        place["region"] = {"startLine": line, "startColumn": max(column, 1)}
    return {"physicalLocation": place}


def github(view: FlowsLinted, problems: Iterable[Problem]) -> str:
    """A command a finding; GitHub shows them in the files of a pull request."""
    lines = [*_commands(view), *_told(problems)]
    return "".join(f"{line}\n" for line in lines)


def _commands(view: FlowsLinted) -> Iterator[str]:
    for one in view.diagnostics:
        block = f"block {one.block}: " if one.block else ""
        text = _sentences(f"{one.flow}, {block}{one.message}", one.fix)
        yield _command(one.level, one.file, one.line, one.column, f"flow/{one.rule}", text)


def _told(problems: Iterable[Problem]) -> Iterator[str]:
    for one in problems:
        if one.code in UNREAD:
            file, line, column = _split(one.at)
            name = "error" if one.exit else "notice"
            yield _command(name, file, line, column, one.summary, _sentences(one.detail, one.fix))


def _command(name: str, file: str, line: int, column: int, title: str, text: str) -> str:
    places = {"file": file, "line": line, "col": column, "title": title}
    fields = ",".join(f"{key}={_property(str(value))}" for key, value in places.items() if value)
    return f"::{name} {fields}::{_data(text)}"


def _data(text: str) -> str:
    """A text as GitHub reads it back."""
    return safe(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _split(at: str) -> tuple[str, int, int]:
    """File, line and column of a problem's place; (place, 0, 0) where it names no line."""
    found = LINE.match(at)
    return (found["file"], int(found["line"]), int(found["column"] or 0)) if found else (at, 0, 0)
