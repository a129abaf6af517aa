"""What doctor says of credentials that depend on a region: bad where traffic may have to leave it, and never silent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sbctl.checks.preflight.access import check_access
from sbctl.core.aws.access import Link, Source
from sbctl.core.clock import FakeClock
from sbctl.core.reading import Reading
from tests.unit.checks.test_preflight import project, subject

EAST, WEST, LONDON, FRANKFURT = "us-east-1", "us-west-2", "eu-west-2", "eu-central-1"
SOON = FakeClock().now() + timedelta(hours=1)
OVER = FakeClock().now() - timedelta(hours=1)


def readings(*links: Link, to: str = "") -> list[Reading]:
    """Of a failover to one region, or to any."""
    targets = tuple(one for one in project().by_priority if to in ("", one.region))
    return list(check_access(subject({}, access=links, targets=targets)))


@pytest.mark.parametrize("source", ["sso", "login", "assume-role", "web-identity", "container", "machine"])
def test_what_comes_from_a_region_that_may_be_lost_is_bad(source: Source) -> None:
    """The region is named, and the remedy leads to the page."""
    (found,) = readings(Link(source, "a", EAST, until=SOON), to=WEST)
    assert (found.check, found.subject, found.target, found.verdict, found.value) == (
        "access",
        "a",
        EAST,
        "bad",
        source,
    )
    assert f"none comes when {EAST} is lost" in found.detail
    assert "docs/how-to/break-glass.md" in found.fix
    assert f"doctor --to {WEST}" in found.fix
    assert found.exit == 8


@pytest.mark.parametrize(
    ("region", "to", "verdict"),
    [(EAST, "", "bad"), (WEST, "", "bad"), (WEST, WEST, "ok"), (WEST, LONDON, "bad"), (FRANKFURT, "", "ok")],
)
def test_it_depends_on_where_traffic_may_go(region: str, to: str, verdict: str) -> None:
    """The target itself is not lost, and a region of nobody's project is not left."""
    assert [one.verdict for one in readings(Link("sso", "a", region, until=SOON), to=to)] == [verdict]


@pytest.mark.parametrize("source", ["keys", "session-keys", "assume-role", "web-identity"])
def test_what_needs_no_region_is_good(source: Source) -> None:
    """Keys are checked by each region, and STS is asked where the call goes."""
    (found,) = readings(Link(source, "a"))
    assert (found.verdict, found.fix) == ("ok", "")


@pytest.mark.parametrize("source", ["process", "container", "machine", "none", "sso"])
def test_what_cannot_be_known_is_unknown(source: Source) -> None:
    """It is never taken for good, and says why."""
    (found,) = readings(Link(source, "a", known=False))
    assert found.verdict == "unknown"
    assert found.detail
    assert "break-glass" in found.fix


def test_the_end_of_what_is_kept_is_told() -> None:
    """A sign-in that is over gives nothing, wherever it was made."""
    (holds,) = readings(Link("sso", "a", FRANKFURT, until=SOON))
    assert "until 2026-01-01 01:00 UTC" in holds.detail
    for until in (OVER, None):
        (over,) = readings(Link("sso", "a", FRANKFURT, until=until))
        assert (over.verdict, over.fix) == ("bad", "Sign in: aws sso login")


def test_each_link_has_its_own_reading() -> None:
    """A role is as good as what stands behind it."""
    found = readings(Link("assume-role", "b", detail="arn:role"), Link("sso", "a", EAST, until=SOON), to=WEST)
    assert [(one.subject, one.verdict) for one in found] == [("b", "ok"), ("a", "bad")]


def test_a_fixed_endpoint_of_sts_has_its_own_remedy() -> None:
    """It can be changed without other credentials."""
    (found,) = readings(Link("assume-role", "a", EAST), to=WEST)
    assert "sts_regional_endpoints" in found.fix
