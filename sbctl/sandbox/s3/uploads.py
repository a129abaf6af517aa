"""Bodies of objects, as they came: moto reads one that is called a form as a form, and then has no body left."""

from __future__ import annotations

from dataclasses import replace

from sbctl.sandbox.wire.identify import Request

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
"""What curl and others call a body when nobody tells them."""
PLAIN = "binary/octet-stream"
"""What S3 calls a body that was not given a type."""


def is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith(FORMS)


def as_body(request: Request) -> Request:
    """The request with a content type by which nothing is read out of its body."""
    return replace(request, headers={**request.headers, "content-type": PLAIN}) if is_form(request) else request
