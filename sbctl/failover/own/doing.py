"""Does one action of a step of one's own: attempts within one time limit, each with its share of it. Nothing raised leaves it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sbctl.core.aws.error import AwsError
from sbctl.core.moving.own_steps import Action, HttpsCall
from sbctl.core.text.placeholders import FACTS
from sbctl.failover.own.filling import Filling, NotFilled
from sbctl.failover.own.outside import Outside
from sbctl.probes.https_call import Request, is_loopback

CALLS: frozenset[str] = frozenset({"lambda:Invoke"})
PAUSE_SECONDS = 0.5
"""Between two attempts; twice as long before each further one."""


@dataclass(frozen=True)
class Said:
    """How one attempt ended. `passing` says that another one may end otherwise."""

    ok: bool
    text: str
    passing: bool = True


@dataclass(frozen=True)
class Result:
    """How a step of one's own ended; `text` is redacted and cut."""

    ok: bool
    text: str
    attempts: int
    seconds: float

    def facts(self) -> dict[str, Any]:
        """For the journal."""
        return {"output" if self.ok else "reason": self.text, "attempts": self.attempts, "real_seconds": self.seconds}


@dataclass(frozen=True)
class Doing:
    """What an action is done with. `aws_endpoint` says whether these are resources of AWS itself."""

    filling: Filling
    outside: Outside
    stop: threading.Event
    on_aws: bool

    def result(self, action: Action, retry: int, seconds: float) -> Result:
        """Try until it is done, tried often enough, out of time, or stopped."""
        begun, tries = time.monotonic(), retry + 1
        said = Said(False, "")
        for attempt in range(1, tries + 1):
            left = seconds - (time.monotonic() - begun)
            said = self._attempt(action, left / (tries - attempt + 1))
            over = said.ok or not said.passing or attempt == tries
            pause = min(PAUSE_SECONDS * 2 ** (attempt - 1), seconds / tries / 4)
            if over or self.stop.wait(pause) or time.monotonic() - begun >= seconds:
                break
        return Result(said.ok, said.text, attempt, round(time.monotonic() - begun, 3))

    def _attempt(self, action: Action, seconds: float) -> Said:
        ways: Mapping[str, Callable[[Action, float], Said]] = {
            "command": self._command,
            "lambda": self._function,
            "https": self._https,
        }
        try:
            return ways[action.way](action, max(seconds, 0.1))
        except NotFilled as error:
            return Said(False, self.filling.told(str(error)), error.passing)
        except AwsError as error:
            passing = error.unreachable or error.throttled or error.status >= 500
            return Said(False, self.filling.told(f"{error.code}: {error.message}"), passing)
        except Exception as error:  # noqa: BLE001 - a step of one's own stops nothing, whatever happens in it
            return Said(False, self.filling.told(f"{type(error).__name__}: {error}"), passing=False)

    def _command(self, action: Action, seconds: float) -> Said:
        arguments = [self.filling.text(one) for one in action.command or ()]
        given = {name: self.filling.text(one) for name, one in action.env.items()}
        facts = {f"SBCTL_STEP_{name.upper()}": self.filling.facts.get(name, "") for name in FACTS}
        ended = self.outside.run(arguments, {**self.outside.environment, **facts, **given}, seconds, self.stop)
        told = self.filling.told(ended.output, whole=ended.whole)
        if ended.ok:
            return Said(True, told)
        what = f"{arguments[0]} {ended.failure or _status(ended.code)}"
        return Said(False, self.filling.told(what) + (f": {told}" if told else ""), passing=not self.stop.is_set())

    def _function(self, action: Action, seconds: float) -> Said:  # noqa: ARG002 - the client has its own time-outs
        filling = self.filling
        payload = {**self.filling.facts, **(filling.value(action.payload) or {})}
        name, region = filling.text(action.function or ""), filling.region
        answer = filling.aws.call("lambda", "Invoke", region, FunctionName=name, Payload=json.dumps(payload).encode())
        raw = answer.get("Payload") or b""
        body = raw.read() if hasattr(raw, "read") else raw
        told = filling.told(body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body))
        if "FunctionError" in answer:
            return Said(False, f"the function failed ({answer['FunctionError']}): {told}")
        return Said(True, told)

    def _https(self, action: Action, seconds: float) -> Said:
        assert action.https is not None
        request = self._request(action.https)
        if trouble := unsafe(request.url, on_aws=self.on_aws):
            return Said(False, trouble, passing=False)
        answer = self.outside.send(request, seconds)
        told = self.filling.told(answer.body, whole=answer.whole)
        if answer.ok:
            return Said(True, f"HTTP {answer.status}" + (f": {told}" if told else ""))
        what = f"HTTP {answer.status}" if answer.status else self.filling.told(answer.failure)
        return Said(False, what + (f": {told}" if told else ""), answer.passing)

    def _request(self, call: HttpsCall) -> Request:
        filling = self.filling
        url = filling.for_url().text(call.url).strip()
        headers = {name: " ".join(filling.text(one).split()) for name, one in call.headers.items()}
        facts = filling.facts
        given = {"Idempotency-Key": f"{facts.get('run', '')}-{facts.get('step', '')}"} | _content_type(call)
        known = {name.lower() for name in headers}
        headers |= {name: one for name, one in given.items() if name.lower() not in known}
        body = filling.value(call.body)
        if body is not None and not isinstance(body, str):
            body = json.dumps(body, ensure_ascii=False)
        return Request(url, call.method, headers, None if body is None else body.encode(), call.ca_file)


def _content_type(call: HttpsCall) -> dict[str, str]:
    if call.body is None:
        return {}
    return {"Content-Type": "text/plain; charset=utf-8" if isinstance(call.body, str) else "application/json"}


def _status(code: int | None) -> str:
    return f"ended by signal {-code}" if code is not None and code < 0 else f"ended with status {code}"


def unsafe(url: str, *, on_aws: bool) -> str:
    """Why an address is not asked; "" where it may be. Plain HTTP is for this machine, and never beside resources of AWS."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname:
            return ""
        if parts.scheme == "http" and is_loopback(url):
            return "" if not on_aws else "http:// to this machine is for the sandbox alone; AWS's steps use https://"
    except ValueError:
        return "the address is no URL"
    return "the address does not begin with https://"
