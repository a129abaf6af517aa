"""A bulk loader of users, written against boto3 alone, does its work on a served sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.sandbox.conftest import Sandbox
from tests.sandbox.connect_instance import instance

USERS = 30


def pages(connect: Any, where: str, size: int, name: str, value: str) -> Iterator[list[dict[str, Any]]]:
    """The pages of a search for users whose field begins with a value."""
    condition = {"FieldName": name, "Value": value, "ComparisonType": "STARTS_WITH"}
    found = connect.get_paginator("search_users").paginate(
        InstanceId=where, SearchCriteria={"StringCondition": condition}, PaginationConfig={"PageSize": size}
    )
    for page in found:
        yield page["Users"]


def test_a_bulk_loader_makes_finds_changes_and_deletes_users(sandbox: Sandbox) -> None:
    """Thirty users with tags are made, paged, given another profile, found by it and deleted; a number is claimed besides."""
    connect, where = sandbox.client("connect"), instance(sandbox)
    profiles = connect.list_security_profiles(InstanceId=where)["SecurityProfileSummaryList"]
    named = {row["Name"]: row["Id"] for row in profiles}
    routing = connect.list_routing_profiles(InstanceId=where)["RoutingProfileSummaryList"][0]["Id"]
    for number in range(USERS):
        connect.create_user(
            InstanceId=where,
            Username=f"agent{number:02d}",
            Password="Correct-Horse-7",
            IdentityInfo={"FirstName": "Agent", "LastName": f"{number}", "Email": f"agent{number}@acme.example"},
            PhoneConfig={"PhoneType": "SOFT_PHONE", "AutoAccept": True, "AfterContactWorkTimeLimit": 10},
            SecurityProfileIds=[named["Agent"]],
            RoutingProfileId=routing,
            Tags={"loader": "test"},
        )
    sandbox.world.clock.advance(2)
    found = list(pages(connect, where, 12, "Username", "agent"))
    assert [len(page) for page in found] == [12, 12, 6]
    ids = [user["Id"] for page in found for user in page]
    for one in ids[:5]:
        connect.update_user_security_profiles(
            InstanceId=where, UserId=one, SecurityProfileIds=[named["QualityAnalyst"]]
        )
    sandbox.world.clock.advance(2)
    moved = [
        user["Id"] for page in pages(connect, where, 100, "SecurityProfileId", named["QualityAnalyst"]) for user in page
    ]
    assert moved == ids[:5]
    shown = connect.describe_user(InstanceId=where, UserId=ids[0])["User"]
    assert (shown["Tags"], shown["PhoneConfig"]["AfterContactWorkTimeLimit"]) == ({"loader": "test"}, 10)
    for one in ids:
        connect.delete_user(InstanceId=where, UserId=one)
    assert connect.list_users(InstanceId=where)["UserSummaryList"] == []
    target = connect.describe_instance(InstanceId=where)["Instance"]["Arn"]
    number = connect.claim_phone_number(TargetArn=target, PhoneNumber="+18005550100")["PhoneNumberId"]
    sandbox.world.clock.advance(6)
    status = connect.describe_phone_number(PhoneNumberId=number)["ClaimedPhoneNumberSummary"]["PhoneNumberStatus"]
    assert status == {"Status": "CLAIMED"}
