"""Policy documents: statements merged by what they allow on, and as many documents as AWS's size limit asks for.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.permissions.actions import actions_of
from sbctl.permissions.purposes import Use
from sbctl.permissions.scopes import EVERYTHING, NamedResources, StatementScope, scope_of

LIMIT = 6144
"""Characters of a managed policy; AWS does not count white space."""
VERSION = "2012-10-17"
Document = dict[str, Any]


def documents(used: Iterable[Use], estate: NamedResources, more: Iterable[Document] = ()) -> list[Document]:
    """The policies that allow these uses, and what `more` statements say; several where one would be too long."""
    found: list[list[Document]] = [[]]
    for statement in (*statements(used, estate), *more):
        if found[-1] and size(_document([*found[-1], statement])) > LIMIT:
            found.append([])
        found[-1].append(statement)
    return [_document(part) for part in found]


def anywhere(used: Iterable[Use]) -> list[Document]:
    """The policy that allows these uses on every resource: for what is looked for before its name is known."""
    actions = {action for use in used for action in actions_of(use.call, use.also)}
    return [_document([_statement("Read", StatementScope((EVERYTHING,)), actions)])]


def size(document: Mapping[str, Any]) -> int:
    """Characters as AWS counts them."""
    return len("".join(json.dumps(document, separators=(",", ":")).split()))


def _document(statements: list[Document]) -> Document:
    return {"Version": VERSION, "Statement": statements}


def statements(used: Iterable[Use], estate: NamedResources) -> list[Document]:
    """The statements, merged by resources and condition, in a stable order."""
    grouped: dict[str, tuple[StatementScope, set[str]]] = {}
    for use in used:
        for action in actions_of(use.call, use.also):
            scope = scope_of(action, estate)
            # the items that a use is limited to are no key
            scope = scope if action.startswith("kms:") else _limited(scope, use, estate)
            if not scope.resources:
                continue  # the project has none of these
            key = json.dumps([scope.resources, scope.condition], sort_keys=True)
            grouped.setdefault(key, (scope, set()))[1].add(action.partition("@")[0])
    by_service: defaultdict[str, int] = defaultdict(int)
    made = []
    for scope, actions in sorted(grouped.values(), key=lambda pair: (sorted(pair[1]), pair[0].resources)):
        services = sorted({action.partition(":")[0] for action in actions})
        name = services[0].title() if len(services) == 1 else "Unscoped"
        by_service[name] += 1
        made.append(_statement(f"{name}{by_service[name]}", scope, actions))
    return made


def _limited(scope: StatementScope, use: Use, estate: NamedResources) -> StatementScope:
    """Item calls on the signal's table: only there, and only on the keys that they are for."""
    if not use.keys:
        return scope
    table = f"table/{estate.project.rules.takeover.table}"
    keys = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": list(use.keys)}}
    return StatementScope(estate.regional("dynamodb", table), keys)


def _statement(sid: str, scope: StatementScope, actions: set[str]) -> Document:
    statement: Document = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions)}
    statement["Resource"] = list(scope.resources) if len(scope.resources) > 1 else scope.resources[0]
    if scope.condition:
        statement["Condition"] = {operator: dict(tests) for operator, tests in scope.condition.items()}
    return statement
