"""A scripted door to AWS for the tests of Connect kinds, and the project that they spread over regions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from sbctl.core.aws.error import AwsError
from sbctl.core.moving.rules import Rules
from sbctl.core.project import Project, Region

Answer = dict[str, Any] | AwsError | Callable[..., dict[str, Any]]


@cache
def model() -> Any:
    """AWS's own model of Connect: a megabyte of JSON."""
    return botocore.session.get_session().get_service_model("connect")


@cache
def shape(operation: str) -> Any:
    """The shape of an operation's request in it."""
    return model().operation_model(operation).input_shape


class Script:
    """Answers each operation from its own list, in order; the last answer stays. Records what was asked and awaited."""

    def __init__(self, answers: Mapping[str, list[Answer]] | None = None) -> None:
        self._answers = {name: list(rows) for name, rows in (answers or {}).items()}
        self.made: list[tuple[str, dict[str, Any]]] = []
        self.waits: list[str] = []

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        assert service == "connect", "these kinds call nothing else"
        assert region == "us-east-1", "every call goes to the region it is asked for"
        problems = ParamValidator().validate(params, shape(operation)).generate_report()
        assert not problems, f"{operation}: {problems}"
        self.made.append((operation, params))
        rows = self._answers.get(operation, [{}])
        answer = rows.pop(0) if len(rows) > 1 else rows[0]
        if isinstance(answer, AwsError):
            raise answer
        return answer(**params) if callable(answer) else answer

    def wait(self, seconds: float, reason: str) -> None:  # noqa: ARG002
        self.waits.append(reason)

    @property
    def operations(self) -> list[str]:
        """The names of the operations called, in order."""
        return [operation for operation, _ in self.made]

    def params(self, operation: str) -> list[dict[str, Any]]:
        """What each call of one operation carried."""
        return [params for name, params in self.made if name == operation]


def refused(code: str, message: str = "", **members: Any) -> AwsError:
    """An error answer."""
    return AwsError(code, message, service="connect", operation="X", region="us-east-1", members=members)


def project(**items: Any) -> Project:
    """A project in two Connect regions and one that holds data only."""
    return Project(
        name="acme",
        account="123456789012",
        domain="example.com",
        strategy="active-passive",
        regions=(
            Region("USE1", "us-east-1", is_primary=True, priority=1),
            Region("USW2", "us-west-2", is_primary=False, priority=2),
            Region("EUW1", "eu-west-1", is_primary=False, priority=3, connect=False),
        ),
        rules=Rules(),
        items=items,
    )
