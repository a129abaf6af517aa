"""A file from an address that AWS signed: over TLS, or from the endpoint that stands in for AWS."""

from __future__ import annotations

import urllib.request
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlsplit

PATIENCE_SECONDS = 30.0


class NotFetched(Exception):  # noqa: N818 - says what is so
    """The file did not come; the text says why and holds no part of the signed address but its host.

    `passing` says that it may come another time: the network failed, or the server did.
    """

    def __init__(self, why: str, *, passing: bool = False) -> None:
        super().__init__(why)
        self.passing = passing


def download(url: str, most: int, through: str | None = None) -> bytes:
    """The file, at most so many bytes. `through`: the only address that is asked without TLS. Raises NotFetched."""
    place = urlsplit(url)
    known = urlsplit(through) if through else None
    if place.scheme != "https" and (known is None or (place.scheme, place.netloc) != (known.scheme, known.netloc)):
        raise NotFetched(f"AWS names an address without TLS, at {place.netloc}")
    try:
        # what stands in for AWS is asked as it was named, not through a proxy
        handlers = [urllib.request.ProxyHandler({})] if place.scheme != "https" else []
        with urllib.request.build_opener(*handlers).open(url, timeout=PATIENCE_SECONDS) as answer:
            content: bytes = answer.read(most + 1)
    except (OSError, ValueError, HTTPException) as error:  # HTTPError and URLError are OSErrors
        status = getattr(error, "code", 0)
        passing = not isinstance(error, ValueError) and (
            status == 0 or status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500
        )
        why = f"{place.netloc} did not hand it out: {getattr(error, 'reason', error)}"
        raise NotFetched(why, passing=passing) from error
    if len(content) > most:
        raise NotFetched(f"it is larger than {most} bytes")
    return content
