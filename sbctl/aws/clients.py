"""The only boto3 of the product: clients by service and region, and the session whose credentials sign for them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.loaders import Loader, create_loader

from sbctl import __version__
from sbctl.aws.credentials import Credentials
from sbctl.aws.layers.retry import BUDGET_SECONDS
from sbctl.aws.layers.silence import Silence
from sbctl.core.actor import Actor
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.urls import endpoint_fault
from sbctl.core.problem import Problem

PLACEHOLDERS = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
CREDENTIALS = "credentials"
"""In the place of a service: what gives them, asked for a region."""
PROVIDER_SECONDS = 4.0
"""For one request to what gives credentials, such as STS; botocore's own is a minute, five times."""
Transport = Callable[[AWSPreparedRequest], AWSResponse]
"""Answers a signed request in place of the network."""


@dataclass(frozen=True)
class ClientSettings:
    """How AWS is reached. `endpoint_url` None leaves it to boto3 (AWS_ENDPOINT_URL and its per-service forms).

    `placeholder_credentials` is for the sandbox alone: any key will do there. `rate_limits` off is for one that has no limits, and
    for what must not wait for its turn. Timeouts are in seconds; `retry_seconds` is
    how long a call is repeated that fails in a way that passes; `transport` answers where there is no network. `first_answer` is
    how long a service's first answer to a read may take, names and connections included: None for the time-outs alone.
    """

    profile: str | None = None
    endpoint_url: str | None = None
    audit: Path | None = None
    placeholder_credentials: bool = False
    rate_limits: bool = True
    connect_timeout: float = 3.0
    read_timeout: float = 15.0
    retry_seconds: float = BUDGET_SECONDS
    first_answer: float | None = None
    transport: Transport | None = None
    unlogged: Callable[[Problem], bool] | None = None
    """Told why the audit log cannot be written; says whether calls are made all the same. None: they are not."""
    actor: Actor | None = None
    """Who acts, for the audit log."""
    credentials_seconds: float | None = None
    """How long the credentials may take to come; None for a minute, or longer where somebody may be asked."""


class Clients:
    """Clients are made once for each service and region, of one session.

    A role's credentials are given by the STS of the region for which the session was begun. When that does not answer, the next
    region begins a session of its own.
    """

    def __init__(self, settings: ClientSettings, silence: Silence) -> None:
        self._settings = settings
        self._silence = silence
        self._clients: dict[tuple[str, str], BaseClient] = {}
        self._session: Any = None
        self._home = ""
        self._credentials: Credentials | None = None
        self._lock = threading.Lock()

    def ready(self, service: str, region: str) -> BaseClient:
        """A client, and credentials to sign with. Raises AwsError, and whatever botocore makes of settings."""
        try:
            return self._signed(service, region)
        except AwsError as error:
            if error.code != "Unreachable" or not self._leave(error, region):
                raise
            return self._signed(service, region)

    def unsigned(self, service: str, region: str) -> BaseClient:
        """A client; its credentials may still have to be asked for."""
        # boto3 sessions are not thread-safe while they make clients; clients are once made
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._new_client(service, region)
            return self._clients[key]

    def _signed(self, service: str, region: str) -> BaseClient:
        client = self.unsigned(service, region)
        if self._credentials is not None:
            self._credentials.renew(region)
        return client

    def _leave(self, error: AwsError, region: str) -> bool:
        """Give up the session of a region that gives no credentials. Whether another one may have them for this region."""
        with self._lock:
            self._silence.missed((CREDENTIALS, error.region), error, enough=True)
            if self._home == error.region:
                self._session, self._credentials, self._home = None, None, ""
                self._clients.clear()
            return self._silence.why((CREDENTIALS, region)) is None

    def _begin(self, region: str) -> None:
        why = self._silence.why((CREDENTIALS, region))
        if why is not None:
            raise AwsError("Unreachable", why, region=region)
        self._session, self._home = _session(self._settings), region
        if not self._settings.placeholder_credentials:
            self._credentials = Credentials(self._session, self._settings.credentials_seconds, region)

    def _new_client(self, service: str, region: str) -> BaseClient:
        if self._session is None:
            self._begin(region)
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


OF_PROVIDERS = Config(
    connect_timeout=PROVIDER_SECONDS,
    read_timeout=PROVIDER_SECONDS,
    retries={"total_max_attempts": 1, "mode": "standard"},
)


def _session(settings: ClientSettings) -> boto3.session.Session:
    """A session that reads no description of a service that another client has read.

    The sandbox's takes nothing from this machine's AWS settings, which are meant for AWS.
    """
    inner = botocore.session.Session(session_vars=_unread() if settings.placeholder_credentials else None)
    if not settings.placeholder_credentials:
        inner.set_config_variable("profile", settings.profile)
    inner.set_default_client_config(OF_PROVIDERS)
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
