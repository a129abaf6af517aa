"""What somebody who mistyped a name is told."""

from __future__ import annotations

import pytest

from sbctl.core.text.alike import did_you_mean

REGIONS = ("us-east-1", "us-west-2", "eu-west-2")


@pytest.mark.parametrize(
    ("word", "told"),
    [("us-west2", "Did you mean us-west-2?"), ("us-east1", "Did you mean us-east-1?"), ("mars", "Choose one.")],
)
def test_a_name_that_is_like_another_is_asked_for(word: str, told: str) -> None:
    assert did_you_mean(word, REGIONS, "Choose one.") == told
