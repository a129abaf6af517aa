"""The DNS probe asks the server that it is given, and says why there is no answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from dnslib import RR
from dnslib.server import DNSLogger, DNSServer
from dnslib.zoneresolver import ZoneResolver

from sbctl.probes.dns import Dns
from sbctl.probes.name_server import NameServer

ZONE = "connect.example.com. 60 IN CNAME enterprise-us-east-1.my.connect.aws.\nmany.example.com. 30 IN A 192.0.2.2\nmany.example.com. 30 IN A 192.0.2.1\n"  # noqa: E501
PATIENCE_SECONDS = 60.0
"""For a server that answers, on a machine that may be busy."""


@pytest.fixture
def server() -> Iterator[NameServer]:
    quiet = DNSLogger(log="-request,-reply,-truncated,-error", logf=lambda _: None)
    answering = ZoneResolver(ZONE)
    assert list(RR.fromZone(ZONE))
    running = DNSServer(answering, address="127.0.0.1", port=0, logger=quiet)
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield NameServer("127.0.0.1", running.server.server_address[1])
    running.server.shutdown()
    thread.join()
    running.server.server_close()


def test_values_and_ttl_are_told(server: NameServer) -> None:
    """The host name comes without its trailing dot, with the TTL in seconds."""
    found = Dns(server, PATIENCE_SECONDS).ask("connect.example.com")
    assert (found.values, found.ttl, found.failure) == (("enterprise-us-east-1.my.connect.aws",), 60, "")


def test_several_values_are_sorted(server: NameServer) -> None:
    """The order of an answer means nothing, so it is always the same here."""
    assert Dns(server, PATIENCE_SECONDS).ask("many.example.com", "A").values == ("192.0.2.1", "192.0.2.2")


def test_a_name_that_is_not_there_is_nxdomain(server: NameServer) -> None:
    """The response code is the reason."""
    assert Dns(server, PATIENCE_SECONDS).ask("nothing.example.com").failure == "NXDOMAIN"


def test_nobody_there_is_no_answer() -> None:
    """A server that does not answer raises nothing."""
    assert Dns(NameServer("127.0.0.1", 9), patience=0.02).ask("connect.example.com").failure.startswith("no answer")


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [("127.0.0.1:5353", "127.0.0.1", 5353), ("127.0.0.1", "127.0.0.1", 53), ("[::1]:53", "::1", 53)],
)
def test_an_address_is_read_as_people_write_it(text: str, host: str, port: int) -> None:
    """The port may be left out, and IPv6 stands in brackets."""
    assert NameServer.of(text) == NameServer(host, port)


@pytest.mark.parametrize("text", ["", "127.0.0.1:port", ":53", "127.0.0.1:0", "127.0.0.1:70000"])
def test_other_text_is_refused(text: str) -> None:
    """What is no address is not taken for one."""
    with pytest.raises(ValueError, match="HOST:PORT"):
        NameServer.of(text)


def test_the_name_of_a_server_is_looked_up() -> None:
    """A server is asked by its address."""
    assert NameServer.of("localhost:5353").host in ("127.0.0.1", "::1")
    with pytest.raises(ValueError, match="no host of that name"):
        NameServer.of("no such host")
