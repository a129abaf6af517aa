"""What S3 looks at before it does anything: whether a request came in time, to the bucket's region, and whole.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable
from urllib.parse import unquote

from sbctl.sandbox.identify import Identity, Request
from sbctl.sandbox.s3.requests import check_expiry, check_key, no_acls, sets_acl
from sbctl.sandbox.service import ApiError

HOME = "us-east-1"
REDIRECT = (
    "The bucket you are attempting to access must be addressed using the specified endpoint. "
    "Please send all future requests to this endpoint."
)
WHOLE_OBJECT = "CompleteMultipartUpload"
"""Its checksum is that of the object and not of the request's body."""
CHECKSUMS: dict[str, Callable[[bytes], bytes]] = {
    "SHA256": lambda body: hashlib.sha256(body).digest(),
    "SHA1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "CRC32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
}


class Admission:
    """Judges raw requests. `region_of` gives a bucket's region, "" where there is none; `has_acls` whether it takes ACLs."""

    def __init__(self, region_of: Callable[[str], str], has_acls: Callable[[str], bool]) -> None:
        self._region_of = region_of
        self._has_acls = has_acls

    def admit(self, who: Identity, request: Request) -> None:
        """Raise ApiError for a request that S3 does not look into further."""
        check_expiry(request)
        self._check_region(who, request)
        check_key(who)
        if who.operation != "CreateBucket" and sets_acl(who, request) and not self._has_acls(_bucket(who)):
            raise no_acls()
        if request.body and not _is_framed(request):
            _check_md5(request)
            if who.operation != WHOLE_OBJECT:
                _check_sums(request)

    def _check_region(self, who: Identity, request: Request) -> None:
        """An unsigned request has no region, and the sandbox one endpoint for all of them, so it is let through."""
        bucket = _bucket(who)
        if not bucket or who.operation == "CreateBucket" or not _is_signed(request):
            return
        if who.operation == "GetBucketLocation" and who.region == HOME:
            return  # it tells the region of any bucket to those who ask there
        region = self._region_of(bucket)
        if region not in ("", who.region):
            members = {"Endpoint": f"{bucket}.s3.{region}.amazonaws.com", "Bucket": bucket}
            raise ApiError("PermanentRedirect", REDIRECT, 301, members, {"x-amz-bucket-region": region})


def _bucket(who: Identity) -> str:
    return unquote(who.path_parameters.get("Bucket", ""))


def _is_signed(request: Request) -> bool:
    return "authorization" in request.headers or "X-Amz-Credential" in request.arguments


def _is_framed(request: Request) -> bool:
    """Whether the body is cut into signed chunks, so that it is not the content."""
    chunked = "aws-chunked" in request.headers.get("content-encoding", "")
    return chunked or request.headers.get("x-amz-content-sha256", "").startswith("STREAMING-")


def _check_md5(request: Request) -> None:
    given = request.headers.get("content-md5")
    if given is None:
        return
    digest = hashlib.md5(request.body, usedforsecurity=False).digest()
    told = _decoded(given)
    if told is None or len(told) != len(digest):
        raise ApiError("InvalidDigest", "The Content-MD5 you specified was invalid.", 400)
    if told != digest:
        raise ApiError("BadDigest", "The Content-MD5 you specified did not match what we received.", 400)


def _check_sums(request: Request) -> None:
    for name, of in CHECKSUMS.items():
        header = f"x-amz-checksum-{name.lower()}"
        given = request.headers.get(header)
        if given is None:
            continue
        digest, told = of(request.body), _decoded(given)
        if told is None or len(told) != len(digest):
            raise ApiError("InvalidRequest", f"Value for {header} header is invalid.", 400)
        if told != digest:
            raise ApiError("BadDigest", f"The {name} you specified did not match the calculated checksum.", 400)


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
