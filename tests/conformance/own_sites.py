"""A move with steps of one's own: one world with a signal's table, DNS that follows it, a carrier, functions and secrets."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.core.events import Event
from sbctl.core.moving.own_steps import OwnStep
from sbctl.core.moving.rules import Rules
from sbctl.core.moving.run import Run
from sbctl.failover.decision.observe import Observer
from sbctl.failover.decision.request import FailoverRequest
from sbctl.failover.execution.prepare import Prepared, prepare
from sbctl.failover.execution.runner import RunOptions, RunOutcome
from sbctl.failover.execution.tools import Measures, Tools
from sbctl.failover.execution.workflow import abort, begin, proceed
from sbctl.failover.kit.kit import Kit
from sbctl.failover.own.outside import Outside
from sbctl.store.runs.store import RunStore
from tests.carrier import Carrier
from tests.unit.failover.scenes import ALIKE, EAST, WEST, Site, Table, kit, lag

SECRET = "s3cr3t-of-the-carrier"
PYTHON = sys.executable


@dataclass
class Cloud:
    """The table, and beside it functions and secrets of the target region."""

    table: Table = field(default_factory=Table)
    function: Callable[[dict[str, Any]], tuple[str, str]] = lambda _: ("", '{"done": true}')
    """Gives FunctionError ("" for none) and the payload."""
    invoked: list[dict[str, Any]] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        if operation == "Invoke":
            payload = json.loads(params["Payload"])
            self.invoked.append({"name": params["FunctionName"], "region": region, **payload})
            wrong, said = self.function(payload)
            return {"Payload": io.BytesIO(said.encode())} | ({"FunctionError": wrong} if wrong else {})
        if operation == "GetSecretValue":
            if params["SecretId"] not in self.secrets:
                raise AwsError("ResourceNotFoundException", "not there", service=service, region=region, status=400)
            return {"SecretString": self.secrets[params["SecretId"]]}
        return self.table.call(service, operation, region, **params)

    def wait(self, seconds: float, reason: str) -> None: ...


@dataclass
class OwnPlace:
    """Where moves with steps of one's own are tried. `steps` are as failover-rules.json has them."""

    folder: Path
    carrier: Carrier
    steps: list[dict[str, Any]] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=lambda: {"CARRIER_TOKEN": SECRET, "PATH": "/usr/bin:/bin"})
    stopping: bool = False
    told: list[Event] = field(default_factory=list)
    on_event: Callable[[Event], None] = lambda _: None

    def __post_init__(self) -> None:
        self.clock = FakeClock()
        self.cloud = Cloud()
        self.site = Site(self.cloud.table, self.clock)
        self.runs = RunStore(self.folder / "runs", self.clock, self.clock, "test")

    @property
    def kit(self) -> Kit:
        return kit(rules=Rules(steps=[OwnStep.model_validate(one) for one in self.steps]), format=2)

    def https(self, name: str = "carrier", **more: Any) -> dict[str, Any]:
        """A step that calls the carrier."""
        call = {
            "url": f"{self.carrier.url}/route/${{to}}",
            "headers": {"Authorization": "Bearer ${env:CARRIER_TOKEN}"},
            "body": {"number": "+18005550100", "to": "${to}"},
            "caFile": self.carrier.ca_file,
        }
        return {"name": name, "after": "signal", "timeoutSeconds": 20, "https": call, **more}

    def command(self, code: str, name: str = "command", **more: Any) -> dict[str, Any]:
        """A step that runs Python."""
        return {"name": name, "after": "signal", "timeoutSeconds": 20, "command": [PYTHON, "-c", code], **more}

    def tools(self, runs: Any = None) -> Tools:
        observer = Observer(
            aws=self.cloud, http=self.site, dns=self.site, clock=self.clock, world=self.clock, alone=True
        )
        measured = Measures(
            lambda _s, _t: (lag(1.0),), lambda _s, _t: (ALIKE,), lambda _s, _t: (lag(1.0),), lambda _s, _t: ()
        )
        outside = Outside(environment=self.environment)
        return Tools(self.kit, runs or self.runs, lambda: observer, measured, self._listen, self._stops, outside)

    def prepared(self, mode: str = "forced", **more: Any) -> Prepared:
        values = {"target": WEST, "source": EAST, "mode": mode, "reason": "lost", "by": "op@host", **more}
        return prepare(FailoverRequest.model_validate(values), self.tools())

    def begun(self, mode: str = "forced", **more: Any) -> Run:
        prepared = self.prepared(mode, **more)
        assert prepared.decision.go, prepared.decision.refusals
        return begin("failover", prepared, self.kit, self.runs, now=self.clock.now(), last_good=None)

    def go(self, run: Run, runs: Any = None, **options: Any) -> RunOutcome:
        return proceed(run, self.tools(runs), RunOptions(**options))

    def moved(self, mode: str = "forced", **more: Any) -> RunOutcome:
        """A move from its beginning to its end."""
        return self.go(self.begun(mode, **more))

    def abort(self, run: Run, runs: Any = None) -> RunOutcome:
        return abort(run, self.tools(runs))

    def _stops(self) -> bool:
        return self.stopping

    def _listen(self, event: Event) -> None:
        self.told.append(event)
        self.on_event(event)


def whats(run: Run, move: str) -> list[str]:
    """What the journal says of a step, in order."""
    return [event.what for event in run.events if event.move == move]


def journal(place: OwnPlace) -> str:
    """Everything that is on disk of the runs."""
    return "".join(path.read_text() for path in sorted(place.runs.folder.iterdir()) if path.is_file())
