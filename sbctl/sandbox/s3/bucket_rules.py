"""Names of buckets and bucket policies that S3 refuses.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.iam.documents import statements, texts
from sbctl.sandbox.service import ApiError

NAME = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def check_name(name: str) -> None:
    """Raise ApiError when no bucket can have this name."""
    formed = NAME.fullmatch(name) and not ADDRESS.fullmatch(name)
    if not formed or name.startswith(PREFIXES) or name.endswith(SUFFIXES):
        raise ApiError("InvalidBucketName", "The specified bucket is not valid.", 400, {"BucketName": name})


def check_policy(bucket: str, text: str) -> None:
    """Raise ApiError when the text is no policy of this bucket."""
    if not text.startswith("{"):
        raise _malformed("Policies must be valid JSON and the first byte must be '{'")
    try:
        found = statements(text)
    except ApiError as error:
        raise _malformed(error.message) from error
    for statement in found:
        _check_statement(statement, f"arn:aws:s3:::{bucket}")


def _check_statement(statement: Mapping[str, Any], arn: str) -> None:
    for name in ("Principal", "Action", "Resource"):
        if name not in statement and f"Not{name}" not in statement:
            raise _malformed(f"Missing required field {name}")
    actions = texts(statement.get("Action", statement.get("NotAction")))
    if not all(action == "*" or action.lower().startswith("s3:") for action in actions):
        raise _malformed("Policy has invalid action")
    resources = texts(statement.get("Resource", statement.get("NotResource")))
    if not all(resource == arn or resource.startswith((f"{arn}/", f"{arn}*")) for resource in resources):
        raise _malformed("Policy has invalid resource")


def _malformed(message: str) -> ApiError:
    return ApiError("MalformedPolicy", message, 400)
