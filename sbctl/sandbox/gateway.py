"""From a raw request to an answer: who is asked, may it be asked now, is it well formed, who answers."""

from __future__ import annotations

import logging
import traceback

from sbctl.sandbox import models
from sbctl.sandbox.hooks import BYPASS
from sbctl.sandbox.identify import Identity, Request, identify
from sbctl.sandbox.moto_backends import CARRIED
from sbctl.sandbox.parse import parameters
from sbctl.sandbox.serialise import Response, answer, failure
from sbctl.sandbox.service import ApiError, Call
from sbctl.sandbox.validate import validate
from sbctl.sandbox.world import World

LOG = logging.getLogger("sbctl.sandbox")
NOT_MODELLED = "NotModelled"
CHECKED_FORMS = ("json", "rest-json")
"""Protocols of moto-carried services whose requests are validated too; XML and query bodies of these go to moto as they are."""


class Gateway:
    """Answers requests for one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def handle(self, request: Request) -> Response:
        """The answer to one request. Never raises: a fault of the sandbox is a 500 that says so."""
        who = identify(request)
        try:
            if BYPASS in request.headers:
                return self._world.moto.call(who.service, request)
            return self._answer(who, request)
        except ApiError as error:
            return failure(who.service, who.operation, error)
        except Exception:  # noqa: BLE001 - the last resort of a server
            LOG.error("%s:%s\n%s", who.service, who.operation, traceback.format_exc())
            return failure(
                who.service, who.operation, ApiError("InternalFailure", "the sandbox failed; see its log", 500)
            )

    def _answer(self, who: Identity, request: Request) -> Response:
        service = self._world.services.get(who.service)
        operation = service.operations.get(who.operation) if service else None
        if operation is None and (who.service not in CARRIED or self._world.is_own(who.service)):
            raise not_modelled(who)
        self._world.limits.check(who.region, who.service, who.operation)
        if operation is None:
            return self._carried(who, request)
        params = parameters(who, request)
        validate(who.service, who.operation, params)
        call = Call(who.service, who.operation, who.region, self._world.account, params)
        return answer(who.service, who.operation, operation(call))

    def _carried(self, who: Identity, request: Request) -> Response:
        if who.operation and models.protocol(who.service) in CHECKED_FORMS:
            validate(who.service, who.operation, parameters(who, request))
        response = self._world.moto.call(who.service, request)
        if _is_gap(response):
            raise not_modelled(who)
        return response


def not_modelled(who: Identity) -> ApiError:
    """The named error of an operation that the sandbox does not have. 501 is not retried by SDKs."""
    name = f"{who.service}:{who.operation or 'this request'}"
    return ApiError(NOT_MODELLED, f"The sandbox does not model {name}. Nothing was done.", 501)


def _is_gap(response: Response) -> bool:
    """How moto says that it lacks an operation: an HTML page where a service's answer should be (moto.md 1)."""
    html = "text/html" in response.headers.get("content-type", "")
    return html and response.status in (404, 500) and b"<html" in response.body[:200].lower()
