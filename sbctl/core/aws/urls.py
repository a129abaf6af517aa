"""Which URLs can be those of an endpoint."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[A-Za-z0-9._:%-]+")
"""A name, or an address; of IPv6 it may have a zone."""


def endpoint_fault(url: str) -> str:
    """What is wrong with the URL of an endpoint; "" when it can be asked."""
    return "" if _can_be_asked(url) else f"{url!r} is not of the form http://HOST:PORT or https://HOST"


def _can_be_asked(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # half a bracket, a port that is no number
        return False
    return parts.scheme in ("http", "https") and _HOST.fullmatch(host) is not None and port != 0
