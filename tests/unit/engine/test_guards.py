"""Guards that need a call: whose account the credentials are of."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.problem import Exit
from sbctl.engine.planning.guards import against_foreign_account

REGIONS = ("us-east-1", "us-west-2")


class Sts:
    """STS in regions of which some do not answer, or refuse."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        self.asked: list[str] = []

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:  # noqa: ARG002
        self.asked.append(region)
        if region in self.errors:
            raise AwsError(self.errors[region], "no", service=service, operation=operation, region=region)
        return {"Account": "123456789012"}

    def wait(self, seconds: float, reason: str) -> None:  # noqa: ARG002
        raise AssertionError("nothing to wait for")


def test_the_account_is_asked_where_somebody_answers() -> None:
    """With the primary region lost the next one tells whose the credentials are."""
    sts = Sts({"us-east-1": "Unreachable"})
    assert against_foreign_account(sts, "123456789012", REGIONS, "regions.json:4") == []
    assert sts.asked == ["us-east-1", "us-west-2"]


def test_another_account_is_refused() -> None:
    """Credentials of another account are a refusal that names both accounts and the place in the config."""
    (problem,) = against_foreign_account(Sts({}), "999999999999", REGIONS, "regions.json:4")
    assert (problem.exit, problem.at) == (Exit.REFUSED, "regions.json:4")
    assert "999999999999" in problem.detail
    assert "123456789012" in problem.detail


@pytest.mark.parametrize("errors", [{"us-east-1": "AccessDenied"}, dict.fromkeys(REGIONS, "Unreachable")])
def test_no_answer_is_no_consent(errors: dict[str, str]) -> None:
    """A refusal of STS, or silence everywhere, is an error and not taken for the right account."""
    with pytest.raises(AwsError):
        against_foreign_account(Sts(errors), "123456789012", REGIONS, "regions.json:4")
