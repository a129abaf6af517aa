"""The ranking of what hurts a failover: every kind has its place, and the page says what the kinds say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sbctl.checks.severity import severity
from sbctl.core.address import Address
from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.facts import LEVELS
from sbctl.core.kinds.resource import Kind

PAGE = Path(__file__).parents[3] / "docs/reference/severity.md"
KINDS: dict[str, Kind[Any, Any]] = discover("sbctl.resources", "RESOURCE")
RANKED = sorted(KINDS.values(), key=lambda kind: kind.impact_rank)


def of(kind: str, field: str = "", name: str = "x") -> tuple[str, int]:
    found = severity(KINDS[kind], Address.of(kind, "us-west-2", name), field)
    return found.level, found.rank


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


def test_a_setting_of_a_user_is_no_matter_of_signing_in() -> None:
    """Only what keeps a user out is told as such; how calls ring and how long after-contact work lasts weigh less."""
    kind = KINDS["connect_user"]
    keeps_out = {one.why for one in kind.impacts if not one.field}
    settings = set(kind.config_paths) | {"phone_type", "security_profiles", "proficiencies"}
    assert [
        name
        for name in sorted(settings)
        if severity(kind, Address.of(kind.name, "us-west-2", "x"), name).why in keeps_out
    ] == []


def test_the_page_has_the_table() -> None:
    """Each row of the page is one of a kind's, in the order of their ranks."""
    rows = re.findall(
        r"^\| `(\w+)` \| (?:`(\w+)`|the rest) \| (\w+) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.M
    )
    assert rows == [
        (kind.name, one.field, one.level, one.why) for kind in RANKED for one in kind.impacts if not one.named
    ]
    named = re.findall(r"^\| `(\w+)` named `([\w-]+)` \| the rest \| (\w+) \| (.*) \|$", PAGE.read_text(), re.M)
    assert sorted(named) == sorted(
        (kind.name, one.named, one.level, one.why) for kind in RANKED for one in kind.impacts if one.named
    )
    assert {level for _, _, level, _ in rows} <= set(LEVELS)
