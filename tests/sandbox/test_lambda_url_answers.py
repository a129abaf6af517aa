"""What a handler returns to a function URL, when it makes no HTTP response."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sbctl.sandbox.awslambda.url_requests import answered


@pytest.mark.parametrize(
    "returned",
    [
        {"statusCode": "many"},
        {"statusCode": None},
        {"statusCode": []},
        {"statusCode": 0},
        {"statusCode": 101},
        {"statusCode": 99999},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": "a: b"},
        {"statusCode": 200, "cookies": 5},
        {"statusCode": 200, "body": "a", "isBase64Encoded": True},
    ],
    ids=repr,
)
def test_what_makes_no_response_is_a_bad_gateway(returned: Any) -> None:
    """502, as Lambda answers for a function that misbehaves, and not a failure of the sandbox's own."""
    found = answered(json.dumps(returned))
    assert (found.status, json.loads(found.body)) == (502, {"Message": "Internal Server Error"})


@pytest.mark.parametrize(
    ("returned", "status"), [({"statusCode": "204"}, 204), ("text", 200), ({"a": 1}, 200), (None, 200)]
)
def test_what_makes_one_is_answered(returned: Any, status: int) -> None:
    """A map with a status code as it says, anything else as it is."""
    assert answered(json.dumps(returned)).status == status
