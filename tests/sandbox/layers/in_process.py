"""A door to a world in this process, without HTTP: reads reach the world, writes get an answer made by AWS's model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from sbctl.aws.client import Client, ClientSettings
from sbctl.aws.reads import is_read
from sbctl.core.kinds.resource import NotReady
from sbctl.sandbox.http.gateway import Gateway
from sbctl.sandbox.wire.identify import Identity, Request, identify
from sbctl.sandbox.wire.response import Response
from sbctl.sandbox.wire.serialise import answer
from sbctl.sandbox.world import Layer, World
from tests.sandbox.layers.answers import output_of
from tests.unit.aws.fakes import Raw

DEEP = 4
THEN = datetime(2026, 1, 1, tzinfo=UTC)


class InProcess:
    """Calls of AWS (AwsCalls). `layer` stands before the world; who waits is told that it is not ready."""

    def __init__(self, world: World) -> None:
        self.layer: Layer = lambda _who, request, answer: answer(request)
        self._gateway = Gateway(world)
        place = ClientSettings(endpoint_url="http://127.0.0.1:1", placeholder_credentials=True, transport=self._send)
        self._door = Client(place)

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        return self._door.call(service, operation, region, **params)

    def wait(self, seconds: float, reason: str) -> None:  # noqa: ARG002
        raise NotReady(reason)

    def _send(self, prepared: AWSPreparedRequest) -> AWSResponse:
        url = urlsplit(prepared.url)
        headers = {name.lower(): _text(value) for name, value in prepared.headers.items()}
        body = prepared.body if isinstance(prepared.body, bytes) else str(prepared.body or "").encode()
        request = Request(prepared.method, url.path, url.query, headers, body)
        who = identify(request)
        found = self.layer(who, request, lambda asked: self._answer(who, asked))
        return AWSResponse(prepared.url, found.status, dict(found.headers), Raw(found.body))

    def _answer(self, who: Identity, request: Request) -> Response:
        if is_read(who.operation):
            return self._gateway.handle(request)
        shape = output_of(who)
        return answer(who, {} if shape is None else made(shape))


def made(shape: Any, deep: int = 0) -> Any:
    """A value of a shape: all members, as far as that ends."""
    kind = shape.type_name
    if kind == "structure":
        members = shape.members.items() if deep < DEEP else ()
        return {name: made(member, deep + 1) for name, member in members}
    if kind == "list":
        return [made(shape.member, deep + 1)] if deep < DEEP else []
    if kind == "map":
        return {}
    plain = {"boolean": True, "timestamp": THEN, "blob": b"x", "float": 1.0, "double": 1.0}
    return plain.get(kind, "text" if kind in ("string", "character") else 1)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
