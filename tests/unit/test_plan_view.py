"""How a plan is shown: what differs, and nothing else."""

from __future__ import annotations

from sbctl.ui.plan_view import leaves


def test_a_change_of_a_map_shows_the_keys_that_differ() -> None:
    """Of two maps only the keys with different values are shown, however deep."""
    before = {"a": 1, "b": {"c": 2, "d": 3}, "e": 4}
    after = {"a": 1, "b": {"c": 2, "d": 5}, "f": 6}
    assert list(leaves("env", before, after)) == [("env.b.d", 3, 5), ("env.e", 4, None), ("env.f", None, 6)]


def test_a_reference_is_one_value() -> None:
    """A value that is known only after apply is not taken apart."""
    after = {"$unknown": "box.us-east-1.a#id"}
    assert list(leaves("box", {"x": 1}, after)) == [("box", {"x": 1}, after)]
    assert list(leaves("box", None, {"x": 1})) == [("box", None, {"x": 1})]
