"""From a raw request to an answer: who is asked, may it be asked now, is it well formed, who answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.parsers.expat import ExpatError

from botocore.model import OperationNotFoundError

from sbctl.sandbox.faults.disturb import disturbed
from sbctl.sandbox.http.bodies import most_bytes
from sbctl.sandbox.moto_bridge.allowed_operations import is_carried, is_checked
from sbctl.sandbox.moto_bridge.backends import NotCarriedError
from sbctl.sandbox.service import ApiError, Call
from sbctl.sandbox.wire.failure import failure, not_modelled
from sbctl.sandbox.wire.identify import Identity, Request, identify, unpacked
from sbctl.sandbox.wire.parse import parameters
from sbctl.sandbox.wire.response import Response
from sbctl.sandbox.wire.serialise import answer
from sbctl.sandbox.wire.validate import code_of, validate
from sbctl.sandbox.wire.well_formed import well_formed
from sbctl.sandbox.world import World

TRIPPED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ExpatError,
    LookupError,
    OperationNotFoundError,
    RecursionError,
    TypeError,
    ValueError,
)
LOG = logging.getLogger("sbctl.sandbox")


class Gateway:
    """Answers requests for one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def handle(self, request: Request) -> Response:
        """The answer to one request. A failure of the sandbox itself is a 500 that says so.

        Raises CutError or LateError, and nothing else, when a fault of the world wants no answer, or not yet.
        """
        try:
            plain = unpacked(request, lambda: most_bytes(_of_head(request)))
        except ApiError as error:
            return failure(_of_head(request), error)
        who = identify(plain)
        return disturbed(self._world.faults, who, lambda: self._witnessed(who, plain))

    def _witnessed(self, who: Identity, request: Request) -> Response:
        answer = self._world.layer(who, request, lambda asked: self._undisturbed(who, asked))
        if answer.status < 300:
            self._world.tagging.noticed(who.service, who.operation, who.region)
        self._world.witness(who, answer)
        return answer

    def _undisturbed(self, who: Identity, request: Request) -> Response:
        return well_formed(who, self._answered(who, request))

    def _answered(self, who: Identity, request: Request) -> Response:
        try:
            try:
                return self._answer(who, request)
            except NotCarriedError:
                return failure(who, not_modelled(who))
            except ApiError as error:
                return failure(who, error)
            except RecursionError:
                return failure(
                    who, ApiError(code_of(who.service, who.operation), "The request is nested too deep.", 400)
                )
        except Exception as error:  # the last resort of a server
            LOG.exception("%s %s:%s failed", who.region, who.service, who.operation)
            message = f"The sandbox itself failed on {who.service}:{who.operation}: {type(error).__name__}: {error}"
            return failure(who, ApiError("InternalFailure", message, 500))

    def _answer(self, who: Identity, request: Request) -> Response:
        simulated = self._world.operation(who.service, who.operation)
        if simulated is None and (self._world.is_own(who.service) or not is_carried(who)):
            raise not_modelled(who)
        self._world.limits.check(who.region, who.service, who.operation)
        self._world.admit(who, request)
        if simulated is None:
            if is_checked(who):
                _checked(who, request)
            relay = self._world.relay(who.service, who.operation)
            return _trusting(who, lambda: relay(who, request) if relay else self._world.moto.call(who.service, request))
        call = Call(who.service, who.operation, who.region, self._world.account, _checked(who, request))
        if self._world.is_own(who.service):
            return answer(who, simulated(call))
        return _trusting(who, lambda: answer(who, simulated(call)))


def _of_head(request: Request) -> Identity:
    return identify(replace(request, body=b""))


def _trusting(who: Identity, ask: Callable[[], Response]) -> Response:
    """What moto answers, perhaps behind an operation of ours. It takes much on trust: what it trips over, AWS would refuse."""
    try:
        return ask()
    except Exception as error:
        if not isinstance(error, TRIPPED) and type(error) is not Exception:  # moto's reader of PartiQL raises it bare
            raise
        LOG.debug("%s:%s is malformed", who.service, who.operation, exc_info=True)
        message = f"The request is malformed, or names what does not exist: {type(error).__name__}: {error}"
        raise ApiError(code_of(who.service, who.operation), message[:1000], 400) from error


def _checked(who: Identity, request: Request) -> dict[str, Any]:
    params = parameters(who, request)
    validate(who.service, who.operation, params)
    return params
