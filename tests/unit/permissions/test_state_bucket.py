"""A state in S3 in the policies: everybody reads it, who deploys writes it, who moves traffic writes journals."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.place import shared_place
from sbctl.permissions.purposes import PURPOSES, Purpose
from sbctl.permissions.state_bucket import state_statements

ONE = "s3://acme@us-east-1/prod"
TWO = f"{ONE},s3://copy@us-west-2"


def allowed(place: str, purpose: Purpose) -> dict[str, Any]:
    """Action → its resources."""
    found = state_statements(shared_place(place), purpose)
    return {action: statement["Resource"] for statement in found for action in statement["Action"]}


@pytest.mark.parametrize("purpose", [one for one in PURPOSES if one != "adopt"])
def test_everybody_reads_the_state_and_learns_what_is_missing(purpose: Purpose) -> None:
    """Objects under the prefix alone; the list of the whole bucket, without which a missing object is refused."""
    found = allowed(ONE, purpose)
    assert found["s3:GetObject"] == "arn:aws:s3:::acme/prod/*"
    assert found["s3:ListBucket"] == "arn:aws:s3:::acme"


def test_who_moves_traffic_writes_journals_and_nothing_else() -> None:
    """Under runs/, in every copy; a copy may lie at the top of its bucket."""
    places = ["arn:aws:s3:::acme/prod/runs/*", "arn:aws:s3:::copy/runs/*"]
    assert [allowed(TWO, purpose)["s3:PutObject"] for purpose in ("failover", "drill")] == [places, places]
    assert "s3:DeleteObject" not in allowed(TWO, "failover")


def test_who_deploys_writes_all_of_it_and_who_plans_nothing() -> None:
    """State, journal, lock, generations and runs."""
    assert allowed(ONE, "deploy")["s3:PutObject"] == allowed(ONE, "deploy")["s3:DeleteObject"]
    assert allowed(ONE, "deploy")["s3:PutObject"] == "arn:aws:s3:::acme/prod/*"
    assert not {"s3:PutObject", "s3:DeleteObject"} & {*allowed(ONE, "plan"), *allowed(ONE, "verify")}
