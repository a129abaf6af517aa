"""What an endpoint answers to one GET: its status, or why there is none.

With `through` set, requests for any host go to that address and keep their own Host header, as the sandbox and other local
stand-ins serve function URLs; else they go to the host itself over TLS.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

PATIENCE_SECONDS = 3.0
SHOWN_BYTES = 512


@dataclass(frozen=True)
class HttpAnswer:
    """`status` 0 means no answer; `failure` then says why. `seconds` is how long it took. `body` is its beginning."""

    host: str
    path: str
    status: int = 0
    body: str = ""
    failure: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """As Route 53 judges an endpoint: 2xx or 3xx."""
        return 200 <= self.status < 400


class Http:
    """Asks endpoints. Never raises for what the network does."""

    def __init__(self, through: str | None = None, patience: float = PATIENCE_SECONDS, slack: float = 1.0) -> None:
        self.through = through
        self._patience = patience * slack

    def get(self, host: str, path: str) -> HttpAnswer:
        begun = time.monotonic()
        try:
            connection = self._connection(host)
        except (ValueError, HTTPException) as error:  # the endpoint is no URL, or the host no name
            return HttpAnswer(host, path, failure=str(error), seconds=time.monotonic() - begun)
        try:
            connection.request("GET", path, headers={"Host": host, "User-Agent": "sbctl"})
            response = connection.getresponse()
            body = response.read(SHOWN_BYTES).decode("utf-8", "replace")
            return HttpAnswer(host, path, response.status, body, seconds=time.monotonic() - begun)
        except (OSError, HTTPException, ValueError) as error:  # ValueError: what is no host name
            why = str(error) or type(error).__name__
            return HttpAnswer(host, path, failure=why, seconds=time.monotonic() - begun)
        finally:
            connection.close()

    def _connection(self, host: str) -> HTTPConnection:
        if not self.through:
            return HTTPSConnection(host, timeout=self._patience)
        through = urlsplit(self.through)
        kind = HTTPSConnection if through.scheme == "https" else HTTPConnection
        return kind(through.hostname or "", through.port, timeout=self._patience)
