"""The takeover signal as a region has it; what is no signal is an answer that makes no sense."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.aws.error import UNREADABLE, AwsError
from sbctl.failover.signal import Signal, read_signal
from tests.unit.failover.scenes import WEST
from tests.unit.resources.aws.scripted import Scripted

GOOD = {"region": {"S": WEST}, "generation": {"N": "3"}, "at": {"S": "2026-01-01T00:00:00+00:00"}}


def seen(item: dict[str, Any]) -> Signal:
    return read_signal(Scripted(GetItem={"Item": item}), "signals", WEST)


def test_a_signal_is_read() -> None:
    """By its members; no item at all is that nobody has taken over."""
    assert (seen(GOOD).region, seen(GOOD).generation) == (WEST, 3)
    assert read_signal(Scripted(GetItem={}), "signals", WEST) == Signal()


@pytest.mark.parametrize(
    "damage",
    [
        {"generation": {"N": "many"}},
        {"generation": {"S": "3"}},
        {"generation": {}},
    ],
)
def test_what_is_no_signal_is_unreadable(damage: dict[str, Any]) -> None:
    """A failover then counts the region as one that does not tell, and goes on or refuses accordingly."""
    with pytest.raises(AwsError, match="takeover signal makes no sense") as caught:
        seen({**GOOD, **damage})
    assert caught.value.code == UNREADABLE


@pytest.mark.parametrize(
    ("at", "known"), [("2026-01-01T00:00:00+00:00", True), ("2026-01-01T00:00:00", False), ("?", False)]
)
def test_a_signal_whose_time_is_none_counts_all_the_same(at: str, known: bool) -> None:
    """Its region and generation are what traffic follows."""
    found = seen({**GOOD, "at": {"S": at}})
    assert (found.region, found.when is not None) == (WEST, known)
