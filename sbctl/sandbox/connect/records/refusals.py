"""How operations on records and metrics refuse a parameter."""

from __future__ import annotations

from sbctl.sandbox.service import ApiError


def invalid(message: str) -> ApiError:
    """The refusal of a parameter."""
    return ApiError("InvalidParameterException", message, 400)
