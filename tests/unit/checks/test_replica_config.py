"""What is said of a table's replicas, from views of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sbctl.checks.replication.replica_config import ReplicaView, View, judge_replicas
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from tests.unit.checks.tables import EAST, WEST, Tables, customers, measuring

STREAM = "NEW_AND_OLD_IMAGES"
GOOD = ReplicaView("ACTIVE", {WEST: "ACTIVE"}, STREAM, pitr=True, ttl="ttl")
SILENT = AwsError("Unreachable", "", service="dynamodb", operation="DescribeTable", region=WEST)


def west(**members: object) -> ReplicaView:
    known = {"status": "ACTIVE", "replicas": {EAST: "ACTIVE"}, "stream": STREAM, "pitr": True, "ttl": "ttl"}
    return ReplicaView(**{**known, **members})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("view", "found"),
    [
        (west(), {}),
        (west(stream="KEYS_ONLY"), {}),
        (west(status="UPDATING"), {("table-status", ""): "bad"}),
        (west(status="ARCHIVED"), {("table-status", ""): "bad"}),
        (west(stream=""), {("stream", ""): "bad"}),
        (west(pitr=False), {("pitr", ""): "bad"}),
        (west(ttl=""), {("ttl", ""): "bad"}),
        (west(ttl="other"), {("ttl", ""): "bad"}),
        (west(replicas={}), {("replica-status", EAST): "bad"}),
        (west(replicas={EAST: "INACCESSIBLE_ENCRYPTION_CREDENTIALS"}), {("replica-status", EAST): "bad"}),
        (ReplicaView(), {("table-status", ""): "bad", ("replica-status", EAST): "bad"}),
        (
            SILENT,
            {(check, ""): "unknown" for check in ("table-status", "stream", "pitr", "ttl")}
            | {("replica-status", EAST): "unknown"},
        ),
    ],
)
def test_what_is_wrong_with_a_replica(tmp_path: Path, view: View, found: dict[tuple[str, str], str]) -> None:
    """Each fault gives its own reading in its own region, with a remedy, and spoils no other."""
    on = measuring(Tables(FakeClock()), tmp_path)
    readings = [one for one in judge_replicas(on, customers(), {EAST: GOOD, WEST: view}) if one.verdict != "ok"]
    assert {(one.check, one.target): one.verdict for one in readings} == found
    assert all(one.source == WEST and one.detail and one.fix for one in readings)


def test_the_remedy_of_a_ttl_is_a_whole_command(tmp_path: Path) -> None:
    """With region, table and setting."""
    on = measuring(Tables(FakeClock()), tmp_path)
    readings = judge_replicas(on, customers(), {EAST: GOOD, WEST: west(ttl="")})
    (fix,) = [one.fix for one in readings if one.verdict != "ok"]
    assert fix.startswith(f"aws dynamodb update-time-to-live --region {WEST} --table-name customers")
    assert fix.endswith("--time-to-live-specification Enabled=true,AttributeName=ttl")
