"""Resources of different regions are found by their seat, and their values read without ids."""

from __future__ import annotations

import pytest

from sbctl.core.address import Address
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.spec import Spec
from sbctl.core.kinds.values import Unknown
from sbctl.core.state import Record, State
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.parity.normalise import Normaliser
from sbctl.engine.parity.peers import PeerKey, seat

CODES = ("us-east-1", "us-west-2")
QUEUE = Address.of("connect_queue", "us-west-2", "Sales")
ARN = "arn:aws:connect:us-west-2:123456789012:instance/375c9e60/queue/84cd5c3f"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("connect_queue.us-west-2.sales", ("us-west-2", PeerKey("connect_queue", "sales"))),
        ("route53_health_check.global.us-west-2", ("us-west-2", PeerKey("route53_health_check", "{region}"))),
        (
            "route53_record.global.a-us-west-2.b.us-west-2",
            ("us-west-2", PeerKey("route53_record", "a-{region}.b.{region}")),
        ),
        ("iam_role.global.lambda-health", None),
        ("alarm.global.us-east-1-to-us-west-2", None),
        ("alarm.global.us-east-10", None),
    ],
)
def test_the_seat_of_an_address(text: str, expected: tuple[str, PeerKey] | None) -> None:
    """A global resource serves the region that its name holds as a word; one that names two or none serves all."""
    assert seat(Address.parse(text), CODES) == expected


def live(**outputs: str) -> Live[Spec]:
    return Live(Spec(), {"instance": "375c9e60-c041", "id": "84cd5c3f-0001"}, outputs)


def test_ids_and_arns_become_names() -> None:
    """An id, an ARN within a longer text and the region's code read the same in every region; short words stay."""
    world = ObservedWorld(live={QUEUE: live(arn=ARN, name="Sales")})
    read = Normaliser("us-west-2", CODES, world, State())
    value = {"queue": "84cd5c3f-0001", "all": [f"{ARN}/*"], "where": "us-west-2", "name": "Sales", "n": 3}
    assert read(value) == {
        "queue": "<connect_queue.sales>",
        "all": ["<connect_queue.sales>/*"],
        "where": "{region}",
        "name": "Sales",
        "n": 3,
    }


def test_what_is_gone_keeps_its_name() -> None:
    """The ARN of a queue that was deleted, and a reference to it, both read as that queue: its loss is told once."""
    state = State().with_record(Record(address=str(QUEUE), ids={"id": "84cd5c3f-0001"}, outputs={"arn": ARN}))
    read = Normaliser("us-west-2", CODES, ObservedWorld(absent={QUEUE}), state)
    assert read(ARN) == read(Unknown(QUEUE.ref("arn"))) == "<connect_queue.sales>"


def test_what_was_made_anew_does_not_lend_its_name_to_the_old() -> None:
    """The ARN of an earlier queue is not that of the present one, so a flow that still leads there is seen."""
    state = State().with_record(Record(address=str(QUEUE), outputs={"arn": ARN}))
    read = Normaliser("us-west-2", CODES, ObservedWorld(live={QUEUE: live(arn=ARN + "9")}), state)
    assert read(f"{ARN}") != "<connect_queue.sales>"
    assert read(f"{ARN}9") == "<connect_queue.sales>"
