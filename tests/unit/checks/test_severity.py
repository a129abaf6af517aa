"""The ranking of what hurts a failover: every kind has its place, and the page says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from sbctl.checks.severity import LEVELS, NAMED, RANKING, severity
from sbctl.core.address import Address
from sbctl.core.shelf import names

PAGE = Path(__file__).parents[3] / "docs/reference/severity.md"


def of(kind: str, field: str = "", name: str = "x") -> tuple[str, int]:
    found = severity(Address.of(kind, "us-west-2", name), field)
    return found.level, found.rank


def test_rows_are_of_kinds_and_what_has_none_is_medium() -> None:
    """A row needs its kind; a kind without one needs no edit here and comes after the other medium ones."""
    assert set(RANKING) <= set(names("sbctl.resources"))
    level, rank = of("made_tomorrow")
    assert level == "medium"
    assert rank > of("log_group")[1]


def test_what_moves_traffic_comes_before_what_callers_hear_and_tags_come_last() -> None:
    """Health checks, records, data, the health function, flows and queues, alarms, tags: in this order."""
    order = [
        of("route53_health_check", "path"),
        of("route53_record", "ttl"),
        of("dynamodb_replica"),
        of("s3_replication"),
        of("lambda_function", "code_sha256", "health"),
        of("connect_flow", "content"),
        of("connect_queue"),
        of("cloudwatch_alarm", "threshold"),
        of("route53_health_check", "tags.Name"),
    ]
    assert [rank for _, rank in order] == sorted(rank for _, rank in order)
    assert order[-1][0] == "low"


def test_the_page_has_the_table() -> None:
    """Each row of the page is one of the code's, in the code's order."""
    rows = re.findall(
        r"^\| `(\w+)` \| (?:`(\w+)`|the rest) \| (\w+) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.M
    )
    assert rows == [(kind, *row) for kind, found in RANKING.items() for row in found]
    named = re.findall(r"^\| `(\w+)` named `([\w-]+)` \| the rest \| (\w+) \| (.*) \|$", PAGE.read_text(), re.M)
    assert named == [(kind, name, level, why) for (kind, name), (level, why) in NAMED.items()]
    assert {level for _, _, level, _ in rows} <= set(LEVELS)
