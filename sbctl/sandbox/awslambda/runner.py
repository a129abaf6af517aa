"""The functions of the account as things that run: code unpacked once a version, processes kept warm between events."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sbctl.sandbox.awslambda.metrics import Invocations
from sbctl.sandbox.awslambda.names import LATEST, parted
from sbctl.sandbox.awslambda.worker import InvocationOutcome, Worker
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.moto_bridge.awslambda import Deployed
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.time.clock import WorldClock

THROTTLED = 429
CONCURRENCY = 10
"""Processes of one function at a time; AWS's quota is 1,000 for a region, which no laptop carries."""
SETTINGS = ("FunctionName", "Handler", "Runtime", "Timeout", "MemorySize", "Environment", "CodeSha256", "Version")
DeployedOf = Callable[[str, str, str], Deployed]
"""By region, name and version or alias."""


@dataclass(frozen=True)
class FunctionVersion:
    """Code and settings as deployed at one moment; a change of either makes another version."""

    arn: str
    region: str
    settings: Mapping[str, Any]
    code: bytes
    most: int
    """How many events of it run at a time."""
    reserved: bool = False
    """Whether that is what is reserved for the function, and not what this machine carries."""

    @property
    def name(self) -> str:
        """The number of a version, or LATEST."""
        return str(self.settings.get("Version", LATEST))

    @property
    def key(self) -> str:
        """The same for the same code and settings."""
        text = json.dumps([self.arn, self.settings], sort_keys=True, default=str).encode()
        return hashlib.sha256(text + hashlib.sha256(self.code).digest()).hexdigest()


class Runner:
    """Runs functions. `endpoint` is where their AWS calls go; code comes from wherever functions are kept."""

    def __init__(
        self,
        clock: WorldClock,
        upstream: Upstream,
        deployed: DeployedOf,
        endpoint: Callable[[], str],
        metrics: Invocations,
    ) -> None:
        self._clock = clock
        self._upstream = upstream
        self._metrics = metrics
        self._deployed = deployed
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._root: Path | None = None
        self._idle: dict[str, list[Worker]] = defaultdict(list)
        self._busy: dict[str, int] = defaultdict(int)
        self._current: dict[str, str] = {}

    def run(self, region: str, name: str, event: Any, request_id: str = "") -> InvocationOutcome:
        """Run one event. Raises ApiError when there is no such function, or when all its processes are busy."""
        version = self._version(region, name)
        function = str(version.settings["FunctionName"])
        try:
            worker = self._taken(version)
        except ApiError as error:
            if error.status == THROTTLED:
                self._metrics.throttled(region, function)
            raise
        begun = time.monotonic()
        failed = True
        try:
            seconds = float(version.settings.get("Timeout", 3))
            outcome = worker.run(version.arn, request_id or str(uuid4()), event, seconds, self._clock)
            failed = bool(outcome.error)
            return outcome
        finally:
            self._metrics.ran(region, function, (time.monotonic() - begun) * 1000, failed=failed)
            self._give_back(version, worker)

    def check(self, region: str, name: str) -> str:
        """Which version would be run. Raises ApiError when it does not exist."""
        return self._version(region, name).name

    def reset(self) -> None:
        """End all processes and forget the code."""
        with self._lock:
            workers = [worker for idle in self._idle.values() for worker in idle]
            self._idle.clear()
            self._current.clear()
            root, self._root = self._root, None
        self._metrics.clear()
        for worker in workers:
            worker.close()
        if root is not None:
            shutil.rmtree(root, ignore_errors=True)

    def _version(self, region: str, name: str) -> FunctionVersion:
        function, qualifier = parted(name)
        asked = {"FunctionName": function, **({"Qualifier": qualifier} if qualifier else {})}
        found = self._upstream.call("lambda", "GetFunctionConfiguration", region, asked)
        settings = {member: found[member] for member in SETTINGS if member in found}
        arn = str(found["FunctionArn"]).removesuffix(f":{LATEST}")
        there = self._deployed(region, function, qualifier)
        most = CONCURRENCY if there.reserved is None else min(CONCURRENCY, there.reserved)
        reserved = there.reserved is not None and there.reserved <= CONCURRENCY
        return FunctionVersion(arn, region, settings, there.code, most, reserved)

    def _taken(self, version: FunctionVersion) -> Worker:
        key = version.key
        with self._lock:
            outdated = self._idle.pop(self._current.get(version.arn, ""), []) if self._is_new(version) else []
            self._current[version.arn] = key
            if self._busy[key] >= version.most:
                reason = f"{'ReservedFunction' if version.reserved else ''}ConcurrentInvocationLimitExceeded"
                raise ApiError("TooManyRequestsException", "Rate Exceeded.", 429, {"Reason": reason})
            self._busy[key] += 1
            worker = self._idle[key].pop() if self._idle[key] else None
        if worker is not None and not worker.alive:
            outdated, worker = [*outdated, worker], None
        for old in outdated:
            old.close()
        try:
            return worker or self._started(version)
        except BaseException:
            with self._lock:
                self._busy[key] -= 1
            raise

    def _is_new(self, version: FunctionVersion) -> bool:
        return self._current.get(version.arn, version.key) != version.key

    def _give_back(self, version: FunctionVersion, worker: Worker) -> None:
        with self._lock:
            self._busy[version.key] -= 1
            kept = worker.alive and self._current.get(version.arn) == version.key
            if kept:
                self._idle[version.key].append(worker)
        if not kept:
            worker.close()

    def _started(self, version: FunctionVersion) -> Worker:
        if not str(version.settings.get("Runtime", "")).startswith("python"):
            raise ApiError(
                "NotModelled", f"The sandbox runs Python functions, not {version.settings.get('Runtime')}.", 501
            )
        folder = self._unpacked(version)
        return Worker(environment(version, folder, self._endpoint()))

    def _unpacked(self, version: FunctionVersion) -> Path:
        with self._lock:
            if self._root is None:
                self._root = Path(tempfile.mkdtemp(prefix="sbctl-functions-"))
            folder = self._root / version.key[:24]
            if not folder.exists():
                with zipfile.ZipFile(io.BytesIO(version.code)) as archive:
                    archive.extractall(folder)
        return folder


def environment(version: FunctionVersion, folder: Path, endpoint: str) -> dict[str, str]:
    """The variables of a function's process: its own, Lambda's reserved ones, and the sandbox as its AWS.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    """
    settings, name = version.settings, str(version.settings["FunctionName"])
    own = dict((settings.get("Environment") or {}).get("Variables") or {})
    return {
        **own,
        "PATH": str(Path(sys.executable).parent),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "LAMBDA_TASK_ROOT": str(folder),
        "_HANDLER": str(settings["Handler"]),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{settings['Runtime']}",
        "AWS_REGION": version.region,
        "AWS_DEFAULT_REGION": version.region,
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": version.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings.get("MemorySize", 128)),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"[{version.name}]{version.key[:32]}",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_SESSION_TOKEN": "sandbox",
        "AWS_ENDPOINT_URL": endpoint,
        "NO_PROXY": "127.0.0.1",
    }
