"""Tokens of pages: the place at which the next one begins, opaque to callers."""

from __future__ import annotations

import base64

from sbctl.sandbox.service import ApiError


def token_of(start: int) -> str:
    """The token of the page that begins there."""
    return base64.b64encode(str(start).encode()).decode()


def start_of(token: str | None, code: str, said: str) -> int:
    """Where the page of a token begins; 0 without one. Raises ApiError with this code for what is no token."""
    try:
        return int(base64.b64decode(token, validate=True)) if token else 0
    except ValueError as error:
        raise ApiError(code, said, 400) from error
