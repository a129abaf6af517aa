"""Where `list` of a kind looks: in every container that the state knows, by whatever it holds."""

from __future__ import annotations

from sbctl.commands.kind.read import containers
from sbctl.core.state import Record
from sbctl.resources.connect_phone_number import RESOURCE as NUMBER
from sbctl.resources.connect_queue import RESOURCE as QUEUE
from sbctl.resources.s3_replication import RESOURCE as REPLICATION

KINDS = {kind.name: kind for kind in (NUMBER, QUEUE, REPLICATION)}
RECORDS = (
    Record(address="connect_queue.us-west-2.support", applied={"name": "Support", "instance": "i-1"}),
    Record(address="s3_replication.us-west-2.recordings", applied={"bucket": "recordings"}),
)


def test_numbers_are_listed_where_the_state_has_none() -> None:
    """What others claimed is in an instance that other records name; a bucket holds no numbers."""
    assert containers(RECORDS, KINDS, NUMBER, "us-east-1") == [("us-west-2", "i-1")]
    assert containers(RECORDS, KINDS, REPLICATION, "us-east-1") == [("us-west-2", "recordings")]
