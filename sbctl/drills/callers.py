"""Callers of a drill as values: what is asked for, what simulates them, and what they got."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

DEFAULT_RATE = 30.0
"""Calls a minute."""


class CallSimulator(Protocol):
    """Callers and agents of the local AWS. All raise SbctlError."""

    def start(self, rate: float, numbers: Sequence[str], seconds: float, region: str) -> str:
        """Have numbers called so often a minute, for at most so long; the generator's id."""

    def expect(self, generator: str, region: str) -> None:
        """From now on calls ought to be answered in this region."""

    def stop(self, generator: str) -> None:
        """No further calls of a generator; what is in progress ends by itself."""

    def seconds(self, generator: str) -> list[dict[str, Any]]:
        """What callers got: a row for each second and region in which something happened."""

    def agents(self) -> int:
        """How many agents there are."""

    def start_agents(self, per_queue: int, talk: float, accept: float, after: float) -> None: ...

    def stop_agents(self) -> None: ...


@dataclass(frozen=True)
class CallersWanted:
    """What a drill does about callers. `demanded`: the operator asked for them, so that none is no option."""

    rate: float = DEFAULT_RATE
    demanded: bool = False


@dataclass
class Callers:
    """The callers of one drill. `note` says why there are none."""

    generator: str = ""
    numbers: tuple[str, ...] = ()
    rate: float = 0.0
    note: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)
