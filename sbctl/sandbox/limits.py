"""AWS's request rates as token buckets by (region, service, operation), on real time whatever the world's clock says.

Connect: 2 a second, burst 5, for each operation (connect-api 4). Route 53: dr-primitives 3.5. The others are generous.
"""

from __future__ import annotations

import threading
import time

from sbctl.sandbox.service import ApiError

RATES: dict[str, tuple[float, float]] = {
    "connect": (2, 5),
    "route53": (10, 50),
    "iam": (20, 40),
    "lambda": (15, 30),
    "dynamodb": (50, 100),
    "cloudwatch": (30, 60),
}
OPERATIONS: dict[tuple[str, str], tuple[float, float]] = {
    ("connect", "GetMetricData"): (5, 8),
    ("connect", "GetCurrentMetricData"): (5, 8),
    ("connect", "GetMetricDataV2"): (10, 10),
    ("connect", "ListIntegrationAssociations"): (25, 50),
}
DATA_PLANE = frozenset(
    {"PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchWriteItem", "BatchGetItem"}
)
ERRORS = {
    "connect": ("ThrottlingException", 429),
    "route53": ("Throttling", 400),
    "iam": ("Throttling", 400),
    "lambda": ("TooManyRequestsException", 429),
    "dynamodb": ("ThrottlingException", 400),
    "cloudwatch": ("Throttling", 400),
}


class Limits:
    """The buckets of the whole world. Switchable."""

    def __init__(self, enabled: bool = True) -> None:
        self.enabled = enabled
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str, str], tuple[float, float]] = {}

    def check(self, region: str, service: str, operation: str) -> None:
        """Take one token; raise the service's throttling error when there is none."""
        if not self.enabled or service not in RATES or operation in DATA_PLANE:
            return
        rate, burst = OPERATIONS.get((service, operation), RATES[service])
        key, now = (region, service, operation), time.monotonic()
        with self._lock:
            tokens, at = self._buckets.get(key, (burst, now))
            tokens = min(burst, tokens + (now - at) * rate)
            enough = tokens >= 1
            self._buckets[key] = (tokens - 1 if enough else tokens, now)
        if not enough:
            code, status = ERRORS[service]
            raise ApiError(code, "Rate exceeded", status)

    def reset(self) -> None:
        with self._lock:
            self._buckets.clear()
