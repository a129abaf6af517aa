"""Requests that name their bucket in the host, as BUCKET.localhost, rewritten to the form that names it in the path.

That happens once, before anything else reads the request, so that every part of the sandbox sees the same operation.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html

`x.localhost` may also be the endpoint itself, with buckets in the path. Buckets that exist decide; where there are none,
the request does: one that creates a bucket by its path is sent to an endpoint.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, unquote

from sbctl.sandbox.s3.bucket_rules import NAME
from sbctl.sandbox.wire import models
from sbctl.sandbox.wire.identify import Request, is_for_s3

IsBucket = Callable[[str], bool]
_HOST = re.compile(r"(?P<name>[^:\[\]]+)\.localhost\.?(?P<port>:\d{1,5})?", re.IGNORECASE)
_ENDPOINT = re.compile(r"(?:(?P<bucket>.+)\.)?s3(?:\.dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?")
LISTS_BUCKETS = frozenset({"bucket-region", "continuation-token", "max-buckets", "prefix", "x-id"})
"""Arguments of ListBuckets; with others a GET of `/` lists objects."""
OF_OBJECTS = ("content-md5", "content-type", "x-amz-checksum-", "x-amz-meta-", "x-amz-sdk-checksum-algorithm")
"""Headers by which an upload is told from the creation of a bucket."""


def in_path(request: Request, is_bucket: IsBucket) -> Request:
    """The request with its bucket in the path and the host `localhost`; any other request as it came."""
    found = _HOST.fullmatch(request.headers.get("host", ""))
    if found is None or not request.path.startswith("/") or not is_for_s3(request):
        return request
    bucket = _bucket(found["name"].lower(), request, is_bucket)
    path = f"/{quote(bucket, safe='')}{'' if request.path == '/' else request.path}" if bucket else request.path
    return replace(request, path=path, headers={**request.headers, "host": f"localhost{found['port'] or ''}"})


def _bucket(name: str, request: Request, is_bucket: IsBucket) -> str:
    """The bucket that a host names; "" where it names an endpoint."""
    if is_bucket(name):
        return name
    endpoint = _ENDPOINT.fullmatch(name)
    if endpoint is not None:
        return endpoint["bucket"] or ""
    return "" if _is_for_endpoint(name, request, is_bucket) else name


def _is_for_endpoint(name: str, request: Request, is_bucket: IsBucket) -> bool:
    """Whether a request whose host names no bucket that exists has its bucket in the path."""
    first = unquote(request.path[1:].partition("/")[0])
    if not first:
        return request.method == "GET" and request.path == "/" and request.arguments.keys() <= LISTS_BUCKETS
    if not NAME.fullmatch(name):
        return True
    operation, _ = models.match("s3", request.method, request.path, request.arguments, request.headers) or ("", {})
    if operation == "CreateBucket":
        return not any(header.startswith(OF_OBJECTS) for header in request.headers)
    return is_bucket(first)
