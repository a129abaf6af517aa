"""Where a state is kept, as users write it."""

from __future__ import annotations

import pytest

from sbctl.core.place import Location, SharedPlace, same_place, shared_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("s3://acme", SharedPlace(Location("acme", "", ""))),
        ("s3://acme/", SharedPlace(Location("acme", "", ""))),
        ("s3://acme.state/a/b/", SharedPlace(Location("acme.state", "", "a/b"))),
        ("s3://acme@us-gov-west-1/a@b", SharedPlace(Location("acme", "us-gov-west-1", "a@b"))),
        (
            "s3://one@us-east-1/p, s3://two@us-west-2/p",
            SharedPlace(Location("one", "us-east-1", "p"), (Location("two", "us-west-2", "p"),)),
        ),
    ],
)
def test_places_are_read(text: str, place: SharedPlace) -> None:
    """Bucket, region and prefix are told apart, and what is written back is read the same."""
    assert shared_place(text) == place
    assert shared_place(str(place)) == place


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("s3://", "not of the form"),
        ("s3://A_Bucket/x", "not of the form"),
        ("s3://acme@/x", "not of the form"),
        ("s3://acme/a/../b", "cannot be used"),
        ("s3://acme/a\nb", "not of the form"),
        ("s3://acme/a\tb", "cannot be used"),
        ("s3://one/p,s3://two@us-west-2/p", "needs its region"),
        ("s3://one@us-east-1/p,s3://one@us-east-1/p", "named twice"),
        ("s3://one@us-east-1/p,", "not of the form"),
        ("s3://one@us-east-1/p,state", "not of the form"),
    ],
)
def test_what_is_no_place_is_refused(text: str, said: str) -> None:
    """The refusal has the text and what is wrong with it."""
    with pytest.raises(ValueError, match=said):
        shared_place(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("s3://acme@us-east-1/p", "s3://acme/p", True),
        ("s3://acme@us-east-1", "s3://acme", True),
        ("s3://acme/p", "s3://acme/q", False),
        ("s3://acme/p@x", "s3://acme/p@y", False),
        ("state/sbctl.json", "s3://acme/p", False),
    ],
)
def test_a_place_is_the_same_with_its_region_or_without(one: str, other: str, same: bool) -> None:
    """Two names of one prefix are known to be one."""
    assert same_place(one, other) is same
