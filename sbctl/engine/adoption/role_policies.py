"""What a function's role lets it do with a table, by its inline policies: reads alone, or writes too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.iam_actions import ITEM_WRITES
from sbctl.engine.adoption.ways import named
from sbctl.engine.matching.targets import Kinds


def policies_of(kinds: Kinds, aws: AwsCalls, role: str) -> tuple[Mapping[str, Any], ...]:
    """The inline policies of a role, by its ARN; none of one that is gone."""
    kind = kinds[named(kinds)["role"]]
    live = kind.read(aws, kind.home, {"name": role.rpartition("/")[2]})
    return tuple(live.spec.policies.values()) if live else ()


def may_write(policies: Iterable[Mapping[str, Any]], table: str) -> bool:
    """Whether any policy allows to write into the table of this ARN."""
    return any(
        _fits(statement.get("Action", ()), action.lower(), lower=True) and _fits(statement.get("Resource", ()), table)
        for statement in _allowing(policies)
        for action in ITEM_WRITES
    )


def _allowing(policies: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for policy in policies:
        statements = policy.get("Statement") or ()
        found = [statements] if isinstance(statements, Mapping) else statements
        yield from (one for one in found if one.get("Effect") == "Allow")


def _fits(patterns: Any, value: str, *, lower: bool = False) -> bool:
    every = map(str, patterns if isinstance(patterns, list | tuple) else [patterns])
    return any(fnmatchcase(value, text.lower() if lower else text) for text in every)
