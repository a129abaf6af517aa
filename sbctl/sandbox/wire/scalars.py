"""Single values between text and Python, as all protocols that carry text need them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from email.utils import format_datetime
from math import isfinite
from typing import Any

from botocore.model import Shape
from botocore.utils import parse_timestamp

from sbctl.sandbox.service import ApiError


def scalar(shape: Shape, text: str) -> Any:
    """A value that came as text, by its shape. Raises ApiError when it is none of that type."""
    kind = shape.type_name
    if kind in ("integer", "long", "float", "double"):
        return number(kind, text)
    if kind == "boolean":
        return text.lower() == "true"
    if kind == "timestamp":
        return moment(text)
    return decoded(text) if kind == "blob" else text


def number(kind: str, text: str) -> int | float:
    """A number of a model's type. Raises ApiError."""
    try:
        found = int(text) if kind in ("integer", "long") else float(text)
    except ValueError as error:
        raise ApiError("SerializationException", f"{text[:100]!r} is not a number") from error
    if not isfinite(found):
        raise ApiError("SerializationException", f"{text[:100]!r} is not finite")
    return found


def moment(value: Any) -> datetime:
    """A timestamp in any form that AWS accepts. Raises ApiError."""
    try:
        found: datetime = parse_timestamp(value)
        return found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, OSError, RuntimeError) as error:
        raise ApiError("SerializationException", f"{str(value)[:100]!r} is not a time") from error


def decoded(text: str) -> bytes:
    """A blob. Raises ApiError when it is not base64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:  # binascii.Error is one, and so is text that is not ASCII
        raise ApiError("SerializationException", f"not base64: {error}") from error


def text_of(shape: Shape, value: Any, default_time: str = "iso8601") -> str:
    """A value as XML and headers carry it. `default_time` is the protocol's own form of a timestamp."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return str(time_of(shape, value, default_time))
    return str(value)


def time_of(shape: Shape, value: datetime, default: str) -> str | float:
    """A timestamp in the form that its shape asks for: iso8601, rfc822 or unixTimestamp (seconds)."""
    wanted = shape.serialization.get("timestampFormat", default)
    moved = value.astimezone(UTC)
    if wanted == "iso8601":
        return moved.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    if wanted == "rfc822":
        return format_datetime(moved, usegmt=True)
    return round(moved.timestamp(), 3)
