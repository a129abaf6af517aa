"""Deployment packages: the zip that a request carries or names, opened as Lambda opens it.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.awslambda.settings import invalid
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import ApiError

UNZIPPED_BYTES = 262144000
HOME = "us-east-1"
"""What GetBucketLocation means when it says nothing."""


def package_of(code: Mapping[str, Any], region: str, upstream: Upstream) -> bytes | None:
    """The zip that a request carries or names, checked; None for a container image. Raises ApiError."""
    if "ZipFile" in code:
        package = bytes(code["ZipFile"])
    elif "S3Bucket" in code and "S3Key" in code:
        package = _from_s3(code, region, upstream)
    elif "ImageUri" in code:
        return None
    else:
        raise invalid("Please provide a source for function code.")
    _check(package)
    return package


def sha256_of(package: bytes) -> str:
    """What CodeSha256 says of a package."""
    return base64.b64encode(hashlib.sha256(package).digest()).decode()


def _from_s3(code: Mapping[str, Any], region: str, upstream: Upstream) -> bytes:
    where = {"Bucket": code["S3Bucket"], "Key": code["S3Key"]}
    if "S3ObjectVersion" in code:
        where["VersionId"] = code["S3ObjectVersion"]
    try:
        location = upstream.call("s3", "GetBucketLocation", region, {"Bucket": code["S3Bucket"]})
        home = location.get("LocationConstraint") or HOME
        if home != region:
            message = f"The bucket is in this region: {home}. Please use this region to retry the request"
            raise ApiError("PermanentRedirect", message, 301)
        return bytes(upstream.call("s3", "GetObject", region, where)["Body"])
    except ApiError as error:
        text = f"S3 Error Code: {error.code}. S3 Error Message: {error.message}"
        raise invalid(f"Error occurred while GetObject. {text}") from error


def _check(package: bytes) -> None:
    if not package:
        raise invalid("Uploaded file must be a non-empty zip")
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            broken = archive.testzip()
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _cannot_unzip() from error
    if broken:
        raise _cannot_unzip()
    if not entries:
        raise invalid("Uploaded file must be a non-empty zip")
    if sum(entry.file_size for entry in entries) > UNZIPPED_BYTES:
        raise invalid(f"Unzipped size must be smaller than {UNZIPPED_BYTES} bytes")


def _cannot_unzip() -> ApiError:
    return invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
