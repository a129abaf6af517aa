"""AWS as a script: what each operation answers, and which calls were made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sbctl.core.aws.error import AwsError

Answer = Mapping[str, Any] | AwsError | Callable[..., Mapping[str, Any]]


class Scripted:
    """Answers by operation name, {} for unknown ones; a list is used up answer by answer, and its last one stays."""

    def __init__(self, **answers: Answer | list[Answer]) -> None:
        self._answers = answers
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.waits: list[str] = []

    def answer(self, operation: str, answer: Answer) -> None:
        """Set what an operation answers from now on."""
        self._answers[operation] = answer

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:  # noqa: ARG002
        self.calls.append((operation, region, params))
        answer = self._answers.get(operation, {})
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, AwsError):
            raise answer
        return dict(answer(region, **params) if callable(answer) else answer)

    def wait(self, seconds: float, reason: str) -> None:  # noqa: ARG002
        self.waits.append(reason)

    def made(self, operation: str) -> list[dict[str, Any]]:
        """The parameters of all calls of one operation."""
        return [params for name, _, params in self.calls if name == operation]

    def order(self) -> list[str]:
        """The operations in the order of their calls."""
        return [name for name, _, _ in self.calls]


def failing(code: str, message: str = "") -> AwsError:
    """An error answer."""
    return AwsError(code, message)
