"""What S3 looks at before it does anything: whether a request came in time, to the bucket's region, and whole.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from sbctl.sandbox.s3.checksums import check_content
from sbctl.sandbox.s3.requests import check_expiry, check_key, no_acls, sets_acl
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.identify import Identity, Request

HOME = "us-east-1"
REDIRECT = (
    "The bucket you are attempting to access must be addressed using the specified endpoint. "
    "Please send all future requests to this endpoint."
)


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
        check_content(who, request)

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
