"""Whether the content of a request is what the client says it is: by Content-MD5, one checksum, and the payload's hash.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Callable, Mapping
from functools import cache

from sbctl.sandbox.s3.chunked import Content, content_of
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.identify import Identity, Request

WHOLE_OBJECT = "CompleteMultipartUpload"
"""Its checksum is that of the object and not of the request's body."""
UPLOADS = ("PutObject", "UploadPart")
PREFIX = "x-amz-checksum-"
SLOW_BYTES = 8 * 1024 * 1024
"""Up to here the checksums are computed for which Python has nothing fast."""
_SHA256 = re.compile("[0-9a-f]{64}")


def _reflected(body: bytes, polynomial: int, size: int) -> bytes:
    """A CRC of `size` bytes whose bits are reflected, as all of S3's are."""
    table, ones = _table(polynomial), (1 << 8 * size) - 1
    value = ones
    for byte in body:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return (value ^ ones).to_bytes(size, "big")


@cache
def _table(polynomial: int) -> tuple[int, ...]:
    found = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (polynomial if value & 1 else 0)
        found.append(value)
    return tuple(found)


CHECKSUMS: Mapping[str, tuple[int, Callable[[bytes], bytes]]] = {
    "SHA256": (32, lambda body: hashlib.sha256(body).digest()),
    "SHA1": (20, lambda body: hashlib.sha1(body, usedforsecurity=False).digest()),
    "CRC32": (4, lambda body: zlib.crc32(body).to_bytes(4, "big")),
    "CRC32C": (4, lambda body: _reflected(body, 0x82F63B78, 4)),
    "CRC64NVME": (8, lambda body: _reflected(body, 0x9A6C9329AC4BC9B5, 8)),
}
"""By algorithm: how many bytes its checksums have, and how they are computed."""
SLOW = ("CRC32C", "CRC64NVME")


def check_content(who: Identity, request: Request) -> None:
    """Raises ApiError for content that did not come whole, or whose checksum is malformed or of other content."""
    if request.method not in ("PUT", "POST"):
        return
    content = content_of(request)
    if content is None:
        return
    _check_md5(request.headers.get("content-md5"), content.body)
    _check_payload(request)
    if who.operation == WHOLE_OBJECT:
        return
    told = _told(request.headers, content)
    if who.operation in UPLOADS:
        _check_algorithm(request.headers, told)
    for header, (value, where) in told.items():
        _check_sum(header.removeprefix(PREFIX).upper(), value, where, content.body)


def _told(headers: Mapping[str, str], content: Content) -> dict[str, tuple[str, str]]:
    """The checksum that came, by its header, with the word for its place. Raises ApiError for several."""
    names = [PREFIX + name.lower() for name in CHECKSUMS]
    found = {name: (headers[name], "header") for name in names if name in headers}
    trailers = {name: (content.trailers[name], "trailing header") for name in names if name in content.trailers}
    announced = [name.strip().lower() for name in headers.get("x-amz-trailer", "").split(",") if name.strip()]
    if any(name in names and name not in trailers for name in announced):
        raise ApiError(
            "MalformedTrailerError",
            "The request contained trailing data that was not well-formed or did not conform to our published schema.",
            400,
        )
    if len(found) > 1:
        raise _invalid("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
    if found and trailers:
        raise _invalid("Expecting a single x-amz-checksum- header")
    return found or trailers


def _check_algorithm(headers: Mapping[str, str], told: Mapping[str, object]) -> None:
    wanted = headers.get("x-amz-sdk-checksum-algorithm")
    if wanted is None:
        return
    if not told:
        raise _invalid(
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers "
            "were found."
        )
    if PREFIX + wanted.lower() not in told:
        raise _invalid("Value for x-amz-sdk-checksum-algorithm header is invalid.")


def _check_sum(name: str, value: str, where: str, body: bytes) -> None:
    size, of = CHECKSUMS[name]
    digest = _decoded(value)
    if digest is None or len(digest) != size:
        raise _invalid(f"Value for {PREFIX}{name.lower()} {where} is invalid.")
    if name in SLOW and len(body) > SLOW_BYTES:
        return
    if digest != of(body):
        raise ApiError("BadDigest", f"The {name} you specified did not match the calculated checksum.", 400)


def _check_md5(given: str | None, body: bytes) -> None:
    if given is None:
        return
    digest, told = hashlib.md5(body, usedforsecurity=False).digest(), _decoded(given)
    if told is None or len(told) != len(digest):
        raise ApiError("InvalidDigest", "The Content-MD5 you specified was invalid.", 400)
    if told != digest:
        raise ApiError("BadDigest", "The Content-MD5 you specified did not match what we received.", 400)


def _check_payload(request: Request) -> None:
    """The hash of the payload as it was sent, which is part of what a client signs."""
    told = request.headers.get("x-amz-content-sha256", "")
    if not _SHA256.fullmatch(told):
        return
    found = hashlib.sha256(request.body).hexdigest()
    if told != found:
        members = {"ClientComputedContentSHA256": told, "S3ComputedContentSHA256": found}
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        raise ApiError("XAmzContentSHA256Mismatch", message, 400, members)


def _decoded(text: str) -> bytes | None:
    """Bytes of base64 as it is written, without spare bits."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode() == text else None


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidRequest", message, 400)
