"""Amazon Connect as a service of the sandbox: all its operations under one lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sbctl.sandbox.clock import WorldClock
from sbctl.sandbox.connect.associations import Associations
from sbctl.sandbox.connect.flows import Flows
from sbctl.sandbox.connect.hours import Hours
from sbctl.sandbox.connect.instances import Instances
from sbctl.sandbox.connect.queues import Queues
from sbctl.sandbox.connect.routing_profiles import RoutingProfiles
from sbctl.sandbox.connect.store import Estate
from sbctl.sandbox.keeping.part import Part, Whole
from sbctl.sandbox.service import Operation, alone


class ConnectService:
    """All of Connect that the sandbox models."""

    name = "connect"
    differs = (
        "Calls, contacts, agents, users and telephone numbers are not simulated: no metric of calls is ever published.",
        "Instances take as long as on AWS to be made, names are unique as there, and searches are behind "
        "recent writes.",
        "Flows are checked by their structure and by the ids that they name, not run.",
    )

    def __init__(self, clock: WorldClock, account: str) -> None:
        self._clock = clock
        self._account = account
        self.reset()

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    def reset(self) -> None:
        """A new account without instances."""
        self._estate = estate = Estate(self._clock, self._account)
        parts = (Instances, Associations, Hours, Queues, Flows, RoutingProfiles)
        found: dict[str, Operation] = {}
        for part in parts:
            found.update(part(estate).operations())
        self._operations = {name: alone(estate.lock, operation) for name, operation in found.items()}

    @property
    def parts(self) -> Iterable[Part]:
        return [Whole("connect", self._taken, self._put_back, lambda: self._estate.lock)]

    def _taken(self) -> Any:
        return self._estate.instances, self._estate.tokens

    def _put_back(self, state: Any) -> None:
        self._estate.instances, self._estate.tokens = state


def connect_service(clock: WorldClock, account: str) -> ConnectService:
    """The service for one account."""
    return ConnectService(clock, account)
