"""Sentences on values name resources instead of their ids."""

from __future__ import annotations

from sbctl.core.address import Address
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.spec import Spec
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.planning.named import named

SALES = Address.parse("connect_queue.us-east-1.sales")
ARN = "arn:aws:connect:us-east-1:123456789012:instance/i/queue/q-1"


def test_ids_and_arns_become_names_of_the_region() -> None:
    """Whole texts alone, at any depth; what is of another region, or not known, stays as it is."""
    world = ObservedWorld(live={SALES: Live(ids={"id": "q-1", "arn": ARN, "instance": "i"}, spec=Spec())})
    value = {"QueueId": ARN, "Rows": [{"Id": "q-1"}, 5, "i"], "Text": f"See {ARN}"}
    found = {"QueueId": "sales", "Rows": [{"Id": "sales"}, 5, "i"], "Text": f"See {ARN}"}
    assert named(value, world, "us-east-1") == found
    assert named(value, world, "us-west-2") == value


def test_the_latest_content_of_a_module_is_the_module() -> None:
    """`:$LATEST` says what the id alone means; a version is another one, and a queue has none."""
    greet = Address.parse("connect_flow_module.us-east-1.greet")
    world = ObservedWorld(
        live={
            greet: Live(ids={"id": "m-1", "arn": "arn:m-1", "instance": "i"}, spec=Spec()),
            SALES: Live(ids={"id": "q-1", "arn": ARN, "instance": "i"}, spec=Spec()),
        }
    )
    value = ["m-1:$LATEST", "arn:m-1:$LATEST", "m-1:1", "q-1:$LATEST"]
    assert named(value, world, "us-east-1") == ["greet", "greet", "m-1:1", "q-1:$LATEST"]
