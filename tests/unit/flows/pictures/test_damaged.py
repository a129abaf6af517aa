"""Whatever a draft holds can be drawn and compared: AWS stores it unchecked."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sbctl.flows.comparing.changes import compared, flow_changes
from sbctl.flows.comparing.picture import compared_picture
from sbctl.flows.pictures.compose import picture_of
from sbctl.flows.pictures.mermaid import mermaid
from sbctl.flows.pictures.strands import told_in_order
from sbctl.flows.pictures.svg import svg
from tests.unit.flows.pictures.samples import inbound, told

ODD: tuple[Any, ...] = (None, "", 0, [], {}, [[]], [None], "b", {"a": {}}, True, "\ud800", 1e9, ["x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["StartAction", "Actions", "Identifier", "Type", "Parameters", "Transitions", "NextAction",
                         "Errors", "Conditions", "Condition", "Operands", "ErrorType", "Metadata", "Text"]),
        inner, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


def damaged(seed: int) -> Any:
    """A usual flow of which some places hold something else."""
    dice = random.Random(seed)
    tree = copy.deepcopy(inbound())
    for _ in range(dice.randint(1, 6)):
        at: Any = tree
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = dice.choice(keys)
            if isinstance(at[key], dict | list) and at[key] and dice.random() < 0.8:
                at = at[key]
                continue
            at[key] = copy.deepcopy(dice.choice(ODD))
            break
    return tree


def drawn(before: Any, after: Any) -> None:
    comparison = compared(before, after)
    flow_changes(before, after)
    for picture in (picture_of(after), compared_picture(before, after, comparison)):
        assert len(told_in_order(picture).numbers) == len(picture.blocks)
        mermaid(picture)
    told(after, 80)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_flow_is_drawn_and_compared(seed: int) -> None:
    """With each block once, and with the sound one on either side."""
    drawn(inbound(), damaged(seed))
    drawn(damaged(seed), inbound())


@settings(max_examples=40, deadline=None)
@given(JSON, JSON)
def test_any_json_is_drawn_and_compared(one: Any, other: Any) -> None:
    """Also what is no flow at all."""
    drawn(one, other)


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_flow_has_a_picture(seed: int) -> None:
    """By the library too, whose graphs have no holes."""
    assert svg(picture_of(damaged(seed)), "Damaged").startswith("<svg")
