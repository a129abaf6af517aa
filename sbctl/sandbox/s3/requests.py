"""Requests for objects that S3 refuses by their head: too long a key, an ACL where there are none, a URL whose time is over.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from urllib.parse import unquote

from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.identify import Identity, Request

KEY_BYTES = 1024
LONGEST_SECONDS = 604_800
"""A presigned URL of signature version 4 is good for seven days at most."""
OWNERS = "bucket-owner-full-control"
SETS_ACL = frozenset({"PutBucketAcl", "PutObjectAcl"})


def check_key(who: Identity) -> None:
    """Raises ApiError for a key that is too long."""
    size = len(unquote(who.path_parameters.get("Key", "")).encode())
    if size > KEY_BYTES:
        members = {"Size": str(size), "MaxSizeAllowed": str(KEY_BYTES)}
        raise ApiError("KeyTooLongError", "Your key is too long", 400, members)


def sets_acl(who: Identity, request: Request) -> bool:
    """Whether a request is for an ACL that a bucket without ACLs does not take."""
    canned = request.headers.get("x-amz-acl")
    grants = any(name.startswith("x-amz-grant-") for name in request.headers)
    return canned != OWNERS and (who.operation in SETS_ACL or canned is not None or grants)


def no_acls() -> ApiError:
    """The answer to it."""
    return ApiError("AccessControlListNotSupported", "The bucket does not allow ACLs", 400)


def check_expiry(request: Request) -> None:
    """Raises ApiError for a presigned URL whose time is over, by real time: it was signed by a client's clock."""
    until = _expires(request.arguments)
    if until is not None and until < time.time():
        members = {"Expires": datetime.fromtimestamp(until, UTC).isoformat(timespec="seconds")}
        raise ApiError("AccessDenied", "Request has expired", 403, members)


def _expires(arguments: dict[str, str]) -> float | None:
    """When a URL stops being good, by either version of signatures; None for a request that is no such URL."""
    try:
        if "X-Amz-Expires" in arguments:
            seconds = int(arguments["X-Amz-Expires"])
            signed = datetime.strptime(arguments.get("X-Amz-Date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            if not 0 <= seconds <= LONGEST_SECONDS:
                raise _malformed(f"X-Amz-Expires must be between 0 and {LONGEST_SECONDS} seconds")
            return signed.timestamp() + seconds
        if "Signature" in arguments and "AWSAccessKeyId" in arguments:
            return float(arguments["Expires"])
    except (KeyError, ValueError) as error:
        raise _malformed("The query string's date or expiry is missing or malformed") from error
    return None


def _malformed(message: str) -> ApiError:
    return ApiError("AuthorizationQueryParametersError", message, 400)
