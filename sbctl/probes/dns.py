"""What DNS answers now, asked as a client would ask: UDP first, TCP when the answer does not fit.

A resolver given by the user (or the sandbox's name server) is asked directly, without recursion to anyone else; without one
the system's resolvers are asked, and their caches are part of the truth that callers see.
"""

from __future__ import annotations

from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.resolver

from sbctl.probes.name_server import NameServer

PATIENCE_SECONDS = 2.0
"""For one server to answer; what health checkers and stub resolvers grant."""


@dataclass(frozen=True)
class DnsAnswer:
    """What came back. `values` are addresses or host names without their trailing dot; `ttl` in seconds.

    `failure` says why there are no values: a response code such as NXDOMAIN, or that nobody answered.
    """

    name: str
    values: tuple[str, ...] = ()
    ttl: int | None = None
    failure: str = ""


class Dns:
    """Asks one name server, or the system's resolvers when `server` is None. Never raises for what the network does."""

    def __init__(
        self, server: NameServer | None = None, patience: float = PATIENCE_SECONDS, slack: float = 1.0
    ) -> None:
        self.server = server
        self._patience = patience * slack

    def ask(self, name: str, type_: str = "CNAME") -> DnsAnswer:
        """The records of one type at a name."""
        try:
            rrset = self._direct(self.server, name, type_) if self.server else self._system(name, type_)
        except dns.resolver.NXDOMAIN:
            return DnsAnswer(name, failure="NXDOMAIN")
        except dns.resolver.NoAnswer:
            return DnsAnswer(name, failure="no record of this type")
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return DnsAnswer(name, failure=f"no answer: {type(error).__name__}")
        if isinstance(rrset, str):
            return DnsAnswer(name, failure=rrset)
        return DnsAnswer(name, tuple(sorted(record.to_text().rstrip(".") for record in rrset)), rrset.ttl)

    def _direct(self, server: NameServer, name: str, type_: str) -> dns.rrset.RRset | str:
        question = dns.message.make_query(name, type_)
        answer, _ = dns.query.udp_with_fallback(question, server.host, timeout=self._patience, port=server.port)
        if answer.rcode() != dns.rcode.NOERROR:
            return dns.rcode.to_text(answer.rcode())
        wanted = dns.rdatatype.from_text(type_)
        return next((rrset for rrset in answer.answer if rrset.rdtype == wanted), "no record of this type")

    def _system(self, name: str, type_: str) -> dns.rrset.RRset | str:
        found = dns.resolver.resolve(name, type_, lifetime=self._patience, search=False).rrset
        return found if found is not None else "no record of this type"
