"""Whose resources a run deals with: AWS's, the sandbox's, or those of another endpoint. A state belongs to one of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sbctl.files.regular import read_regular

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

AWS = "aws"
SANDBOX = "sandbox"
OF_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn")
"""Ends of the hosts of AWS's own endpoints, private ones included.
https://docs.aws.amazon.com/general/latest/gr/rande.html"""
MARK = "X-Sbctl-Sandbox"
"""In the sandbox's answer to a control request."""
ANSWER_SECONDS = 3.0


def endpoint_name(url: str) -> str:
    """ "aws", "sandbox" when our sandbox answers at this URL, else the host and port (LocalStack, a proxy)."""
    host = urlsplit(url).netloc.rpartition("@")[2]
    if urlsplit(url).hostname is not None and f".{urlsplit(url).hostname}".endswith(OF_AWS):
        return AWS
    return SANDBOX if _is_sandbox(url) else host


def noted(path: Path) -> Mapping[str, Any]:
    """The note of a sandbox that was started for a state; empty when there is none that can be read."""
    try:
        found = json.loads(read_regular(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def noted_for(state: Path) -> Mapping[str, Any]:
    """The note of the sandbox that was started for a state."""
    return noted(state / "sandbox" / "sandbox.json")


def _is_sandbox(url: str) -> bool:
    """Whether the sandbox's control API answers there: it asks for its token. Others say that they do not know the path."""
    from http.client import (  # TLS with it, which most commands need not load
        HTTPConnection,
        HTTPException,
        HTTPSConnection,
    )

    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    try:
        connection = kind(parts.netloc.rpartition("@")[2], timeout=ANSWER_SECONDS)
    except HTTPException:
        return False
    try:
        connection.request("GET", "/_sandbox/status")
        return connection.getresponse().getheader(MARK) is not None
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
