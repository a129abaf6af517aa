"""DNS over the wire: what a resolver sees, on UDP and on TCP."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
from dnslib import QTYPE, RCODE, DNSRecord

from sbctl.sandbox.dns.name_server import NameServer
from sbctl.sandbox.dns.questions import TCP_AT_ONCE
from sbctl.sandbox.route53.answers import Answer, RecordSet
from tests.waits import PATIENCE_SECONDS, eventually

ANSWERS = {
    ("a.example.com.", "A"): Answer("NOERROR", (RecordSet("a.example.com.", "A", 60, ("192.0.2.1", "192.0.2.2")),)),
    ("c.example.com.", "A"): Answer("NOERROR", (RecordSet("c.example.com.", "CNAME", 30, ("host.example.net",)),)),
    ("c.example.com.", "SOA"): Answer("NOERROR", (RecordSet("c.example.com.", "CNAME", 30, ("host.example.net",)),)),
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
    for name, code in (
        ("empty.example.com", RCODE.NOERROR),
        ("no.example.com", RCODE.NXDOMAIN),
        ("no.c.example.com", RCODE.NXDOMAIN),  # below a name with a CNAME
    ):
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


QUERY = DNSRecord.question("a.example.com").pack()
HEAD, QUESTION = QUERY[:12], QUERY[12:]
STRANGE = {
    "no question": (b"\x12\x34\x01\x00" + b"\x00" * 8, RCODE.FORMERR),
    "two questions": (b"\x12\x34\x01\x00\x00\x02" + b"\x00" * 6 + QUESTION * 2, RCODE.FORMERR),
    "a question that is missing": (HEAD, RCODE.FORMERR),
    "a name that leads to itself": (HEAD + b"\xc0\x0c\x00\x01\x00\x01", RCODE.FORMERR),
    "a name that leads out": (HEAD + b"\xff\xff\x00\x01\x00\x01", RCODE.FORMERR),
    "a name that does not end": (HEAD + b"\x3fabc", RCODE.FORMERR),
    "a record that is missing": (HEAD[:10] + b"\x00\x01" + QUESTION, RCODE.FORMERR),
    "an update": (HEAD[:2] + b"\x28" + HEAD[3:] + QUESTION, RCODE.NOTIMP),
    "another class": (QUERY[:-2] + b"\x00\x03", RCODE.REFUSED),
    "an unknown type": (QUERY[:-4] + b"\xff\x00\x00\x01", RCODE.NOERROR),
}


def send(port: int, data: bytes, *, tcp: bool) -> bytes:
    """What comes back for one message."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE_SECONDS)
        client.connect(("127.0.0.1", port))
        client.sendall(struct.pack("!H", len(data)) + data if tcp else data)
        return client.recv(4096)[2 if tcp else 0 :]


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize("case", STRANGE)
def test_a_message_that_makes_no_sense_is_answered(port: int, case: str, tcp: bool) -> None:
    """With its number and a code, so that nobody waits for an answer; the next one is answered as ever."""
    data, code = STRANGE[case]
    found = DNSRecord.parse(send(port, data, tcp=tcp))
    assert (found.header.id, found.header.qr, found.header.rcode) == (struct.unpack("!H", data[:2])[0], 1, code)
    assert len(ask(port, "a.example.com", tcp=tcp).rr) == 2


def test_answers_and_scraps_are_not_answered(port: int) -> None:
    """Two servers would answer each other for ever. A later question on the same socket gets the first answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE_SECONDS)
        client.connect(("127.0.0.1", port))
        for data in (QUERY[:2] + b"\x81" + QUERY[3:], b"", b"\x00", QUERY[:11]):
            client.send(data)
        client.send(b"\xab\xcd" + QUERY[2:])
        assert client.recv(4096)[:2] == b"\xab\xcd"


def test_a_connection_carries_several_questions_and_odd_pieces(port: int) -> None:
    """Each in as many pieces as it likes to come in."""
    message = struct.pack("!H", len(QUERY)) + QUERY
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in message:
            client.sendall(bytes([byte]))
        client.sendall(message)
        client.shutdown(socket.SHUT_WR)
        found = b"".join(iter(lambda: client.recv(4096), b""))
    length = struct.unpack("!H", found[:2])[0]
    assert found == found[: length + 2] * 2


def test_connections_that_say_nothing_keep_nobody_out(port: int) -> None:
    """More of them than are answered at once: on UDP everybody is answered, and on TCP once they have gone."""
    silent = [socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) for _ in range(TCP_AT_ONCE + 5)]
    try:
        assert len(ask(port, "a.example.com").rr) == 2
    finally:
        for client in silent:
            client.close()
    eventually(lambda: send(port, QUERY, tcp=True), "an answer on TCP")
