"""A failed call becomes a problem with the remedy that its cause has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.aws.problem import from_aws
from sbctl.core.problem import Exit, Problem, merged


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


@pytest.mark.parametrize(
    ("detail", "told"), [("", "the same 1 more time, at b"), ("it is new", "it is new; the same 1 more time, at b")]
)
def test_one_cause_is_told_once_with_or_without_a_reason(detail: str, told: str) -> None:
    """The count stands alone where the problem gives no reason."""
    same = [Problem(code="c", summary="s", detail=detail, at=at, exit=Exit.REFUSED, cause="c") for at in "ab"]
    assert [problem.detail for problem in merged(same)] == [told]


def test_a_problem_that_is_met_twice_is_told_once() -> None:
    """Without a count: it is the same one, which a plan and the check after it have both found."""
    one = Problem(code="c", summary="s", detail="d", at="a")
    assert merged([one, one, replace(one, at="b")]) == (one, replace(one, at="b"))
