"""A kit beside a shared state, and what `kit verify` says of copies, serials and formats."""

from __future__ import annotations

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.executors import sequential
from sbctl.core.place import shared_place
from sbctl.core.problem import Exit
from sbctl.core.state import State
from sbctl.failover.kit.kit import FILE, Kit
from sbctl.failover.kit.publish import keep_shared, key_of
from sbctl.failover.kit.verify import verify_copies, verify_format, verify_serial
from tests.unit.failover.scenes import EAST, LONDON, WEST, kit
from tests.unit.store.test_bucket import S3

PLACE = shared_place("s3://one@us-east-1/team,s3://two@us-west-2/team")


class Buckets(S3):
    """S3 in which whole regions are silent."""

    def __init__(self, *silent: str) -> None:
        super().__init__()
        self._silent = silent

    def call(self, service, operation, region, **params):  # type: ignore[no-untyped-def]
        if region in self._silent:
            raise AwsError("ConnectTimeoutError", "no answer", service=service, operation=operation, region=region)
        params["Key"] = f"{params['Bucket']}/{params['Key']}"
        return super().call(service, operation, region, **params)


def with_buckets() -> Kit:
    regions = tuple(one.model_copy(update={"buckets": (f"b-{one.region}",)}) for one in kit().regions)
    return kit(regions=regions, lineage="one", serial=3)


def test_a_kit_is_put_beside_a_shared_state_and_its_copies_once() -> None:
    """Written again only when it is another one; its age alone makes none."""
    s3, held = Buckets(), kit()
    assert keep_shared(held, PLACE, s3) == []
    assert sorted(s3.objects) == [f"one/team/{FILE}", f"two/team/{FILE}"]
    keep_shared(held.model_copy(update={"made_at": held.made_at.replace(year=2030)}), PLACE, s3)
    assert [call[0] for call in s3.calls].count("PutObject") == 2
    keep_shared(held.model_copy(update={"serial": 99}), PLACE, s3)
    assert [call[0] for call in s3.calls].count("PutObject") == 4


def test_a_place_that_is_silent_is_a_note() -> None:
    """The other one is written all the same."""
    s3 = Buckets(EAST)
    (note,) = keep_shared(kit(), PLACE, s3)
    assert (note.code, note.exit) == ("kit-not-copied", Exit.DONE)
    assert sorted(s3.objects) == [f"two/team/{FILE}"]


def test_copies_are_alike_different_absent_or_unknown() -> None:
    """The time at which a kit was made is no difference; all else is, and is named."""
    held, s3 = with_buckets(), Buckets(EAST)
    copies = {
        WEST: held.model_copy(update={"serial": 2, "public_name": "x.example.com"}),
        LONDON: held.model_copy(update={"made_at": held.made_at.replace(year=2030)}),
    }
    for region, one in copies.items():
        s3.objects[f"b-{region}/{key_of(region)}"] = (one.as_text().encode(), "tag")
    found = {one.at.split("/")[2].removeprefix("b-"): one for one in verify_copies(held, s3, sequential)}
    assert {region: one.verdict for region, one in found.items()} == {EAST: "unknown", WEST: "bad", LONDON: "ok"}
    assert found[WEST].detail == "it differs in public_name, serial"
    s3.objects[f"b-{LONDON}/{key_of(LONDON)}"] = (b"{", "tag")
    del s3.objects[f"b-{WEST}/{key_of(WEST)}"]
    assert [one.verdict for one in verify_copies(held, s3, sequential)] == ["unknown", "bad", "bad"]


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (None, "unknown"),
        (State(lineage=""), "unknown"),
        (State(lineage="one", serial=3), "ok"),
        (State(lineage="one", serial=2), "ok"),
        (State(lineage="one", serial=4), "bad"),
        (State(lineage="two", serial=3), "bad"),
    ],
)
def test_a_kit_is_as_old_as_its_serial(state: State | None, verdict: str) -> None:
    """Without a state nothing can be said; another lineage is another deployment."""
    assert verify_serial(with_buckets(), state, "kit.json").verdict == verdict


def test_a_format_from_the_future_does_not_hold() -> None:
    """What it means is not known here."""
    assert verify_format(kit(), "x").verdict == "ok"
    assert verify_format(kit(format=99), "x").verdict == "bad"
