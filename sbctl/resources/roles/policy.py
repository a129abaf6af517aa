"""Policy documents: how they are written, read back and compared by meaning.

AWS gives documents back as it likes: a single value instead of a list, statements and actions in another order.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from sbctl.core.kinds.values import has_unknown, to_json

Document = dict[str, Any]
VERSION = "2012-10-17"


def document(*statements: Mapping[str, Any]) -> Document:
    """A policy document of these statements."""
    return {"Version": VERSION, "Statement": [dict(statement) for statement in statements]}


def allow(sid: str, actions: list[str], resources: list[Any], **more: Any) -> Document:
    """A statement of a role's policy that allows actions on resources."""
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources, **more}


def trust(service: str, condition: Mapping[str, Any] | None = None) -> Document:
    """A trust policy: the service may assume the role, under the condition (confused deputy)."""
    statement: Document = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = dict(condition)
    return document(statement)


def parsed(value: Any) -> Document:
    """A document from an answer: IAM percent-encodes it, other services give text, boto3 sometimes a dict already.

    Raises ValueError for what is none.
    """
    found = json.loads(unquote(value) if value.startswith("%7B") else value) if isinstance(value, str) else value
    if not isinstance(found, Mapping) or not all(map(_is_statement, statements_of(found))):
        raise ValueError("it is no policy document")
    return dict(found)


def statements_of(policy: Mapping[str, Any]) -> list[Any]:
    """Its statements; a single one may stand without its list."""
    found = policy.get("Statement") or []
    return found if isinstance(found, list) else [found]


def _is_statement(statement: Any) -> bool:
    if not isinstance(statement, Mapping):
        return False
    condition = statement.get("Condition") or {}
    return isinstance(condition, Mapping) and all(isinstance(tests, Mapping) for tests in condition.values())


def same_policy(one: Any, other: Any) -> bool:
    """Whether two documents allow and deny the same. A document with values not known yet equals none."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return bool(one == other)
    return not has_unknown(one) and not has_unknown(other) and _meaning(one) == _meaning(other)


def _meaning(policy: Mapping[str, Any]) -> Any:
    return policy.get("Version", "2008-10-17"), sorted(
        json.dumps(_statement(statement), sort_keys=True) for statement in statements_of(policy)
    )


def _statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _element(key, value) for key, value in statement.items() if key != "Sid"}


def _element(key: str, value: Any) -> Any:
    if key == "Effect":
        return value
    if key in ("Principal", "NotPrincipal"):
        return {kind: _values(names) for kind, names in _principal(value).items()}
    if key == "Condition":
        return {
            operator: {name.lower(): _values(wanted) for name, wanted in tests.items()}
            for operator, tests in (value or {}).items()
        }
    return _values(value)


def _principal(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {"AWS": value}


def _values(value: Any) -> list[str]:
    items = value if isinstance(value, list | tuple) else [value]
    return sorted({_text(item) for item in items})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(to_json(value), sort_keys=True)
