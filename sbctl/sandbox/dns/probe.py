"""One health check of one endpoint, as a Route 53 checker makes it: what it asks, and what counts as healthy.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Any, Protocol

from sbctl.sandbox.wire.identify import Request
from sbctl.sandbox.wire.response import Response

CONNECT_SECONDS = 4.0
TCP_SECONDS = 10.0
SEARCHED_BYTES = 5120
FIRST_BAD_STATUS = 400
NO_CONNECTION = "Failure: The health checker could not establish a connection within the timeout limit."
AGENT = "Amazon-Route53-Health-Check-Service"
OK = "Success: HTTP Status Code 200, OK"
INSTANCE = re.compile(r"([a-z0-9-]+)\.my\.connect\.aws\.?")


@dataclass(frozen=True)
class Seen:
    """What a checker saw, in Route 53's words."""

    passed: bool
    text: str


class Hosted(Protocol):
    """What the sandbox itself hosts, and its DNS."""

    def address(self, host: str) -> str:
        """What a host name leads to in the sandbox's DNS: an address or another name; the name itself when nowhere."""

    def function_url(self, request: Request) -> Response | None:
        """The answer of a function URL. None: none came. Raises LookupError when the host is none."""

    def instance(self, alias: str) -> bool:
        """Whether a Connect instance answers. Raises LookupError when there is none of that alias."""


def probe(config: Mapping[str, Any], hosted: Hosted) -> Seen:
    """Ask an endpoint once. Endpoints that the sandbox does not host are really connected to, on this machine alone."""
    host = str(config.get("FullyQualifiedDomainName") or config["IPAddress"])
    address = hosted.address(host)
    found = INSTANCE.fullmatch(address.lower())
    try:
        if found:
            return Seen(True, OK) if hosted.instance(found[1]) else Seen(False, NO_CONNECTION)
        if not _is_here(address):
            return _judged(config, hosted.function_url(_request(config, host)))
        if config["Type"] == "TCP":
            return _tcp(address, int(config["Port"]))
        return _judged(config, _http(config, _request(config, host), address))
    except LookupError:
        return Seen(False, f"Failure: DNS resolution failed: {host} is not known to the sandbox.")
    except (OSError, HTTPException):
        return Seen(False, NO_CONNECTION)


def _is_here(address: str) -> bool:
    """Whether an address is this machine: checkers go nowhere else."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _request(config: Mapping[str, Any], host: str) -> Request:
    path, _, query = str(config.get("ResourcePath") or "/").partition("?")
    return Request("GET", path if path.startswith("/") else f"/{path}", query, {"host": host, "user-agent": AGENT}, b"")


def _judged(config: Mapping[str, Any], response: Response | None) -> Seen:
    if response is None:
        return Seen(False, NO_CONNECTION)
    said = f"HTTP Status Code {response.status}"
    if response.status >= FIRST_BAD_STATUS:
        return Seen(False, f"Failure: {said}.")
    wanted = config.get("SearchString")
    if wanted and str(wanted).encode() not in response.body[:SEARCHED_BYTES]:
        return Seen(False, f"Failure: {said}, and the search string was not found in the body.")
    return Seen(True, f"Success: {said}, OK")


def _tcp(address: str, port: int) -> Seen:
    with socket.create_connection((address, port), TCP_SECONDS):
        return Seen(True, "Success: TCP connection established")


def _http(config: Mapping[str, Any], request: Request, address: str) -> Response:
    connection = _connection(str(config["Type"]), address, int(config["Port"]))
    try:
        target = request.path + (f"?{request.query}" if request.query else "")
        connection.request("GET", target, headers=request.headers)
        answer = connection.getresponse()
        return Response(answer.status, answer.read(SEARCHED_BYTES), {})
    finally:
        connection.close()


def _connection(kind: str, address: str, port: int) -> HTTPConnection:
    """HTTPS without validation of the certificate: Route 53 does not validate it either."""
    if not kind.startswith("HTTPS"):
        return HTTPConnection(address, port, timeout=CONNECT_SECONDS)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(address, port, timeout=CONNECT_SECONDS, context=context)
