"""AWS's answers as the rest of the product reads them: what should be there and is not is told with the call's name."""

from __future__ import annotations

from typing import Any, NoReturn

from sbctl.core.problem import UNREADABLE, AwsError


class Answer(dict[str, Any]):
    """A structure of an answer. To ask for a member that AWS left out is an AwsError, since the answer is at fault."""

    call: tuple[str, str, str] = ("", "", "")

    def __missing__(self, name: str) -> NoReturn:
        service, operation, region = self.call
        message = f"the answer has no {name}"
        raise AwsError(UNREADABLE, message, service=service, operation=operation, region=region, status=200)


def read(value: Any, call: tuple[str, str, str]) -> Any:
    """The same answer with every structure in it as an Answer of this call (service, operation, region)."""
    if isinstance(value, dict):
        made = Answer((name, read(member, call)) for name, member in value.items())
        made.call = call
        return made
    if isinstance(value, list):
        return [read(member, call) for member in value]
    return value
