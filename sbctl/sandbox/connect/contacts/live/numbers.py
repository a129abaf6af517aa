"""Which flow answers a telephone number, and where: claimed numbers, and how a carrier routes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sbctl.sandbox.connect.contacts.live.ground import Ground
from sbctl.sandbox.connect.store import Instance, bare


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
        """Where a call to a number arrives; None where nobody has claimed it."""
        number = self.routes.get(number, number)
        return next((line for line in self.all() if line.number == number), None)

    def all(self) -> Iterator[Line]:
        """All claimed numbers that are in an instance, in the order in which they were claimed."""
        now = self._ground.now()
        for claimed in self._ground.resources.numbers.claimed.values():
            instance = self._ground.resources.instances.get(bare(claimed.target))
            if instance is not None and not claimed.failure and (instance.gone_at is None or instance.gone_at > now):
                yield Line(claimed.number, instance, claimed.flows.get(instance.id, ""))
