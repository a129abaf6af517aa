"""Three regions in one file, so that what a killed process did to them is there for the next: tables, faults, replication."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sbctl.core.aws.error import AwsError
from tests.unit.failover.scenes import EAST, LONDON, WEST, Reply

REGIONS = (EAST, WEST, LONDON)
SIGNAL = "TAKEOVER"
START = datetime(2026, 1, 1, tzinfo=UTC)
YIELD_SECONDS = 0.02
"""Of real time, after which a thread beside looks whether it is to end, though no time of the world has passed."""
Step = Callable[[str], object]


class WorldTime:
    """The world's time: it goes on when the main thread sleeps, and threads beside wait for that."""

    def __init__(self, step: Step, start: float = 0.0) -> None:
        self._step, self._elapsed = step, start
        self._moved = threading.Condition()

    def now(self) -> datetime:
        return START + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        if threading.current_thread() is not threading.main_thread():
            with self._moved:
                until = self._elapsed + seconds
                self._moved.wait_for(lambda: self._elapsed >= until, YIELD_SECONDS)
            return
        self._step("sleep")
        with self._moved:
            self._elapsed += seconds
            self._moved.notify_all()


class KeptWorld:
    """The regions as AWS: data planes, health functions, DNS by the calculated checks, and a sandbox's faults.

    `step` hears of every effect before and after it. Items replicate as soon as the regions answer.
    """

    def __init__(self, file: Path, step: Step = lambda _: None) -> None:
        self._file, self._step = file, step
        self._lock = threading.RLock()
        if not file.exists():
            self._write({"tables": {code: {} for code in REGIONS}, "faults": {}, "number": 0, "elapsed": 0.0})
        self.clock = WorldTime(self._main_step, self.elapsed())

    def _main_step(self, what: str) -> None:
        self._step(what)
        with self._changed() as state:
            state["elapsed"] = self.clock.monotonic() + 1.0

    def _read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._file.read_text())
        return found

    def _write(self, state: Mapping[str, Any]) -> None:
        new = self._file.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(state))
        new.replace(self._file)

    @contextmanager
    def _changed(self) -> Any:
        with self._lock:
            state = self._read()
            yield state
            self._write(state)

    def elapsed(self) -> float:
        return float(self._read()["elapsed"])

    def lost(self) -> set[str]:
        return {fault["region"] for fault in self._read()["faults"].values() if fault["kind"] == "hang"}

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        if region in self.lost():
            raise AwsError("Unreachable", "no answer in time", service=service, operation=operation, region=region)
        if operation in ("GetItem", "Query"):
            return self._found(operation, region, params)
        self._step(f"before {operation}")
        with self._changed() as state:
            self._put(operation, state, region, params)
            _replicate(state, self.lost())
        self._step(f"after {operation}")
        return {}

    def _found(self, operation: str, region: str, params: Mapping[str, Any]) -> dict[str, Any]:
        table = self._read()["tables"][region]
        if operation == "GetItem":
            item = table.get(_name(params["Key"]))
            return {"Item": item} if item else {}
        return {"Items": [item for name, item in table.items() if name.startswith("DRILL")]}

    def _put(self, operation: str, state: dict[str, Any], region: str, params: Mapping[str, Any]) -> None:
        if operation == "DeleteItem":
            for table in state["tables"].values():
                table.pop(_name(params["Key"]), None)
            return
        item = params["Item"]
        here = state["tables"][region].get(_name(item), {})
        known = params.get("ExpressionAttributeValues", {}).get(":known", {}).get("N")
        if _name(item).startswith(SIGNAL) and here.get("generation", {}).get("N") != known:
            raise AwsError("ConditionalCheckFailedException", "The conditional request failed", operation=operation)
        state["number"] += 1
        state["tables"][region][_name(item)] = {**item, "written": {"N": str(state["number"])}}

    def wait(self, seconds: float, reason: str) -> None: ...

    def get(self, host: str, path: str) -> Reply:
        region = next(code for code in REGIONS if code in host)
        if region in self.lost():
            return Reply(0, "timed out")
        return Reply(200 if path == "/health" or self.named(region) == region else 404)

    def ask(self, name: str, type_: str) -> Reply:  # noqa: ARG002
        return Reply(values=(f"example-{self.answered()}.my.connect.aws",))

    def signal(self, region: str) -> dict[str, Any]:
        found: dict[str, Any] = self._read()["tables"][region].get("TAKEOVER/SIGNAL", {})
        return found

    def named(self, region: str) -> str:
        return str(self.signal(region).get("region", {}).get("S", ""))

    def answered(self) -> str:
        """What DNS answers; a lost region that had taken over is not given back what it had."""
        lost = self.lost()
        taken = {code for code in REGIONS if self.named(code) == code}
        fit = [code for place, code in enumerate(REGIONS) if code not in lost and not taken & {*REGIONS[place + 1 :]}]
        return fit[0] if fit else EAST

    def leftovers(self) -> list[str]:
        """Keys beside the signal, and faults."""
        state = self._read()
        keys = [name for table in state["tables"].values() for name in table if not name.startswith(SIGNAL)]
        return [*keys, *(str(fault) for fault in state["faults"].values())]

    def add(self, fault: Mapping[str, Any]) -> str:
        self._step("before fault")
        with self._changed() as state:
            state["number"] += 1
            name = f"f{state['number']}"
            state["faults"][name] = {"id": name, **fault}
        self._step("after fault")
        return name

    def listed(self) -> list[dict[str, Any]]:
        return [*self._read()["faults"].values()]

    def heal(self, fault: str) -> None:
        self._step("before heal")
        with self._changed() as state:
            del state["faults"][fault]
            lost = {one["region"] for one in state["faults"].values() if one["kind"] == "hang"}
            _replicate(state, lost)
        self._step("after heal")


def _name(key: Mapping[str, Any]) -> str:
    return f"{key['PK']['S']}/{key['SK']['S']}"


def _replicate(state: dict[str, Any], lost: set[str]) -> None:
    """The last writer wins, in the regions that answer."""
    tables = [table for code, table in state["tables"].items() if code not in lost]
    for name in {name for table in tables for name in table}:
        copies = [table[name] for table in tables if name in table]
        last = max(copies, key=lambda item: int(item.get("written", {}).get("N", "0")))
        for table in tables:
            table[name] = dict(last)
