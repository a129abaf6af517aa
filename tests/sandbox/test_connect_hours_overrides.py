"""Overrides of the simulated Connect: what AWS's model and pages say of their dates, names, limits and search."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Sandbox
from tests.sandbox.connect_instance import instance

XMAS = {"Name": "Christmas", "Config": [], "EffectiveFrom": "2026-12-25", "EffectiveTill": "2026-12-26"}


def code(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**params)
    return str(refused.value.response["Error"]["Code"])


def test_an_override_lives_in_its_hours_and_is_searched_late(sandbox: Sandbox) -> None:
    """Named uniquely within its hours, found by name and date after a moment, unknown under other hours, gone with its own."""
    connect, where = sandbox.client("connect"), instance(sandbox)
    one, other = (
        connect.create_hours_of_operation(InstanceId=where, Name=name, TimeZone="UTC", Config=[])["HoursOfOperationId"]
        for name in ("Office", "Shop")
    )
    made = connect.create_hours_of_operation_override(InstanceId=where, HoursOfOperationId=one, **XMAS)
    at = {"InstanceId": where, "HoursOfOperationId": one, **made}
    at = {name: at[name] for name in ("InstanceId", "HoursOfOperationId", "HoursOfOperationOverrideId")}
    found = connect.describe_hours_of_operation_override(**at)["HoursOfOperationOverride"]
    assert {name: found[name] for name in XMAS} == XMAS
    assert found["OverrideType"] == "STANDARD"
    assert connect.search_hours_of_operation_overrides(InstanceId=where)["HoursOfOperationOverrides"] == []

    create = connect.create_hours_of_operation_override
    assert code(create, InstanceId=where, HoursOfOperationId=one, **XMAS) == "DuplicateResourceException"
    connect.create_hours_of_operation_override(InstanceId=where, HoursOfOperationId=other, **XMAS)
    wrong = {**at, "HoursOfOperationId": other}
    assert code(connect.describe_hours_of_operation_override, **wrong) == "ResourceNotFoundException"
    sandbox.world.clock.advance(2)
    searched = connect.search_hours_of_operation_overrides(InstanceId=where)["HoursOfOperationOverrides"]
    assert sorted(row["HoursOfOperationId"] for row in searched) == sorted([one, other])

    connect.update_hours_of_operation_override(**at, EffectiveTill="2026-12-27")
    sandbox.world.clock.advance(2)
    late = {"FieldName": "effectiveTill", "Value": "2026-12-26", "ComparisonType": "GREATER_THAN"}
    searched = connect.search_hours_of_operation_overrides(InstanceId=where, SearchCriteria={"DateCondition": late})
    assert [row["HoursOfOperationOverrideId"] for row in searched["HoursOfOperationOverrides"]] == [
        made["HoursOfOperationOverrideId"]
    ]
    listed = connect.list_hours_of_operation_overrides(InstanceId=where, HoursOfOperationId=one)
    assert [row["Name"] for row in listed["HoursOfOperationOverrideList"]] == ["Christmas"]

    connect.delete_hours_of_operation(InstanceId=where, HoursOfOperationId=other)
    connect.delete_hours_of_operation_override(**at)
    assert code(connect.delete_hours_of_operation_override, **at) == "ResourceNotFoundException"
    sandbox.world.clock.advance(2)
    assert connect.search_hours_of_operation_overrides(InstanceId=where)["HoursOfOperationOverrides"] == []


def test_days_that_make_no_sense_and_one_too_many_are_refused(sandbox: Sandbox) -> None:
    """No calendar has 30 February; an end is not before its beginning; fifty an hours of operation."""
    connect, where = sandbox.client("connect"), instance(sandbox)
    made = connect.create_hours_of_operation(InstanceId=where, Name="Office", TimeZone="UTC", Config=[])
    at = {"InstanceId": where, "HoursOfOperationId": made["HoursOfOperationId"]}
    create = connect.create_hours_of_operation_override
    assert code(create, **at, **{**XMAS, "EffectiveTill": "2026-02-30"}) == "InvalidParameterException"
    assert code(create, **at, **{**XMAS, "EffectiveTill": "2026-12-24"}) == "InvalidParameterException"
    for number in range(50):
        create(**at, **{**XMAS, "Name": f"Day {number}"})
    assert code(create, **at, **XMAS) == "LimitExceededException"
