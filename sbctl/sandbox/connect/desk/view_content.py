"""What a view holds, as it is kept and shown, and the views that AWS gives to every instance.

Of a template it is looked at whether it is a JSON object; the schema of its input is not derived from it.
https://docs.aws.amazon.com/connect/latest/adminguide/view-resources-sg.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.store import ConnectResource
from sbctl.sandbox.documents import read_document
from sbctl.sandbox.service import ApiError

LARGEST = 400 * 1024
MANAGED = ("cards", "confirmation", "detail", "form", "list")
SCHEMA = '{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{}}'


def checked(content: Mapping[str, Any], *, publish: bool) -> dict[str, Any]:
    """The content, when it can be saved, or published. Raises ApiError."""
    template = content.get("Template")
    if publish and not template:
        raise _wrong("A published view has a template")
    if template is not None:
        try:
            tree = read_document(template)
        except ValueError as error:
            raise _wrong("The template is not JSON") from error
        if not isinstance(tree, dict):
            raise _wrong("The template is not a JSON object")
        if len(template.encode()) > LARGEST:
            raise _wrong("The content is larger than 400 kB")
    return dict(content)


def _wrong(why: str) -> ApiError:
    return ApiError("InvalidParameterException", why, 400)


def checksum(content: Mapping[str, Any]) -> str:
    """The checksum that a view's content is told by."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def shown(view: ConnectResource, content: Mapping[str, Any], status: str) -> dict[str, Any]:
    """A view with this content."""
    return {
        **row(view),
        "Status": status,
        "Content": {"InputSchema": SCHEMA, **content},
        "ViewContentSha256": checksum(content),
        "Tags": dict(view.tags),
        "CreatedTime": view.values["Created"],
        "LastModifiedTime": view.changed,
    }


def row(view: ConnectResource) -> dict[str, Any]:
    """A view as lists show it."""
    return {
        "Id": view.id,
        "Arn": view.arn,
        "Name": view.values["Name"],
        "Type": "CUSTOMER_MANAGED",
        "Status": "SAVED" if view.values.get("Content") is None else "PUBLISHED",
        "Description": view.values.get("Description"),
    }


def managed(region: str) -> list[dict[str, Any]]:
    """AWS's own views, as lists show them. They are described by their ARN alone."""
    return [
        {
            "Id": name,
            "Arn": f"arn:aws:connect:{region}:aws:view/{name}:1",
            "Name": f"AWS {name.title()} View",
            "Type": "AWS_MANAGED",
            "Status": "PUBLISHED",
        }
        for name in MANAGED
    ]
