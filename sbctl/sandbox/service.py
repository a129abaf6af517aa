"""What a simulated AWS service is: a set of operations that take a parsed call and answer a dict in botocore's output shape.

The server parses and validates a request, finds the operation by AWS's own name, and serialises what it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

Answer = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One parsed and validated request. `params` has botocore's member names; blobs are bytes, timestamps are datetime."""

    service: str
    operation: str
    region: str
    account: str
    params: Mapping[str, Any]

    def arn(self, resource: str) -> str:
        """The ARN of a resource of this service in the call's region."""
        return f"arn:aws:{self.service}:{self.region}:{self.account}:{resource}"


Operation = Callable[[Call], Answer]


def alone(lock: AbstractContextManager[Any], operation: Operation) -> Operation:
    """The operation under a lock, so that none of its service sees another's half-done work."""

    def run(call: Call) -> Answer:
        with lock:
            return operation(call)

    return run


class Service(Protocol):
    """A simulated service. `operations` maps AWS operation names ("CreateQueue") to functions."""

    name: str

    @property
    def differs(self) -> tuple[str, ...]:
        """What is otherwise than on AWS, in sentences for the page of coverage."""

    @property
    def operations(self) -> Mapping[str, Operation]: ...

    def reset(self) -> None:
        """Forget everything, as on a new account."""


@dataclass
class ApiError(Exception):
    """An error answer as AWS would give it.

    `members` are further modelled members (`problems`, `ResourceId`...), `headers` further headers, in lower case.
    """

    code: str
    message: str
    status: int = 400
    members: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
