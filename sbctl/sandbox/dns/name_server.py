"""The name server of all zones: authoritative, on UDP and TCP of one port, what Route 53 would answer at this moment.

dnslib does the wire. Queries are taken to come from a resolver near us-east-1.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from dnslib import QTYPE, RCODE, RR, DNSRecord
from dnslib.server import BaseResolver, DNSLogger, DNSServer

from sbctl.sandbox.dns.questions import Questions
from sbctl.sandbox.route53.answers import Answer

LOG = logging.getLogger("sbctl.sandbox")
HOST = "127.0.0.1"
REGION = "us-east-1"
ATTEMPTS = 20
STOP_SECONDS = 0.05
"""How often the threads look whether they are to end."""
Resolve = Callable[[str, str, str], Answer | None]


class NameServer:
    """Serves until it is stopped. `port` 0 takes one that is free for both UDP and TCP. Raises OSError."""

    def __init__(self, resolve: Resolve, port: int = 0) -> None:
        resolver = _Resolver(resolve)
        self._servers, self.port = _bound(resolver, port)

    def start(self) -> None:
        """Answer in threads."""
        for server in self._servers:
            serving = server.server.serve_forever
            threading.Thread(target=serving, args=(STOP_SECONDS,), name="name-server", daemon=True).start()

    def stop(self) -> None:
        """Close both sockets."""
        for server in self._servers:
            server.server.shutdown()
            server.server.server_close()


def _bound(resolver: BaseResolver, port: int) -> tuple[list[DNSServer], int]:
    """A TCP and a UDP server on one port; another is tried when a free TCP port is taken on UDP."""
    for _ in range(ATTEMPTS if port == 0 else 1):
        tcp = _server(resolver, port, tcp=True)
        number = int(tcp.server.server_address[1])
        try:
            return [tcp, _server(resolver, number, tcp=False)], number
        except OSError:
            tcp.server.server_close()
            if port:
                raise
    raise OSError(f"no port is free for both UDP and TCP after {ATTEMPTS} attempts")


def _server(resolver: BaseResolver, port: int, *, tcp: bool) -> DNSServer:
    quiet = DNSLogger("-recv,-send,-request,-reply,-truncated,-error,-data", prefix=False)
    return DNSServer(resolver, address=HOST, port=port, tcp=tcp, logger=quiet, handler=Questions)


class _Resolver(BaseResolver):  # type: ignore[misc]
    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    def resolve(self, request: DNSRecord, handler: Any) -> DNSRecord:  # noqa: ARG002
        """Never fails: what trips the sandbox is a SERVFAIL, and in its log."""
        reply = request.reply(ra=0, aa=1)
        name, kind = str(request.q.qname), str(QTYPE[request.q.qtype])
        try:
            self._fill(reply, name, kind)
        except Exception:  # the last resort of a server
            LOG.exception("the query %s %s failed", name, kind)
            reply.header.rcode = RCODE.SERVFAIL
        return reply

    def _fill(self, reply: DNSRecord, name: str, kind: str) -> None:
        found = self._resolve(name, kind, REGION)
        if found is None:
            reply.header.rcode = RCODE.REFUSED
            reply.header.aa = 0
            return
        reply.header.rcode = getattr(RCODE, found.code)
        for record in found.records:
            for value in record.values:
                reply.add_answer(
                    *RR.fromZone(f"{record.name} {record.ttl} IN {record.type} {_absolute(record.type, value)}")
                )
        if not found.records:
            self._add_authority(reply, name)

    def _add_authority(self, reply: DNSRecord, name: str) -> None:
        """The zone's SOA, by which resolvers know how long to remember that there is nothing."""
        labels = name.rstrip(".").split(".")
        for start in range(len(labels)):
            zone = ".".join(labels[start:]) + "."
            found = self._resolve(zone, "SOA", REGION)
            apex = next((record for record in found.records if record.type == "SOA"), None) if found else None
            if apex is not None:  # a name in between may have a CNAME, which answers for every type
                reply.add_auth(*RR.fromZone(f"{apex.name} {apex.ttl} IN SOA {apex.values[0]}"))
                return


def _absolute(kind: str, value: str) -> str:
    """Host names in values are whole names, with or without a dot at their end."""
    return f"{value.rstrip('.')}." if kind in ("CNAME", "NS", "PTR", "MX") else value
