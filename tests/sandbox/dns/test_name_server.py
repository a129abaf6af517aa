"""DNS over the wire: what a resolver sees, on UDP and on TCP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dnslib import QTYPE, RCODE, DNSRecord

from sbctl.sandbox.dns.name_server import NameServer
from sbctl.sandbox.route53.answers import Answer, RecordSet
from tests.waits import PATIENCE_SECONDS

ANSWERS = {
    ("a.example.com.", "A"): Answer("NOERROR", (RecordSet("a.example.com.", "A", 60, ("192.0.2.1", "192.0.2.2")),)),
    ("c.example.com.", "A"): Answer("NOERROR", (RecordSet("c.example.com.", "CNAME", 30, ("host.example.net",)),)),
    ("t.example.com.", "TXT"): Answer("NOERROR", (RecordSet("t.example.com.", "TXT", 5, ('"hello world"',)),)),
    ("m.example.com.", "A"): Answer(
        "NOERROR", (RecordSet("m.example.com.", "A", 60, tuple(f"192.0.2.{number}" for number in range(100))),)
    ),
    ("example.com.", "SOA"): Answer(
        "NOERROR",
        (RecordSet("example.com.", "SOA", 900, ("ns.example.net. root.example.net. 1 7200 900 1209600 86400",)),),
    ),
}


def resolve(name: str, kind: str, _region: str) -> Answer | None:
    """A zone with a few names; one of them trips the server."""
    if name.startswith("broken"):
        raise RuntimeError("on purpose")
    if not name.endswith("example.com."):
        return None
    return ANSWERS.get((name, kind), Answer("NXDOMAIN" if name.startswith("no") else "NOERROR"))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A running server's port."""
    server = NameServer(resolve)
    server.start()
    yield server.port
    server.stop()


def ask(port: int, name: str, kind: str = "A", *, tcp: bool = False) -> DNSRecord:
    return DNSRecord.parse(DNSRecord.question(name, kind).send("127.0.0.1", port, tcp=tcp, timeout=PATIENCE_SECONDS))


@pytest.mark.parametrize("tcp", [False, True])
def test_answers(port: int, tcp: bool) -> None:
    """Values come with their TTL, and the answer is authoritative and offers no recursion."""
    reply = ask(port, "a.example.com", tcp=tcp)
    assert [(str(row.rdata), row.ttl) for row in reply.rr] == [("192.0.2.1", 60), ("192.0.2.2", 60)]
    assert (reply.header.aa, reply.header.ra, reply.header.rcode) == (1, 0, RCODE.NOERROR)


def test_other_types(port: int) -> None:
    """A CNAME is answered to a query for an address; texts keep their quotes' content."""
    (row,) = ask(port, "c.example.com").rr
    assert (QTYPE[row.rtype], str(row.rdata), row.ttl) == ("CNAME", "host.example.net.", 30)
    (row,) = ask(port, "t.example.com", "TXT").rr
    assert str(row.rdata) == '"hello world"'


def test_nothing_is_told_with_the_soa(port: int) -> None:
    """A name without the type, and a name that is not there, carry the zone's SOA for negative caching."""
    for name, code in (("empty.example.com", RCODE.NOERROR), ("no.example.com", RCODE.NXDOMAIN)):
        reply = ask(port, name)
        assert (reply.header.rcode, reply.rr) == (code, [])
        assert [QTYPE[row.rtype] for row in reply.auth] == ["SOA"]


def test_other_zones_are_refused_and_failures_told(port: int) -> None:
    """A name of no zone here is REFUSED, a fault of the sandbox SERVFAIL; the server goes on."""
    assert ask(port, "example.org").header.rcode == RCODE.REFUSED
    assert ask(port, "broken.example.com").header.rcode == RCODE.SERVFAIL
    assert ask(port, "a.example.com").rr


def test_what_does_not_fit_is_truncated_on_udp(port: int) -> None:
    """A long answer says on UDP that it is cut, and comes whole on TCP."""
    assert ask(port, "m.example.com").header.tc == 1
    assert len(ask(port, "m.example.com", tcp=True).rr) == 100


def test_a_taken_port_is_an_error(port: int) -> None:
    """A port that somebody else has is not shared."""
    with pytest.raises(OSError, match="in use"):
        NameServer(resolve, port)
