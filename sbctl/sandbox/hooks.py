"""How corrections round moto are made: a Service that holds only the operations it replaces, built on an Upstream.

A factory `<service>_overrides(clock, account, upstream) -> Service` answers the operations in its `operations` itself,
parsed, validated and serialised like those of an own service; every other operation goes to moto as it came. Upstream
calls moto underneath, in any region, so an override can take moto's answer and put right what moto has wrong:

    def describe_table(self, call: Call) -> Answer:
        answer = self._upstream.call("dynamodb", "DescribeTable", call.region, call.params)
        answer["Table"]["Replicas"] = self._replicas.of(call)
        return answer

Each Upstream call holds moto's lock of that service for itself alone: an override that needs two of them to be one step
takes a lock of its own.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlsplit

import botocore.session
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError, InvalidRegionError, ParamValidationError
from botocore.loaders import Loader, create_loader

from sbctl.sandbox.moto_bridge.backends import MotoBackends, NotCarriedError
from sbctl.sandbox.service import Answer, ApiError
from sbctl.sandbox.wire.failure import not_modelled
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.response import Response


class Upstream(Protocol):
    """moto as it is, for the corrections that build on it."""

    def call(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> Answer:
        """One operation on moto, by AWS's names ("dynamodb", "CreateTable"), in any region.

        The answer is as boto3 would parse it, without ResponseMetadata; a stream comes as bytes. No limits, no checks and
        no corrections apply. Raises ApiError with the code, message and status of an error answer.
        """


Relay = Callable[[Identity, Request], Response]
"""Answers a raw request in moto's place, usually by passing it on and doing something before or after."""


@runtime_checkable
class Relaying(Protocol):
    """A Service that takes raw requests for some operations, because parsing them would cost too much (bodies of S3)."""

    @property
    def relays(self) -> Mapping[str, Relay]: ...


@runtime_checkable
class Admitting(Protocol):
    """A Service that looks at every raw request for it before anything else does, moto included."""

    def admit(self, who: Identity, request: Request) -> None:
        """Raises ApiError for a request that is not to be answered."""


@cache
def _models() -> Loader:
    """What reads the services' models: they are megabytes of JSON, read once for all worlds of a process."""
    return create_loader()


class MotoUpstream:
    """Serialises with a botocore client and hands the request to moto in process: no socket, no second worker thread."""

    def __init__(self, moto: MotoBackends) -> None:
        self._moto = moto
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], BaseClient] = {}
        self._session = botocore.session.Session()
        self._session.register_component("data_loader", _models())
        self._session.set_credentials("sandbox", "sandbox")

    def call(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> Answer:
        try:
            client = self._client(service, region)
        except InvalidRegionError as error:
            raise ApiError("InvalidSignatureException", "Credential should be scoped to a valid region.") from error
        try:
            answer: Answer = getattr(client, xform_name(operation))(**params)
        except NotCarriedError as error:
            raise not_modelled(Identity(service, region, operation)) from error
        except ClientError as error:
            raise _api_error(error) from error
        except ParamValidationError as error:
            raise ApiError("ValidationException", str(error)) from error
        answer.pop("ResponseMetadata", None)
        return {name: value.read() if hasattr(value, "read") else value for name, value in answer.items()}

    def _client(self, service: str, region: str) -> BaseClient:
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._new_client(service, region)
            return self._clients[key]

    def _new_client(self, service: str, region: str) -> BaseClient:
        client = self._session.create_client(
            service,
            region_name=region,
            endpoint_url="http://127.0.0.1",
            config=Config(retries={"total_max_attempts": 1}, parameter_validation=False, user_agent="sandbox"),
        )

        def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
            found = self._moto.call(service, _raw(request))
            return AWSResponse(request.url, found.status, found.headers, _Stream(found.body))

        client.meta.events.register_first("before-send", send)
        return client


class _Stream(io.BytesIO):
    """A body in the form in which botocore reads one from urllib3."""

    def stream(self, **_: Any) -> list[bytes]:
        return [self.read()]


def _raw(request: AWSPreparedRequest) -> Request:
    url = urlsplit(request.url)
    body = request.body.read() if hasattr(request.body, "read") else request.body or b""
    content = body.encode() if isinstance(body, str) else bytes(body)
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    return Request(request.method, url.path or "/", url.query, headers, content)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _api_error(error: ClientError) -> ApiError:
    found = error.response
    known = ("Error", "ResponseMetadata", "message", "Message", "Code")
    members = {name: value for name, value in found.items() if name not in known}
    status = found["ResponseMetadata"]["HTTPStatusCode"]
    return ApiError(found["Error"]["Code"], found["Error"].get("Message", ""), status, members)
