"""Who may ask: programs of this machine, and nobody's web page.

A browser on this machine would carry a page's requests here. It says for whom it asks: Origin and Sec-Fetch-Site name the page,
Host the name under which it found this server. Other clients send neither, and a loopback name.
https://fetch.spec.whatwg.org/#origin-header
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hmac import compare_digest
from ipaddress import ip_address

from sbctl.sandbox.wire.function_urls import HOST as FUNCTION_URL

TOKEN_HEADER = "x-sbctl-token"
"""Carries the token of the sandbox's note with every control request."""
MARK = "x-sbctl-sandbox"
"""In the answer to a control request without the token: by it a sandbox is known."""
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::\d{1,5})?", re.IGNORECASE)
OWN_SITES = ("", "none", "same-origin")


def stranger(headers: Mapping[str, str]) -> str:
    """Why a request is not answered, from its headers (names in lower case); "" for a program of this machine."""
    host = headers.get("host", "")
    if host and not (is_loopback(host) or FUNCTION_URL.fullmatch(host.lower())):
        return f"the Host {host!r} is neither a name of this machine nor a function URL"
    if headers.get("sec-fetch-site", "").lower() not in OWN_SITES:
        return "a page of another site asks"
    origin = headers.get("origin", "")
    if origin and origin.lower() != f"http://{host}".lower():
        return f"a page of {origin!r} asks"
    return ""


def is_loopback(host: str) -> bool:
    """Whether a Host header, with or without a port, is a name of this machine."""
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found[1].strip("[]").lower().rstrip(".")
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def is_trusted(headers: Mapping[str, str], token: str) -> bool:
    """Whether a control request carries the token."""
    return compare_digest(headers.get(TOKEN_HEADER, "").encode("latin-1", "replace"), token.encode())
