"""The audio of a prompt: read from a bucket of the instance's region, and refused where Connect could not play it.

https://docs.aws.amazon.com/connect/latest/adminguide/prompts.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from sbctl.sandbox.service import Answer, ApiError

LARGEST = 50 * 1024 * 1024
Objects = Callable[[str, str, Mapping[str, Any]], Answer]
"""Asks S3: operation, region, parameters. Raises ApiError."""


def audio_at(objects: Objects, region: str, uri: str) -> bytes:
    """The audio at `s3://bucket/key`. Raises ApiError when it cannot be read, is elsewhere, or is no .wav under 50 MB."""
    split = urlsplit(uri)
    bucket, key = split.netloc, unquote(split.path.lstrip("/"))
    try:
        where = objects("GetBucketLocation", region, {"Bucket": bucket}).get("LocationConstraint") or "us-east-1"
        if where != region:
            raise _refused(f"the bucket {bucket} is in {where}, the instance in {region}")
        body: bytes = objects("GetObject", region, {"Bucket": bucket, "Key": key})["Body"]
    except ApiError as error:
        if error.code == "InvalidParameterException":
            raise
        raise _refused(f"{uri} cannot be read: {error.code}") from error
    if len(body) >= LARGEST:
        raise _refused(f"{uri} is not smaller than 50 MB")
    if body[:4] != b"RIFF" or body[8:12] != b"WAVE":
        raise _refused(f"{uri} is not a .wav file")
    return body


def _refused(why: str) -> ApiError:
    return ApiError("InvalidParameterException", f"The audio of the prompt is not valid: {why}", 400)
