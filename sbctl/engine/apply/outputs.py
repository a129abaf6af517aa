"""The outputs of resources during an apply: from the state at first, then from what the run makes. Thread-safe."""

from __future__ import annotations

import threading
from typing import Any

from sbctl.core.address import Address, Ref
from sbctl.core.kinds.values import Unknown
from sbctl.core.state import Record, State


class Outputs:
    """Resolves references while steps run. What is being made anew is Unknown until it is made."""

    def __init__(self, state: State, renewed: frozenset[str]) -> None:
        self._lock = threading.Lock()
        self._records = {name: record for name, record in state.records.items() if name not in renewed}

    def lookup(self, ref: Ref) -> Any:
        with self._lock:
            record = self._records.get(str(ref.address))
        if record is None:
            return Unknown(ref)
        try:
            return record.output(ref.output)
        except KeyError:
            return Unknown(ref)

    def record(self, address: Address) -> Record | None:
        with self._lock:
            return self._records.get(str(address))

    def put(self, record: Record) -> None:
        with self._lock:
            self._records[record.address] = record

    def drop(self, address: Address) -> None:
        with self._lock:
            self._records.pop(str(address), None)
