"""A file from an address that AWS signed: over TLS, or from the endpoint that stands in for AWS."""

from __future__ import annotations

import urllib.request
from urllib.parse import urlsplit

PATIENCE_SECONDS = 30.0


class NotFetched(Exception):  # noqa: N818 - says what is so
    """The file did not come; the text says why and holds no part of the signed address but its host."""


def download(url: str, most: int, through: str | None = None) -> bytes:
    """The file, at most so many bytes. `through`: the only address that is asked without TLS. Raises NotFetched."""
    place = urlsplit(url)
    known = urlsplit(through) if through else None
    if place.scheme != "https" and (known is None or (place.scheme, place.netloc) != (known.scheme, known.netloc)):
        raise NotFetched(f"AWS names an address without TLS, at {place.netloc}")
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
            content: bytes = answer.read(most + 1)
    except (OSError, ValueError) as error:  # HTTPError and URLError are OSErrors
        raise NotFetched(f"{place.netloc} did not hand it out: {getattr(error, 'reason', error)}") from error
    if len(content) > most:
        raise NotFetched(f"it is larger than {most} bytes")
    return content
