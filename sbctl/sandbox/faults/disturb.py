"""How a fault breaks one request: an error in the service's protocol, a delay, or a connection that is cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from sbctl.sandbox.faults.answers import answer_of
from sbctl.sandbox.faults.registry import FaultRegistry
from sbctl.sandbox.wire.failure import failure
from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.response import Response


class CutError(Exception):
    """No answer: the connection is reset, or left open and silent for as long as the fault lasts."""

    def __init__(self, how: Literal["reset", "hang"], fault: str) -> None:
        super().__init__(how)
        self.how = how
        self.fault = fault


class LateError(Exception):
    """No answer yet: it is to be made, by calling `answer`, after so many seconds of real time."""

    def __init__(self, seconds: float, answer: Callable[[], Response]) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.answer = answer


def disturbed(faults: FaultRegistry, who: Identity, answer: Callable[[], Response]) -> Response:
    """The answer to a request, as the faults leave it. Raises CutError when there is to be none, LateError when not yet.

    All regions share one port, so a region that is down cannot refuse connections: it resets them.
    """
    fault = faults.breaking(who.region, who.service, who.operation)
    if fault is None:
        return answer()
    match fault.kind:
        case "down":
            raise CutError("reset", fault.id)
        case "hang":
            raise CutError("hang", fault.id)
        case "slow":
            raise LateError(fault.delay, answer)
        case "lost-answer":
            answer()
            raise CutError("reset", fault.id)
        case _:
            return failure(who, answer_of(who, fault))
