"""What steps of one's own ask AWS for: the functions that they invoke and the secrets that they read, each by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sbctl.core.moving.own_steps import Action, OwnStep
from sbctl.core.project import Project
from sbctl.core.text.placeholders import filled, placeholders, secret_arn, sort_of, texts_in

PURPOSES = frozenset({"failover", "drill"})
ANY_SUFFIX = "-??????"
"""Secrets Manager adds six characters to the name in a secret's ARN.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html"""


def step_statements(project: Project, purpose: str) -> list[dict[str, Any]]:
    """The statements for the steps of the project's rules; none for other purposes, nor without such steps."""
    if purpose not in PURPOSES:
        return []
    functions, secrets = set[str](), set[str]()
    for step in project.rules.steps:
        for region in step.regions or [one.region for one in project.by_priority]:
            functions |= {arn for action in _actions(step) for arn in _functions(action, project, region)}
            secrets |= {arn for action in _actions(step) for arn in _secrets(action, region)}
    found = []
    if functions:
        found.append(_statement("OwnStepFunctions", "lambda:InvokeFunction", functions))
    if secrets:
        found.append(_statement("OwnStepSecrets", "secretsmanager:GetSecretValue", secrets))
    return found


def _actions(step: OwnStep) -> Iterable[Action]:
    return (step, step.undo) if step.undo else (step,)


def _functions(action: Action, project: Project, region: str) -> Iterator[str]:
    if action.function is None:
        return
    name = filled(action.function, lambda inner: region if inner == "to" else "*")
    if name.startswith("arn:"):
        yield name
    else:
        yield f"arn:aws:lambda:{region}:{project.account}:function:{project.function_name(name)}"


def _secrets(action: Action, region: str) -> Iterator[str]:
    for _, text in texts_in(action.model_dump(mode="json")):
        for inner in placeholders(text):
            known = filled(inner, lambda fact: region if fact == "to" else "*")
            if sort_of(known) == "secret":
                arn, where, *_ = secret_arn(known)
                if where == region:
                    yield arn
                    yield f"{arn}{ANY_SUFFIX}"


def _statement(sid: str, action: str, resources: Iterable[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": [action], "Resource": sorted(resources)}
