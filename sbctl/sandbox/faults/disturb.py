"""How a fault breaks one request: an error in the service's protocol, a wait, or a connection that is cut."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from sbctl.sandbox.failure import failure
from sbctl.sandbox.faults.fault import Fault
from sbctl.sandbox.faults.weather import Weather
from sbctl.sandbox.identify import Identity
from sbctl.sandbox.rates import DEFAULT_THROTTLE, THROTTLES
from sbctl.sandbox.response import Response
from sbctl.sandbox.service import ApiError

UNAVAILABLE = 503


class CutError(Exception):
    """No answer: the connection is reset, or left open and silent for as long as the fault lasts."""

    def __init__(self, how: Literal["reset", "hang"]) -> None:
        super().__init__(how)
        self.how = how


def disturbed(weather: Weather, who: Identity, answer: Callable[[], Response]) -> Response:
    """The answer to a request, as the faults leave it. Raises CutError when there is to be none.

    All regions share one port, so a region that is down cannot refuse connections: it resets them.
    """
    fault = weather.breaking(who.region, who.service, who.operation)
    if fault is None:
        return answer()
    match fault.kind:
        case "down":
            raise CutError("reset")
        case "hang":
            raise CutError("hang")
        case "slow":
            time.sleep(fault.delay)
            return answer()
        case "lost-answer":
            answer()
            raise CutError("reset")
        case _:
            return failure(who, _error(fault, who))


def _error(fault: Fault, who: Identity) -> ApiError:
    if fault.kind == "throttle":
        throttle = THROTTLES.get(who.service, DEFAULT_THROTTLE)
        return ApiError(throttle.code, throttle.message, throttle.status)
    if fault.kind == "control-plane":
        text = f"The control plane of {who.service} in {who.region} is not available (fault {fault.id})."
        return ApiError("ServiceUnavailable", text, UNAVAILABLE)
    return ApiError(fault.code or "InternalServerError", f"Broken on purpose (fault {fault.id}).", 500)
