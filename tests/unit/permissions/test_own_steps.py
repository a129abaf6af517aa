"""Steps of one's own need exactly their functions and secrets, in the regions for which they run, and only to fail over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sbctl.core.project import Project
from sbctl.permissions.own_steps import step_statements
from tests.unit.desired.conftest import Folder
from tests.unit.desired.conftest import folder as folder  # the fixture

STEPS: list[dict[str, Any]] = [
    {"name": "own", "after": "signal", "lambda": "lookup", "regions": ["us-west-2"]},
    {"name": "other", "after": "signal", "lambda": "made-by-others", "regions": ["eu-west-2"]},
    {
        "name": "call",
        "after": "moved",
        "regions": ["us-west-2"],
        "https": {"url": "${arn:aws:secretsmanager:${to}:123456789012:secret:hook:url}", "body": "${env:A}"},
    },
]


def project_of(folder: Folder, steps: list[dict[str, Any]]) -> Project:
    folder.rules = {"steps": steps}
    return folder.load().project


def test_functions_and_secrets_by_name(folder: Callable[[], Folder]) -> None:
    """An item of `lambdas` has the project's name before its own; a secret's suffix is left open."""
    functions, secrets = step_statements(project_of(folder(), STEPS), "failover")
    assert (functions["Action"], secrets["Action"]) == (["lambda:InvokeFunction"], ["secretsmanager:GetSecretValue"])
    assert functions["Resource"] == [
        "arn:aws:lambda:eu-west-2:123456789012:function:made-by-others",
        "arn:aws:lambda:us-west-2:123456789012:function:acme-lookup",
    ]
    assert secrets["Resource"] == [
        "arn:aws:secretsmanager:us-west-2:123456789012:secret:hook",
        "arn:aws:secretsmanager:us-west-2:123456789012:secret:hook-??????",
    ]


def test_nothing_for_other_purposes(folder: Callable[[], Folder]) -> None:
    """A deploy runs no step, and without steps a failover needs nothing more."""
    found = folder()
    assert step_statements(project_of(found, STEPS), "deploy") == []
    assert step_statements(project_of(found, []), "failover") == []
