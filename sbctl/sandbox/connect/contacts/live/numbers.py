"""Which flow answers a telephone number, and where: claimed numbers, and how a carrier routes their calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.numbers.book import answering, numbers
from sbctl.sandbox.connect.store import Instance


@dataclass(frozen=True)
class Line:
    """A number, where calls to it arrive now."""

    number: str
    instance: Instance
    flow: str
    """Id of the flow that answers; "" for none."""


class Lines:
    """The numbers of the account. `routes`: by number, where a carrier sends its calls instead."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.routes: dict[str, str] = {}

    def line(self, number: str) -> Line | None:
        """Where a call to a number arrives; None where nobody has it."""
        reached = self.routes.get(number, number)
        found = answering(self._ground.resources, reached)
        return None if found is None else Line(reached, *found)

    def all(self) -> Iterator[Line]:
        """All numbers that can be called, in the order in which they were claimed."""
        for claimed in numbers(self._ground.resources):
            line = self.line(claimed.number)
            if line is not None:
                yield line
