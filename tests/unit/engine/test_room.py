"""Whether an instance has room for what a plan creates: asked where it could be short, told with figure and source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from sbctl.core.address import Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.facts import Room
from sbctl.core.kinds.resource import Live
from sbctl.core.plan import Action, Plan, Step
from sbctl.core.problem import Exit
from sbctl.engine.matching.observed import ObservedWorld
from sbctl.engine.room import crowded

from .cloud import PROJECT, ThingKind, ThingSpec

EAST = "us-east-1"
ARN = "arn:aws:connect:us-east-1:123456789012:instance/i-1"
QUOTA = "service-quotas:GetServiceQuota"


class Desk(ThingKind):
    """A thing of which an instance has ten by default."""

    room = Room("desks per instance", "L-00000001", 10)

    def in_use(self, aws: AwsCalls, region: str, within: str) -> int | None:
        found = aws.call("cloud", "Count", region, within=within)["count"]
        return None if found is None else int(found)


class Account:
    """What AWS says of the quota, and how many desks there are."""

    def __init__(self, quota: float | AwsError, there: int | AwsError | None = 0) -> None:
        self._answers: Mapping[str, Any] = {QUOTA: quota, "cloud:Count": there}
        self.made: list[str] = []

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:  # noqa: ARG002
        self.made.append(f"{service}:{operation}")
        found = self._answers[f"{service}:{operation}"]
        if isinstance(found, AwsError):
            raise found
        return {"Quota": {"Value": found}} if service == "service-quotas" else {"count": found}

    def wait(self, seconds: float, reason: str) -> None:
        """Nothing takes time here."""


def denied(operation: str) -> AwsError:
    return AwsError("AccessDeniedException", "no", service="service-quotas", operation=operation, region=EAST)


def plan(**steps: int) -> Plan:
    """A plan of so many steps of each action."""
    rows = [
        Step(address=f"desk.{EAST}.{action}-{at}", action=_action(action))
        for action, count in steps.items()
        for at in range(count)
    ]
    return Plan(
        made_at=datetime(2026, 11, 1, tzinfo=UTC), lineage="", serial=0, account="", project="", config_digest="",
        regions=(EAST,), steps=tuple(rows),
    )  # fmt: skip


def _action(text: str) -> Action:
    return text  # type: ignore[return-value]


def notes(account: Account, made: Plan, *, instance: bool = True) -> list[tuple[str, str]]:
    """What is told: the detail and the remedy."""
    world = ObservedWorld()
    if instance:
        world.live[PROJECT.instance(EAST)] = Live(ThingSpec(name="x"), {"id": "i-1", "arn": ARN})
    found = [*crowded({"desk": Desk("desk")}, account, PROJECT, made, world)]
    assert {(one.code, one.at, one.exit) for one in found} <= {("quota-exceeded", EAST, Exit.DONE)}
    return [(one.detail, one.fix) for one in found]


def test_a_plan_that_fits_asks_nothing() -> None:
    """Up to half of AWS's default nothing is asked, nor where nothing is created."""
    account = Account(10.0)
    assert notes(account, plan(create=5)) == []
    assert notes(account, plan(none=12, update=3)) == []
    assert account.made == []


def test_what_others_have_counts_too() -> None:
    """Six desks more fit beside four and not beside five; a deletion of the same plan makes room."""
    assert notes(Account(10.0, 4), plan(create=6)) == []
    ((detail, fix),) = notes(Account(10.0, 5), plan(create=6))
    assert detail == "desks per instance: 11 with the 6 new ones, 10 allowed (Service Quotas)"
    assert f"--quota-code L-00000001 --context-id {ARN} --desired-value 11 --region us-east-1" in fix
    assert notes(Account(10.0, 5), plan(create=6, delete=1)) == []


def test_an_increased_quota_is_room() -> None:
    """Service Quotas tells what the account may have; two calls in all."""
    account = Account(50.0, 30)
    assert notes(account, plan(create=6)) == []
    assert account.made == ["cloud:Count", QUOTA]


@pytest.mark.parametrize("there", [None, denied("Count")], ids=["untold", "denied"])
def test_what_nobody_tells_is_not_made_up(there: Any) -> None:
    """Then what sbctl manages is counted alone."""
    assert notes(Account(10.0, there), plan(create=4, none=6)) == []
    assert notes(Account(10.0, there), plan(create=4, none=7))[0][0].startswith("desks per instance: 11 with the 4 new")


def test_a_quota_that_may_not_be_read_is_awss_default() -> None:
    """Which the note says, with why."""
    ((detail, _),) = notes(Account(denied("GetServiceQuota"), 9), plan(create=6))
    assert "10 allowed (AWS's default; not confirmed: service-quotas:GetServiceQuota: AccessDeniedException)" in detail


def test_a_new_instance_has_awss_default() -> None:
    """Nothing can be asked of what is still to be created."""
    account = Account(99.0, 99)
    ((detail, _),) = notes(account, plan(create=11), instance=False)
    assert "11 with the 11 new ones, 10 allowed (AWS's default; not confirmed: the instance is still to be" in detail
    assert account.made == []


def test_the_address_of_the_instance_is_the_projects() -> None:
    """The note goes by the instance of the region, whatever its alias."""
    assert PROJECT.instance(EAST) == Address.of("connect_instance", EAST, "test")
