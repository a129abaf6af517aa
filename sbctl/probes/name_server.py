"""The address of a DNS server, as options and notes spell it. Apart from the library that asks it, which takes a while to load."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import ip_address


@dataclass(frozen=True)
class NameServer:
    """A DNS server by its IP address and port."""

    host: str
    port: int = 53

    @classmethod
    def of(cls, text: str) -> NameServer:
        """`HOST`, `HOST:PORT` or `[IPv6]:PORT`; a name is looked up now. Raises ValueError."""
        host, colon, port = text.rpartition(":")
        if not colon or (":" in host and not host.startswith("[")):
            host, port = text, "53"
        host = host.strip("[]")
        if not host or not (port.isascii() and port.isdigit()) or not 0 < int(port[:6]) < 65536:
            raise ValueError(f"{text!r} is not HOST:PORT")
        return cls(_address(host), int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _address(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)[0][4][0])
    except (OSError, UnicodeError) as error:
        raise ValueError(f"{host!r} is no IP address, and no host of that name is known") from error
