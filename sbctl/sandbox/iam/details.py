"""GetAccountAuthorizationDetails: users, groups, roles and policies with all that is in them, by the page.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sbctl.sandbox.cloudwatch.tokens import start_of, token_of
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import Answer, Call

LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
PAGE = 100
DOCUMENTS = ("AssumeRolePolicyDocument", "Document", "PolicyDocument")


def authorization_details(upstream: Upstream, call: Call) -> Answer:
    """One page: MaxItems counts the items of all lists together."""
    params = call.params
    asked = {name: params[name] for name in ("Filter",) if params.get(name)}
    whole = upstream.call("iam", call.operation, call.region, asked)
    rows = [(member, row) for member in LISTS for row in whole.get(member) or ()]
    start = start_of(params.get("Marker"), "ValidationError", "Invalid Marker.")
    end = start + int(params.get("MaxItems") or PAGE)
    page: Answer = {member: [_sent(row) for name, row in rows[start:end] if name == member] for member in LISTS}
    return {**page, "IsTruncated": end < len(rows), **({"Marker": token_of(end)} if end < len(rows) else {})}


def _sent(value: Any, name: str = "") -> Any:
    """As it goes out: policy documents are percent-encoded JSON."""
    if name in DOCUMENTS:
        return quote(value if isinstance(value, str) else json.dumps(value))
    if isinstance(value, Mapping):
        return {inner: _sent(one, inner) for inner, one in value.items()}
    return [_sent(one) for one in value] if isinstance(value, list) else value
