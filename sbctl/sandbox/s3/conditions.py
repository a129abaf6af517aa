"""Conditional writes and deletes: If-Match and If-None-Match against the current version.

moto knows them for some operations only, so they are judged here for all, in one step with the write under moto's lock of S3.
For that reason a 409 ConditionalRequestConflict never comes: no other write can slip in between. The first to finish wins.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html and conditional-deletes.html
"""

from __future__ import annotations

from dataclasses import replace

from sbctl.sandbox.moto_bridge.s3 import ObjectVersion
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.identify import Request

HEADERS = ("if-match", "if-none-match")


def check(request: Request, key: str, current: ObjectVersion | None) -> None:
    """Raises ApiError: 412 for a condition that does not hold, 404 for If-Match on a key without an object.

    `current` is the newest version. A delete marker counts as no object; only If-Match: * on a delete calls it a 412.
    """
    match, none_match = (request.headers.get(name, "") for name in HEADERS)
    if none_match and none_match != "*":
        raise ApiError("NotImplemented", "A header you provided implies functionality that is not implemented", 501)
    if match:
        check_match(match, key, current)
    if none_match and current is not None and not current.is_marker:
        raise _failed("If-None-Match")


def without(request: Request) -> Request:
    """The request without its conditions, once they are known to hold."""
    if not any(name in request.headers for name in HEADERS):
        return request
    return replace(request, headers={name: value for name, value in request.headers.items() if name not in HEADERS})


def check_match(etag: str, key: str, current: ObjectVersion | None) -> None:
    """If-Match alone; the ETag with or without quotes, or "*" for any. Raises ApiError as `check` does."""
    if current is not None and current.is_marker and etag == "*":
        raise _failed("If-Match")
    if current is None or current.is_marker:
        raise ApiError("NoSuchKey", "The specified key does not exist.", 404, {"Key": key})
    if etag != "*" and etag.strip('"') != current.etag:
        raise _failed("If-Match")


def _failed(condition: str) -> ApiError:
    text = "At least one of the pre-conditions you specified did not hold"
    return ApiError("PreconditionFailed", text, 412, {"Condition": condition})
