"""Which URLs can be those of an endpoint."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[A-Za-z0-9._:%-]+")
"""A name, or an address; of IPv6 it may have a zone."""


def endpoint_fault(url: str) -> str:
    """What is wrong with the URL of an endpoint; "" when it can be asked."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return f"Invalid endpoint: {url} ({error})"
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host or "") or port == 0:
        return f"Invalid endpoint: {url} (it is not http://HOST:PORT or https://HOST:PORT)"
    return ""
