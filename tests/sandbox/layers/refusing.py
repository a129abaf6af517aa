"""Errors in place of answers: of those that each operation declares, and of those that every service has; some of them damaged."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from functools import cache

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.failure import failure
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.response import Response
from tests.sandbox.layers.damaged import damaged

COMMON = (
    ("AccessDenied", 403),
    ("AccessDeniedException", 403),
    ("ExpiredToken", 403),
    ("InvalidClientTokenId", 403),
    ("ValidationException", 400),
    ("InvalidParameterException", 400),
    ("ServiceQuotaExceededException", 402),
    ("Unheard", 418),
)
"""None that passes by waiting: it would be waited for."""
TEXTS = ("", "It is not so", "ü" * 300, "Actions[9999]", "<html>", "arn:aws:iam::123456789012:role/x is not authorized")
INTACT = 0.5
PASSING = ("Throttl", "TooMany", "Internal", "Unavailable", "Timeout", "Retry", "Prior", "Concurrent", "InProgress")
Answering = Callable[[Request], Response]


class Refusing:
    """A layer (World.layer) that refuses requests with a likelihood. The same seed refuses alike, thread by thread."""

    def __init__(self, seed: int, likelihood: float) -> None:
        self._draw = random.Random(seed)
        self._likelihood = likelihood
        self._lock = threading.Lock()

    def __call__(self, who: Identity, request: Request, answer: Answering) -> Response:
        with self._lock:
            if not who.operation or self._draw.random() >= self._likelihood:
                refusal = None
            else:
                code, status = self._draw.choice(refusals(who.service, who.operation))
                refusal = failure(who, ApiError(code, self._draw.choice(TEXTS), status))
                if refusal.body and self._draw.random() > INTACT:
                    refusal = Response(refusal.status, damaged(refusal.body, self._draw), refusal.headers)
        return answer(request) if refusal is None else refusal


@cache
def refusals(service: str, operation: str) -> tuple[tuple[str, int], ...]:
    """Code and status of what an operation may be refused with."""
    shapes = models.service_model(service).operation_model(operation).error_shapes
    declared = [
        (str(shape.error_code), int(shape.metadata.get("error", {}).get("httpStatusCode", 400))) for shape in shapes
    ]
    found = [(code, status) for code, status in declared if not any(word in code for word in PASSING) and status < 500]
    return (*found, *COMMON)
