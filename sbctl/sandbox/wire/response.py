"""An HTTP answer, raw, on its way to the client."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Response:
    """Status, body and headers: names in lower case; of one that is there several times (cookies), a value a line."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
