"""Users of the simulated Connect: who may be made, how each is changed, found and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.connect_calls import Centre
from tests.sandbox.connect_people import flow, routing_profile, security_profile, user, wanted


@pytest.fixture
def centre() -> Centre:
    return Centre()


def found(centre: Centre, **criteria: Any) -> list[str]:
    """The names of the users that a search finds once the index has them."""
    centre.clock.advance(2)
    return [one["Username"] for one in centre.ask("SearchUsers", SearchCriteria=criteria)["Users"]]


def named(field: str, value: str, how: str = "EXACT") -> dict[str, str]:
    return {"FieldName": field, "Value": value, "ComparisonType": how}


def test_a_user_is_described_as_it_was_made(centre: Centre) -> None:
    """Everything that was said comes back, the password never."""
    phone = {"PhoneType": "DESK_PHONE", "DeskPhoneNumber": "+12065550100", "AfterContactWorkTimeLimit": 30}
    made = user(centre, PhoneConfig=phone, Tags={"team": "vip"})
    shown = centre.ask("DescribeUser", UserId=made)["User"]
    assert shown["Username"] == "jane"
    assert shown["IdentityInfo"] == {"FirstName": "Jane", "LastName": "Doe"}
    assert shown["PhoneConfig"] == {**phone, "AutoAccept": False}
    assert shown["Tags"] == {"team": "vip"}
    assert shown["LastModifiedRegion"] == "us-east-1"
    assert "Password" not in shown


@pytest.mark.parametrize(
    ("identities", "other"),
    [
        ("CONNECT_MANAGED", {"Password": None}),
        ("CONNECT_MANAGED", {"Password": "alllowercase1"}),
        ("CONNECT_MANAGED", {"Username": "a" * 21}),
        ("CONNECT_MANAGED", {"Username": "jane doe"}),
        ("CONNECT_MANAGED", {"Username": "jane@acme"}),
        ("CONNECT_MANAGED", {"IdentityInfo": {"FirstName": "Jane"}}),
        ("CONNECT_MANAGED", {"IdentityInfo": {"FirstName": "Jane", "LastName": "Doe", "Email": "nobody"}}),
        ("CONNECT_MANAGED", {"IdentityInfo": {"FirstName": "Jose\u0301", "LastName": "Doe"}}),
        ("SAML", {}),
        ("SAML", {"Password": None, "Username": "a" * 65}),
        ("SAML", {"Password": None, "IdentityInfo": {"FirstName": "J", "LastName": "D", "Email": "j@acme.example"}}),
    ],
)
def test_identity_management_says_who_may_be_made(identities: str, other: dict[str, Any]) -> None:
    """Passwords, names and addresses that an instance's way to manage identities does not take are refused."""
    centre = Centre(identities=identities)
    assert centre.refused("CreateUser", **wanted(centre, **{"name": "jane", **other})) == "InvalidParameterException"


def test_saml_takes_longer_names_without_a_password() -> None:
    """With SAML a name has up to 64 characters and may be an address."""
    centre = Centre(identities="SAML")
    assert user(centre, f"{'a' * 51}@acme.example", Password=None)


def test_a_name_is_taken_once(centre: Centre) -> None:
    """A second user of a name is a duplicate."""
    user(centre)
    assert centre.refused("CreateUser", **wanted(centre)) == "DuplicateResourceException"


@pytest.mark.parametrize(
    "other",
    [{"RoutingProfileId": "nowhere"}, {"SecurityProfileIds": ["nowhere"]}, {"HierarchyGroupId": "nowhere"}],
)
def test_what_a_user_is_made_of_must_be_there(centre: Centre, other: dict[str, Any]) -> None:
    """Profiles and groups that the instance has not are not found."""
    assert centre.refused("CreateUser", **wanted(centre, **other)) == "ResourceNotFoundException"


def test_an_instance_has_as_many_users_as_its_quota_says() -> None:
    """The one too many is refused, and taken where Service Quotas has applied more."""
    applied: dict[str, float] = {}
    centre = Centre(raised=lambda _region, code, *_resources: applied.get(code))
    params = wanted(centre)
    applied["L-9A46857E"] = 2
    for name in ("a", "b"):
        centre.ask("CreateUser", **{**params, "Username": name})
    assert centre.refused("CreateUser", **{**params, "Username": "c"}) == "LimitExceededException"
    applied["L-9A46857E"] = 3
    assert centre.refused("CreateUser", **{**params, "Username": "c"}) == ""


def test_each_aspect_is_changed_by_itself(centre: Centre) -> None:
    """Identity, profiles and phone are put by calls of their own; a taken-out group is none."""
    one, admin = user(centre), security_profile(centre, "Admin")
    centre.ask(
        "UpdateUserIdentityInfo", UserId=one, IdentityInfo={"FirstName": "J", "LastName": "Roe", "Email": "j@x.example"}
    )
    centre.ask("UpdateUserSecurityProfiles", UserId=one, SecurityProfileIds=[admin])
    centre.ask("UpdateUserPhoneConfig", UserId=one, PhoneConfig={"PhoneType": "SOFT_PHONE", "AutoAccept": True})
    centre.ask("UpdateUserHierarchyStructure", HierarchyStructure={"LevelOne": {"Name": "Site"}})
    group = centre.ask("CreateUserHierarchyGroup", Name="Berlin")["HierarchyGroupId"]
    centre.ask("UpdateUserHierarchy", UserId=one, HierarchyGroupId=group)
    shown = centre.ask("DescribeUser", UserId=one)["User"]
    assert shown["IdentityInfo"]["Email"] == "j@x.example"
    assert (shown["SecurityProfileIds"], shown["HierarchyGroupId"]) == ([admin], group)
    assert shown["PhoneConfig"]["AutoAccept"] is True
    centre.ask("UpdateUserHierarchy", UserId=one)
    assert centre.ask("DescribeUser", UserId=one)["User"]["HierarchyGroupId"] is None


def test_one_style_of_phone_settings_shuts_out_the_other(centre: Centre) -> None:
    """Both at once are refused; the later one takes the place of the earlier."""
    channels = [{"Channel": "VOICE", "AutoAccept": True}]
    both: dict[str, Any] = {"PhoneConfig": {"AutoAccept": True}, "AutoAcceptConfigs": channels}
    assert centre.refused("CreateUser", **wanted(centre, **both)) == "InvalidParameterException"
    one = user(centre)
    centre.ask("UpdateUserConfig", UserId=one, AutoAcceptConfigs=channels)
    shown = centre.ask("DescribeUser", UserId=one)["User"]
    assert (shown["AutoAcceptConfigs"], shown["PhoneConfig"]) == (
        channels,
        {"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": 0},
    )
    centre.ask("UpdateUserPhoneConfig", UserId=one, PhoneConfig={"AutoAccept": False})
    shown = centre.ask("DescribeUser", UserId=one)["User"]
    assert "AutoAcceptConfigs" not in shown
    assert shown["PhoneConfig"]["AutoAccept"] is False


def test_a_search_is_behind_and_tells_times_in_milliseconds(centre: Centre) -> None:
    """A new user is found after a moment; the limit of work after a contact is a thousand times that of a description."""
    one = user(centre, PhoneConfig={"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": 30})
    assert centre.ask("SearchUsers")["Users"] == []
    centre.clock.advance(2)
    (shown,) = centre.ask("SearchUsers")["Users"]
    assert shown["Id"] == one
    assert shown["PhoneConfig"]["AfterContactWorkTimeLimit"] == 30_000


def test_users_are_searched_by_names_and_profiles(centre: Centre) -> None:
    """The fields that AWS names find users; another field is refused."""
    user(centre, "jane")
    user(centre, "john", SecurityProfileIds=[security_profile(centre, "Admin")])
    assert found(centre, StringCondition=named("Username", "ja", "STARTS_WITH")) == ["jane"]
    assert found(centre, StringCondition=named("SecurityProfileId", security_profile(centre, "Admin"))) == ["john"]
    assert found(centre, StringCondition=named("RoutingProfileId", routing_profile(centre))) == ["jane", "john"]
    either = [{"StringCondition": named("Username", name)} for name in ("jane", "john")]
    assert found(centre, OrConditions=either) == ["jane", "john"]
    wrong = {"StringCondition": named("Height", "2")}
    assert centre.refused("SearchUsers", SearchCriteria=wrong) == "InvalidParameterException"


def test_a_group_finds_its_own_users_or_those_below_too(centre: Centre) -> None:
    """EXACT looks in the group alone, WITH_CHILD_GROUPS below it as well, as a criterion and as a filter."""
    levels = {"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
    centre.ask("UpdateUserHierarchyStructure", HierarchyStructure=levels)
    site = centre.ask("CreateUserHierarchyGroup", Name="Berlin")["HierarchyGroupId"]
    team = centre.ask("CreateUserHierarchyGroup", Name="VIP", ParentGroupId=site)["HierarchyGroupId"]
    user(centre, "boss", HierarchyGroupId=site)
    user(centre, "jane", HierarchyGroupId=team)
    whole = {"Value": site, "HierarchyGroupMatchType": "WITH_CHILD_GROUPS"}
    assert found(centre, HierarchyGroupCondition={"Value": site, "HierarchyGroupMatchType": "EXACT"}) == ["boss"]
    assert found(centre, HierarchyGroupCondition=whole) == ["boss", "jane"]
    narrowed = centre.ask("SearchUsers", SearchFilter={"UserAttributeFilter": {"HierarchyGroupCondition": whole}})
    assert [one["Username"] for one in narrowed["Users"]] == ["boss", "jane"]


def test_proficiencies_need_predefined_attributes(centre: Centre) -> None:
    """What is not predefined is not found; levels are whole; what one has keeps the attribute from being deleted."""
    one = user(centre)
    german = {"AttributeName": "language", "AttributeValue": "german", "Level": 4.0}
    assert (
        centre.refused("AssociateUserProficiencies", UserId=one, UserProficiencies=[german])
        == "ResourceNotFoundException"
    )
    centre.ask("CreatePredefinedAttribute", Name="language", Values={"StringList": ["german", "french"]})
    half = {**german, "Level": 4.5}
    assert (
        centre.refused("AssociateUserProficiencies", UserId=one, UserProficiencies=[half])
        == "InvalidParameterException"
    )
    centre.ask("AssociateUserProficiencies", UserId=one, UserProficiencies=[german])
    assert centre.ask("ListUserProficiencies", UserId=one)["UserProficiencyList"] == [german]
    assert centre.refused("DeletePredefinedAttribute", Name="language") == "ResourceInUseException"
    level = {"FieldName": "limit", "MinValue": 4, "ComparisonType": "GREATER_OR_EQUAL"}
    conditions = [{"StringCondition": named("value", "german")}, {"NumberCondition": level}]
    assert found(centre, ListCondition={"TargetListType": "PROFICIENCIES", "Conditions": conditions}) == ["jane"]
    centre.ask("UpdateUserProficiencies", UserId=one, UserProficiencies=[{**german, "Level": 2.0}])
    assert found(centre, ListCondition={"TargetListType": "PROFICIENCIES", "Conditions": conditions}) == []
    gone = [{"AttributeName": "language", "AttributeValue": "german"}]
    centre.ask("DisassociateUserProficiencies", UserId=one, UserProficiencies=gone)
    assert centre.ask("ListUserProficiencies", UserId=one)["UserProficiencyList"] == []


def test_a_deleted_user_is_gone_and_its_quick_connect_stays(centre: Centre) -> None:
    """As on AWS the quick connects of a deleted user are left to their owner; profiles are free again."""
    one, profile = user(centre), security_profile(centre)
    settings = {"QuickConnectType": "USER", "UserConfig": {"UserId": one, "ContactFlowId": flow(centre)}}
    centre.ask("CreateQuickConnect", Name="Jane", QuickConnectConfig=settings)
    assert centre.refused("DeleteSecurityProfile", SecurityProfileId=profile) == "ResourceInUseException"
    assert centre.refused("DeleteRoutingProfile", RoutingProfileId=routing_profile(centre)) == "ResourceInUseException"
    centre.ask("DeleteUser", UserId=one)
    assert centre.refused("DescribeUser", UserId=one) == "ResourceNotFoundException"
    assert len(centre.ask("ListQuickConnects")["QuickConnectSummaryList"]) == 1
    assert centre.refused("DeleteSecurityProfile", SecurityProfileId=profile) == ""


def test_every_user_has_a_queue(centre: Centre) -> None:
    """ListQueues shows agents' queues too, unless only standard ones are asked for."""
    one = user(centre)
    every = centre.ask("ListQueues")["QueueSummaryList"]
    assert [row["Id"] for row in every if row["QueueType"] == "AGENT"] == [one]
    assert all(
        row["QueueType"] == "STANDARD" for row in centre.ask("ListQueues", QueueTypes=["STANDARD"])["QueueSummaryList"]
    )
    assert "/queue/agent/" in every[-1]["Arn"]


def test_users_have_tags(centre: Centre) -> None:
    """Tags are read and written by the ARN of a user, and the tagging service sees them."""
    arn = centre.ask("CreateUser", **wanted(centre, Tags={"team": "vip"}))["UserArn"]
    centre.call("TagResource", resourceArn=arn, tags={"site": "berlin"})
    assert centre.call("ListTagsForResource", resourceArn=arn)["tags"] == {"team": "vip", "site": "berlin"}
    assert centre.service.tagged("us-east-1")[arn] == {"team": "vip", "site": "berlin"}
