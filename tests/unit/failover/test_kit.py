"""The failover kit: whose answer DNS gives, records in another order, and files that are no kits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sbctl.core.clock import FakeClock
from sbctl.core.problem import SbctlError
from sbctl.failover.api_call import Call
from sbctl.failover.kit.kit import FILE, read_kit
from sbctl.failover.kit.publish import keep_kit
from sbctl.failover.mechanisms.records import records_call
from tests.unit.aws.fakes import Answers
from tests.unit.failover.scenes import EAST, LONDON, WEST, kit


@pytest.mark.parametrize(
    ("values", "region"),
    [
        (("example-us-west-2.my.connect.aws",), WEST),
        (("Example-US-West-2.my.connect.aws.",), WEST),
        (("somebody.else.example.com",), ""),
        ((), ""),
    ],
)
def test_an_answer_belongs_to_one_region_or_to_none(values: tuple[str, ...], region: str) -> None:
    """Case and the trailing dot mean nothing; an unknown answer is no region's."""
    assert kit().answering(values) == region


def test_an_answer_that_two_regions_share_is_nobodys() -> None:
    """Regions with the same address cannot be told apart, so nothing is claimed."""
    same = tuple(region.model_copy(update={"answers": ("192.0.2.1",)}) for region in kit().regions)
    assert kit(regions=same).answering(("192.0.2.1",)) == ""


def test_a_kit_of_before_asks_the_health_function_for_the_takeover() -> None:
    """It has no takeover host; one that has it asks both, its own function first."""
    text = kit().as_text()
    before = json.loads(text)
    for region in before["regions"]:
        del region["takeover_host"]
    old = read_kit(json.dumps(before), "kit").region(WEST)
    assert old.signal_hosts == (old.health_host,)
    new = old.model_copy(update={"takeover_host": "t.lambda-url.us-west-2.on.aws"})
    assert new.signal_hosts == ("t.lambda-url.us-west-2.on.aws", old.health_host)


def test_a_kit_survives_its_file() -> None:
    """What is written is what is read."""
    assert read_kit(kit().as_text(), "kit.json") == kit()


def test_what_a_killed_write_left_beside_it_goes_with_the_next(tmp_path: Path) -> None:
    """Nothing but the kit stays in the folder; what is named otherwise is not touched."""
    for name in (f".{FILE}.57wt1u4p", ".sbctl.json.57wt1u4p"):
        (tmp_path / name).write_bytes(b"{")
    assert keep_kit(kit(), tmp_path, Answers(FakeClock())) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [".sbctl.json.57wt1u4p", FILE]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', kit().as_text()[:200]])
def test_what_is_no_kit_is_a_problem_with_its_place(text: str) -> None:
    """Never a traceback."""
    with pytest.raises(SbctlError) as raised:
        read_kit(text, "kit.json")
    (problem,) = raised.value.problems
    assert (problem.code, problem.at) == ("bad-kit", "kit.json")


def test_records_put_a_region_first_and_keep_the_others_by_priority() -> None:
    """London first: the chain is London, Virginia, Oregon, in the pairs that the deploy made."""
    changes = records_call(kit(), LONDON).params["ChangeBatch"]["Changes"]
    found = [
        (record["Name"], record["Failover"], record["AliasTarget"]["DNSName"])
        for record in (change["ResourceRecordSet"] for change in changes)
    ]
    assert found == [
        ("connect.example.com", "PRIMARY", f"connect-{LONDON}.example.com"),
        ("connect.example.com", "SECONDARY", "connect-priority-2.example.com"),
        ("connect-priority-2.example.com", "PRIMARY", f"connect-{EAST}.example.com"),
        ("connect-priority-2.example.com", "SECONDARY", f"connect-{WEST}.example.com"),
    ]


def test_shared_traffic_goes_to_one_region_by_weight() -> None:
    """Active-active: the others weigh nothing."""
    changes = records_call(kit(strategy="active-active", chain=()), WEST).params["ChangeBatch"]["Changes"]
    weights = {c["ResourceRecordSet"]["SetIdentifier"]: c["ResourceRecordSet"]["Weight"] for c in changes}
    assert weights == {EAST: 0, WEST: 100, LONDON: 0}


def test_a_call_can_be_pasted_into_a_shell() -> None:
    """Quotes in values survive the shell."""
    call = Call("dynamodb", "PutItem", WEST, {"Item": {"by": {"S": "o'neil"}}})
    assert call.as_aws_cli() == (
        'aws dynamodb put-item --region us-west-2 --cli-input-json \'{"Item":{"by":{"S":"o\'"\'"\'neil"}}}\''
    )
