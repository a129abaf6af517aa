"""The only boto3 of the product: clients by service and region, one call, errors translated once."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.exceptions import ClientError
from botocore.loaders import Loader, create_loader

from sbctl import __version__
from sbctl.aws.answer import read, whole
from sbctl.aws.credentials import Credentials
from sbctl.aws.meaning import meaning
from sbctl.aws.retry import BUDGET_SECONDS
from sbctl.core.actor import Actor
from sbctl.core.aws_error import AwsError
from sbctl.core.secrets import redacted
from sbctl.core.urls import endpoint_fault

PAGE = "a page of HTML, so that it was not AWS that answered, or something that does not know this operation"
REDIRECT = re.compile("3[0-9][0-9]")
NOT_SENT = frozenset({"NoCredentials", "SignInNeeded", "BadSettings", "NotSent", "NoRoom"})
"""What can be the matter before anything is sent."""
PLACEHOLDERS = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
Transport = Callable[[AWSPreparedRequest], AWSResponse]
"""Answers a signed request in place of the network."""


@dataclass(frozen=True)
class DoorSettings:
    """How AWS is reached. `endpoint_url` None leaves it to boto3 (AWS_ENDPOINT_URL and its per-service forms).

    `placeholder_credentials` is for the sandbox alone: any key will do there. `rate_limits` off is for one that has no limits, and
    for what must not wait for its turn. Timeouts are in seconds; `retry_seconds` is
    how long a call is repeated that fails in a way that passes; `transport` answers where there is no network.
    """

    profile: str | None = None
    endpoint_url: str | None = None
    audit: Path | None = None
    placeholder_credentials: bool = False
    rate_limits: bool = True
    connect_timeout: float = 3.0
    read_timeout: float = 15.0
    retry_seconds: float = BUDGET_SECONDS
    transport: Transport | None = None
    actor: Actor | None = None
    """Who calls, for the audit log."""
    credentials_seconds: float | None = None
    """How long the credentials may take to come; None for a minute, or longer where somebody may be asked."""


class Door:
    """Makes calls. Clients are made once for each (service, region); botocore's own retries are off: ours are above."""

    def __init__(self, settings: DoorSettings) -> None:
        self._settings = settings
        self._clients: dict[tuple[str, str], BaseClient] = {}
        self._session: Any = None
        self._credentials: Credentials | None = None
        self._lock = threading.Lock()

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        """One request. Raises AwsError; `Unreachable` means that nothing arrived, `Timeout` that it may have."""
        client = self._ready_client(service, operation, region)
        try:
            answer: dict[str, Any] = getattr(client, xform_name(operation))(**params)
            shape = client.meta.service_model.operation_model(operation).output_shape
            found: dict[str, Any] = read(_read_body(answer), (service, operation, region), shape)
            return found
        except ClientError as error:
            raise _refused(error, service, operation, region) from error
        except Exception as error:  # botocore's parsers let all kinds of errors out
            raise _not_answered(error, service, operation, region) from error

    def endpoint(self, service: str, region: str) -> str:
        """The URL at which calls to a service in a region arrive, as boto3 resolves it. Raises AwsError."""
        with _before_sending(service, "", region):
            return str(self._client(service, region).meta.endpoint_url)

    def wait(self, seconds: float, reason: str) -> None:
        """The door itself never waits; the layers above do."""
        raise NotImplementedError(f"wait {seconds} s for {reason}")

    def _ready_client(self, service: str, operation: str, region: str) -> BaseClient:
        """A client, and credentials to sign with. Whatever fails here has reached nobody."""
        with _before_sending(service, operation, region):
            client = self._client(service, region)
            if self._credentials is not None:
                self._credentials.renew(region)
            return client

    def _client(self, service: str, region: str) -> BaseClient:
        # boto3 sessions are not thread-safe while they make clients; clients are once made
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._new_client(service, region)
            return self._clients[key]

    def _new_client(self, service: str, region: str) -> BaseClient:
        if self._session is None:
            self._session = _session(self._settings)
            if not self._settings.placeholder_credentials:
                self._credentials = Credentials(self._session, self._settings.credentials_seconds)
        fault = endpoint_fault(endpoint) if (endpoint := endpoint_for(service, self._settings.endpoint_url)) else ""
        if fault:
            raise AwsError("BadSettings", fault)
        make = partial(
            self._session.client,
            service,
            region_name=region,
            endpoint_url=self._settings.endpoint_url,
            config=self._config(service),
        )
        credentials = self._credentials
        client: BaseClient = credentials.made(make, region) if credentials else make(**PLACEHOLDERS)
        transport = self._settings.transport
        if transport is not None:
            client.meta.events.register("before-send", lambda request, **_: transport(request))
        return client

    def _config(self, service: str) -> Config:
        # S3 must answer from its own region, not from us-east-1; STS does by default (dr-primitives 0.1)
        return Config(
            connect_timeout=self._settings.connect_timeout,
            read_timeout=self._settings.read_timeout,
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=32,
            user_agent_extra=f"sbctl/{__version__}",
            s3={"us_east_1_regional_endpoint": "regional"},
            proxies={} if is_loopback(endpoint_for(service, self._settings.endpoint_url)) else None,
        )


def _session(settings: DoorSettings) -> boto3.session.Session:
    """A session that reads no description of a service that another door has read.

    The sandbox's takes nothing from this machine's AWS settings, which are meant for AWS.
    """
    inner = botocore.session.Session(session_vars=_unread() if settings.placeholder_credentials else None)
    if not settings.placeholder_credentials:
        inner.set_config_variable("profile", settings.profile)
    inner.register_component("data_loader", _loader(inner.get_config_variable("data_path")))
    return boto3.session.Session(botocore_session=inner)


def _unread() -> dict[str, Any]:
    """botocore's settings, none of which is read from the environment or from a file."""
    files = {"config_file": os.devnull, "credentials_file": os.devnull}
    return {
        name: (None, None, files.get(name, default), None)
        for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }


@cache
def _loader(data_path: str | None) -> Loader:
    return create_loader(data_path)


def endpoint_for(service: str, chosen: str | None) -> str:
    """The endpoint that stands in for a service, as boto3 reads it from the environment; "" for AWS's own."""
    own = f"AWS_ENDPOINT_URL_{service.upper().replace('-', '_')}"
    return chosen or os.environ.get(own) or os.environ.get("AWS_ENDPOINT_URL") or ""


def is_loopback(url: str) -> bool:
    """Whether an endpoint is this machine, which is never reached through a proxy."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _read_body(answer: dict[str, Any]) -> dict[str, Any]:
    body = answer.get("Body")
    if body is not None and hasattr(body, "read"):
        return {**answer, "Body": body.read()}
    return answer


def _refused(error: ClientError, service: str, operation: str, region: str) -> AwsError:
    answer = error.response
    said = _mapping(answer.get("Error"))
    meta = _mapping(answer.get("ResponseMetadata"))
    members = {name: value for name, value in answer.items() if name not in ("Error", "ResponseMetadata")}
    # A refused signature is told with the request's headers in full, the session token among them.
    message = redacted(whole(_text(str(said.get("Message") or "")) or _problems(members)))
    status = meta.get("HTTPStatusCode")
    code = whole(str(said.get("Code") or "Unknown"))
    if not message and service != "s3" and REDIRECT.fullmatch(code):  # S3 sends some of its own
        message = "a redirect, as a proxy or a sign-in page sends it, so that it was not AWS that answered"
    return AwsError(
        code,
        message,
        service=service,
        operation=operation,
        region=region,
        status=status if isinstance(status, int) else 0,
        request_id=str(meta.get("RequestId") or ""),
        members=members,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    """A part of an error's answer; empty where the answer has something else there."""
    return value if isinstance(value, Mapping) else {}


def _text(message: str) -> str:
    """A page in place of AWS's error is some proxy's or stand-in's: of it only what it is."""
    if not message.lstrip().startswith("<"):
        return message
    return PAGE


def _problems(members: dict[str, Any]) -> str:
    """InvalidContactFlowException has an empty message: its text is in `problems` (modules: `Problems`)."""
    found = members.get("problems") or members.get("Problems") or members.get("messages") or []
    rows = found if isinstance(found, list) else [found]
    return "; ".join(str(item.get("message", item)) if isinstance(item, dict) else str(item) for item in rows)


@contextmanager
def _before_sending(service: str, operation: str, region: str) -> Iterator[None]:
    """Errors of settings and credentials, as those of the call that they stop."""
    try:
        yield
    except AwsError as error:
        raise AwsError(
            error.code,
            error.message,
            service=error.service or service,
            operation=error.operation or operation,
            region=region,
        ) from error
    except Exception as error:  # botocore, and what it reads its settings with, let all kinds of errors out
        code, message = meaning(error)
        if code not in NOT_SENT:
            code, message = "BadSettings", f"{type(error).__name__}: {error}"
        raise AwsError(code, redacted(message), service=service, operation=operation, region=region) from error


def _not_answered(error: Exception, service: str, operation: str, region: str) -> AwsError:
    if isinstance(error, AwsError):
        return error
    code, message = meaning(error)
    return AwsError(code, redacted(message), service=service, operation=operation, region=region)
