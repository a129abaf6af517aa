"""A calculated check gets new takeover checks only when they read as those that it has: DNS does not move by a deploy."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.problem import SbctlError
from sbctl.resources.route53_calculated_check import RESOURCE as CALCULATED
from sbctl.resources.route53_calculated_check import CalculatedCheckSpec
from tests.unit.resources.aws.scripted import Scripted

TAKEN = "Success: HTTP Status Code 200, OK"
STANDING_BY = "Failure: HTTP Status Code 404."
SILENT = "Failure: The health checker could not establish a connection within the timeout limit."
THROTTLED = "Failure: HTTP Status Code 429."
BROKEN = "Failure: HTTP Status Code 502."
ENDPOINT = {"Type": "HTTPS"}
TAKEOVER = {"Type": "HTTPS", "Inverted": True, "RequestInterval": 10, "FailureThreshold": 3}
SETTLED = 7
"""Looks in which a new check must read the same: 60 seconds, ten apart."""
METRIC = {"Type": "CLOUDWATCH_METRIC"}
OLD = CalculatedCheckSpec(children=("endpoint", "old"), threshold=2)
NEW = CalculatedCheckSpec(children=("endpoint", "old", "new", "latch"), threshold=4)


def route53(old: str | list[str], *new: str | list[str]) -> Scripted:
    """Route 53 with the checks by name, and what the checkers of two of them see; what `new` shows last it goes on to show."""
    aws = Scripted(UpdateHealthCheck={}, ListTagsForResources={"ResourceTagSets": []})
    configs = {"endpoint": ENDPOINT, "old": TAKEOVER, "new": TAKEOVER, "latch": METRIC}
    shown = [*new]

    def config(*_: Any, HealthCheckId: str, **__: Any) -> dict[str, Any]:  # noqa: N803 - boto3's name
        found = configs.get(HealthCheckId, {"Type": "CALCULATED"})
        return {"HealthCheck": {"Id": HealthCheckId, "HealthCheckConfig": found, "HealthCheckVersion": 1}}

    def status(*_: Any, HealthCheckId: str, **__: Any) -> dict[str, Any]:  # noqa: N803 - boto3's name
        seen = old if HealthCheckId == "old" else (shown.pop(0) if len(shown) > 1 else shown[0])
        rows = [seen] if isinstance(seen, str) else seen
        return {"HealthCheckObservations": [{"StatusReport": {"Status": row}} for row in rows]}

    aws.answer("GetHealthCheck", config)
    aws.answer("GetHealthCheckStatus", status)
    return aws


def update(aws: Scripted, wanted: CalculatedCheckSpec = NEW) -> None:
    CALCULATED.update(aws, "us-east-1", {"id": "calculated"}, OLD, wanted, {})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (STANDING_BY, STANDING_BY),
        (TAKEN, TAKEN),
        ([TAKEN, TAKEN, STANDING_BY], [TAKEN, SILENT, SILENT]),
        (SILENT, STANDING_BY),
        (THROTTLED, STANDING_BY),
    ],
)
def test_checks_that_read_alike_are_exchanged(old: str, new: str) -> None:
    """By the rule of 18 % of the checkers; no answer of the old one is no takeover, as records read it so far."""
    aws = route53(old, new)
    update(aws)
    assert len(aws.made("UpdateHealthCheck")) == 1
    assert len(aws.waits) == SETTLED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (STANDING_BY, TAKEN),
        (TAKEN, STANDING_BY),
        (SILENT, TAKEN),
        *((STANDING_BY, no) for no in (SILENT, THROTTLED, BROKEN)),
    ],
)
def test_checks_that_read_otherwise_are_not_taken_into_use(old: str, new: str) -> None:
    """A takeover neither begins nor ends by a deploy, and a function that does not answer proves nothing."""
    aws = route53(old, new)
    with pytest.raises(SbctlError, match="do not read as the old ones"):
        update(aws)
    assert not aws.made("UpdateHealthCheck")


def test_a_check_that_is_not_looked_at_yet_is_waited_for() -> None:
    """A new inverted check is unhealthy until data arrives: a record that followed it then would turn callers away."""
    aws = route53(STANDING_BY, [], STANDING_BY, SILENT, STANDING_BY)
    update(aws)
    assert len(aws.waits) == 3 + SETTLED  # from the last look that read otherwise
    assert len(aws.made("UpdateHealthCheck")) == 1


def test_what_brings_no_takeover_check_is_not_held_up() -> None:
    """A latch alone, or fewer children, is written at once."""
    for wanted in (
        OLD.model_copy(update={"children": ("endpoint", "old", "latch"), "threshold": 3}),
        OLD.model_copy(update={"children": ("endpoint",), "threshold": 1}),
    ):
        aws = route53(TAKEN, SILENT)
        update(aws, wanted)
        assert len(aws.made("UpdateHealthCheck")) == 1
        assert not aws.made("GetHealthCheckStatus")
