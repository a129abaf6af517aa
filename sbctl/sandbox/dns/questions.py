"""DNS messages as they come: one question at a time, whole, and answered even when it makes no sense.

https://www.rfc-editor.org/rfc/rfc1035 and https://www.rfc-editor.org/rfc/rfc7766 (TCP)
"""

from __future__ import annotations

import logging
import socket
import struct
import threading
from contextlib import suppress
from typing import Any

from dnslib import CLASS, OPCODE, QR, RCODE, DNSError, DNSHeader, DNSRecord
from dnslib.server import DNSHandler

LOG = logging.getLogger("sbctl.sandbox")
UDP_BYTES = 512
"""What every client takes; larger sizes that EDNS offers are not used."""
TCP_SECONDS = 10.0
"""Real time that a client on TCP may be silent."""
TCP_AT_ONCE = 128
"""Connections on TCP that are answered at once; more are closed, as busy name servers do."""
HEADER_BYTES = 12
ANY = 255
_ROOM = threading.BoundedSemaphore(TCP_AT_ONCE)


class Questions(DNSHandler):  # type: ignore[misc]
    """Answers that do not fit are cut, so that resolvers ask again on TCP."""

    def handle(self) -> None:
        """A datagram, or all messages of a connection."""
        with suppress(OSError):  # the client has gone, or is silent
            if self.server.socket_type == socket.SOCK_STREAM:
                self._stream()
            else:
                data, answering = self.request
                said = self._answer(data, UDP_BYTES)
                if said:
                    answering.sendto(said, self.client_address)

    def _stream(self) -> None:
        if not _ROOM.acquire(blocking=False):
            return
        try:
            self.request.settimeout(TCP_SECONDS)
            while data := self._message():
                said = self._answer(data, 0)
                if not said:
                    return
                self.request.sendall(struct.pack("!H", len(said)) + said)
        finally:
            _ROOM.release()

    def _message(self) -> bytes:
        """The next one of a connection; empty when it ends, or ends within one."""
        length = self._exactly(2)
        return self._exactly(struct.unpack("!H", length)[0]) if length else b""

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            piece: bytes = self.request.recv(size - len(found))
            if not piece:
                return b""
            found += piece
        return found

    def _answer(self, data: bytes, most: int) -> bytes:
        """The answer to a message; none to what is no question. Never raises."""
        if len(data) < HEADER_BYTES or data[2] & 0x80:
            return b""  # answering an answer would go on for ever between two servers
        try:
            request = DNSRecord.parse(data)
        except (DNSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return _refusal(data, RCODE.FORMERR)
        code = _fault(request)
        if code is not None:
            return _refusal(data, code)
        try:
            reply = self.server.resolver.resolve(request, self)
            said: bytes = reply.pack()
            return said if not most or len(said) <= most else bytes(reply.truncate().pack())
        except Exception:  # the last resort of a server
            LOG.exception("a DNS query failed")
            return _refusal(data, RCODE.SERVFAIL)


def _fault(request: Any) -> int | None:
    """The code with which a message is refused that is no question of the internet's names; None for one that is."""
    if request.header.opcode != OPCODE.QUERY:
        return int(RCODE.NOTIMP)
    if len(request.questions) != 1:
        return int(RCODE.FORMERR)
    return None if request.q.qclass in (CLASS.IN, ANY) else int(RCODE.REFUSED)


def _refusal(data: bytes, code: int) -> bytes:
    """A header alone, since nothing of the question is sure."""
    number = struct.unpack("!H", data[:2])[0]
    header = DNSHeader(id=number, qr=QR.RESPONSE, opcode=(data[2] >> 3) & 0xF, rd=data[2] & 1, ra=0, rcode=code)
    return bytes(DNSRecord(header).pack())
