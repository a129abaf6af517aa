"""What a search index shows is doubted after a write of our own only where it differs from what was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sbctl.core.address import Address
from sbctl.core.kinds.resource import Live
from sbctl.core.kinds.values import plain
from sbctl.core.state import Record
from sbctl.engine.matching.eventual_consistency import ids_in_doubt
from sbctl.engine.matching.targets import Target
from sbctl.resources.connect_routing_profile import RESOURCE, RoutingProfileSpec
from sbctl.resources.content.routing_queues import QueueConfig

WRITTEN = datetime(2026, 3, 1, tzinfo=UTC)
AT = Address.of("connect_routing_profile", "us-east-1", "agents")
QUEUES = tuple(QueueConfig(queue=name, channel="VOICE", priority=1, delay=0) for name in ("billing", "sales"))
SPEC = RoutingProfileSpec(
    instance="i",
    name="Agents",
    description="d",
    concurrency={"VOICE": 1},
    default_outbound_queue="sales",
    queues=QUEUES,
    tags={"ours": "yes"},
)
IDS = {"instance": "i", "id": "r"}


def doubted(live: RoutingProfileSpec | None, seconds: float = 1.0) -> Any:
    """The ids to read once more, so long after the record was written."""
    record = Record(address=str(AT), ids=IDS, applied=plain(SPEC), updated_at=WRITTEN)
    found = None if live is None else Live(live, IDS)
    now = WRITTEN + timedelta(seconds=seconds)
    return ids_in_doubt(Target(AT, None, record), RESOURCE, found, now)


@pytest.mark.parametrize(
    "difference",
    [{}, {"queues": QUEUES[::-1]}, {"tags": {"ours": "yes", "others": "too"}}],
    ids=["nothing", "order without meaning", "a tag of others"],
)
def test_what_a_plan_takes_for_the_same_is_not_read_again(difference: dict[str, Any]) -> None:
    """Each doubt costs calls, and Connect lets two a second through."""
    assert doubted(SPEC.model_copy(update=difference)) is None


@pytest.mark.parametrize(
    "live",
    [SPEC.model_copy(update={"queues": QUEUES[:1]}), SPEC.model_copy(update={"description": "old"})],
    ids=["a queue less", "an old text"],
)
def test_a_surprise_is_read_again_while_the_write_is_new(live: RoutingProfileSpec | None) -> None:
    """For two minutes; after that the index is believed."""
    assert doubted(live) == IDS
    assert doubted(live, seconds=121) is None
