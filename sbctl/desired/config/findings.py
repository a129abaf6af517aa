"""Findings: the problems of one config file while it is being read, each with its line, the field and a remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ValidationError

from sbctl.core.problem import Exit, Problem
from sbctl.files.misfits import explain
from sbctl.files.positions import JsonPath, Source, dotted

SUMMARIES: Mapping[str, str] = {
    "unknown-field": "Field is not known",
    "missing-field": "Field is missing",
    "bad-value": "Value does not fit its field",
    "unknown-region": "Region is not known",
    "region-without-connect": "Region does not offer Amazon Connect",
    "table-unreadable": "CSV file cannot be read",
    "table-damaged": "CSV file is damaged",
    "duplicate-name": "Name is used twice",
    "duplicate-priority": "Priority is used twice",
    "wrong-account": "Account is not the one that was deployed to",
    "one-primary": "Exactly one region must be the primary",
    "primary-without-connect": "The primary region must have a Connect instance",
    "no-connect-region": "No region has a Connect instance",
    "weights-missing": "Weights do not fit together",
    "not-built-yet": "Not built yet",
    "wrong-region": "Region is not one of the project's",
    "bad-override": "Override does not fit its item",
    "bad-item": "Item does not fit the rest of the config",
    "item-remark": "Item may not do what you expect",
    "unknown-name": "Name is not defined",
    "secret-in-file": "A secret must not stand in this file",
    "data-residency": "Data would live outside its allowed regions",
    "lambda-missing": "Lambda source is missing",
    "lambda-unreadable": "Lambda source cannot be read",
    "lambda-too-large": "Lambda package is too large",
    "lambda-outside": "Lambda source leads out of its folder",
    "prompt-missing": "Audio of a prompt is missing",
    "prompt-outside": "Audio of a prompt leads out of its folder",
    "prompt-not-audio": "Audio of a prompt could not be played",
    "duplicate-address": "Two items ask for the same resource",
    "dangling-reference": "Resource refers to one that nothing asks for",
}

Loc = tuple[int | str, ...]


class Findings:
    """Collects the problems of one file, in the order of their lines, each once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: dict[tuple[str, str, str], tuple[tuple[int, int], Problem]] = {}
        self._others: dict[tuple[str, int], Findings] = {}
        self._taken: list[Problem] = []

    def of(self, source: Source | None) -> Findings:
        """The findings of another file that belongs to this one; these themselves for None. All are told together."""
        if source is None or source is self.source:
            return self
        return self._others.setdefault((source.file, id(source)), Findings(source))

    def take(self, problems: Iterable[Problem]) -> None:
        """Note problems that were found elsewhere."""
        self._taken += problems

    def add(self, code: str, path: JsonPath, detail: str, fix: str, field: str = "", worth: Exit = Exit.USAGE) -> None:
        """Note a problem at a path; `field` replaces the path in the text where that reads better."""
        place = field or dotted(path)
        problem = Problem(
            code=code,
            summary=SUMMARIES[code],
            detail=f"{place}: {detail}" if place else detail,
            at=self.source.at(path),
            fix=fix,
            exit=worth,
        )
        key = (code, problem.at, problem.detail)
        self._found.setdefault(key, (self.source.position(path), problem))

    def add_invalid(self, error: ValidationError, path: JsonPath, model: type[BaseModel]) -> None:
        """Note everything that validation found wrong with the value at `path`."""
        for one in error.errors(include_url=False):
            code, detail, fix = explain(dict(one), model)
            self.add(code, (*path, *one["loc"]), detail, fix)

    def __bool__(self) -> bool:
        return bool(self.problems)

    @property
    def problems(self) -> list[Problem]:
        """All problems, in the order of the file; then those of files that belong to it."""
        own = [problem for _, problem in sorted(self._found.values(), key=lambda found: found[0])]
        return [*own, *self._taken, *(problem for other in self._others.values() for problem in other.problems)]
