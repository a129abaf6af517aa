"""The operation Invoke: synchronous, asynchronous, and as a dry run.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import base64
import logging
import threading
from typing import Any

from sbctl.sandbox.awslambda.names import parted
from sbctl.sandbox.awslambda.runner import Runner
from sbctl.sandbox.documents import read_document
from sbctl.sandbox.service import Answer, ApiError, Call

LOG = logging.getLogger("sbctl.sandbox")
RETRIES = 2
"""How often an asynchronous event that failed is run again."""


class Invoke:
    """Runs functions for callers."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def __call__(self, call: Call) -> Answer:
        function, qualifier = parted(str(call.params["FunctionName"]), str(call.params.get("Qualifier", "")))
        name, region = f"{function}:{qualifier}" if qualifier else function, call.region
        event = _event(call.params.get("Payload") or b"{}")
        version = self._runner.check(region, name)
        kind = call.params.get("InvocationType", "RequestResponse")
        if kind == "DryRun":
            return {"StatusCode": 204}
        if kind == "Event":
            threading.Thread(target=self._later, args=(region, name, event), name="event", daemon=True).start()
            return {"StatusCode": 202, "Payload": b""}
        found = self._runner.run(region, name, event)
        answer: Answer = {"StatusCode": 200, "ExecutedVersion": version, "Payload": found.payload}
        if found.error:
            answer["FunctionError"] = found.error
        if call.params.get("LogType") == "Tail":
            answer["LogResult"] = base64.b64encode(found.log).decode()
        return answer

    def _later(self, region: str, name: str, event: Any) -> None:
        for _ in range(1 + RETRIES):
            try:
                if not self._runner.run(region, name, event).error:
                    return
            except ApiError as error:
                LOG.warning("asynchronous event of %s in %s: %s", name, region, error)


def _event(payload: bytes) -> Any:
    try:
        return read_document(payload)
    except ValueError as error:
        text = f"Could not parse request body into json: {error}"
        raise ApiError("InvalidRequestContentException", text, 400) from error
