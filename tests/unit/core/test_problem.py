"""A failed call becomes a problem with the remedy that its cause has."""

from __future__ import annotations

import pytest

from sbctl.core.problem import AwsError, Exit, Problem, from_aws, merged


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("NoCredentials", "AWS_PROFILE"),
        ("ExpiredToken", "aws sso login"),
        ("ExpiredTokenException", "aws sso login"),
        ("InvalidClientTokenId", "keys of this profile"),
        ("SignatureDoesNotMatch", "clock"),
        ("AccessDenied", "sbctl iam-policy"),
    ],
)
def test_who_is_not_let_in_is_told_why(code: str, remedy: str) -> None:
    """No credentials, stale ones, wrong ones and a missing permission are four things, with four remedies and one exit code."""
    problem = from_aws(AwsError(code, "no", service="dynamodb", operation="PutItem", region="us-west-2"))
    assert (problem.exit, problem.code) == (Exit.CREDENTIALS, "access-denied")
    assert remedy in problem.fix
    assert ("dynamodb:PutItem" in problem.fix) is (code == "AccessDenied")


def test_a_cause_without_details_is_told_once_with_its_places() -> None:
    """What is appended begins no sentence with a semicolon."""
    found = [Problem(code="x", summary="Not deployed", at=at, cause="x") for at in ("a", "b")]
    (told,) = merged(found)
    assert told.detail == "the same 1 more time, at b"
