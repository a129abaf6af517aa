"""Users: what they are made of, what one change costs, and what is refused before any call."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from sbctl.core.project import Project
from sbctl.resources.connect_instance import InstanceItem
from sbctl.resources.connect_predefined_attribute import PredefinedAttributeItem
from sbctl.resources.connect_queue import QueueItem
from sbctl.resources.connect_routing_profile import RoutingProfileItem
from sbctl.resources.connect_security_profile import SecurityProfileItem
from sbctl.resources.connect_user import RESOURCE
from sbctl.resources.content.passwords import new_password
from sbctl.resources.content.proficiencies import Proficiency
from sbctl.resources.content.user_items import UserItem
from sbctl.resources.content.user_spec import UserSpec
from tests.unit.resources.connect.script import Script, project

IDS = {"instance": "i", "id": "u", "arn": "arn:u"}
AWS_PASSWORD = re.compile(r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d\S]{8,64}$")
"""https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateUser.html"""


def user(**changed: Any) -> UserSpec:
    """A user as it is wanted."""
    values = {
        "instance": "i",
        "name": "agent-1",
        "first_name": "Ann",
        "last_name": "Example",
        "security_profiles": ("s",),
        "routing_profile": "r",
        "phone_type": "SOFT_PHONE",
    }
    return UserSpec.model_validate({**values, **changed})


def item(**changed: Any) -> UserItem:
    """A user as the config says it, without a fault."""
    values = {
        "name": "agent-1",
        "firstName": "Ann",
        "lastName": "Example",
        "securityProfiles": ["Agent"],
        "routingProfile": "Agents",
    }
    return UserItem.model_validate({**values, **changed}, by_alias=True, by_name=False)


def centre(identity: str = "CONNECT_MANAGED") -> Project:
    """A project that has what the items name."""
    return project(
        instances=(InstanceItem(identity=identity),),  # type: ignore[arg-type]
        queues=(QueueItem(name="Sales", hours="24x7"),),
        routingProfiles=(RoutingProfileItem(name="Agents", default_outbound_queue="Sales"),),
        securityProfiles=(SecurityProfileItem(name="Agent"),),
        predefinedAttributes=(PredefinedAttributeItem(name="Product", values=["Loans"]),),
    )


def wrong(one: UserItem, where: Project) -> list[str]:
    """The fields with which something is certainly wrong."""
    return [field for field, _, _ in RESOURCE.check(one, where)]


def test_a_new_user_gets_a_password_that_aws_takes_and_nobody_sees() -> None:
    """It is in the request alone, another for each user, and follows AWS's pattern."""
    aws = Script({"CreateUser": [{"UserId": "u", "UserArn": "arn:u"}]})
    assert RESOURCE.create(aws, "us-east-1", user(), "t") == IDS
    RESOURCE.create(aws, "us-east-1", user(), "t")
    one, other = (params["Password"] for params in aws.params("CreateUser"))
    assert one != other
    assert AWS_PASSWORD.match(one)
    assert not any("password" in name.lower() for name in UserSpec.model_fields)
    assert all(AWS_PASSWORD.match(new_password()) for _ in range(200))


def test_where_saml_manages_users_there_is_no_password() -> None:
    """AWS refuses one there."""
    aws = Script({"CreateUser": [{"UserId": "u", "UserArn": "arn:u"}]})
    RESOURCE.create(aws, "us-east-1", user(identity="SAML"), "t")
    assert "Password" not in aws.made[0][1]


def test_a_creation_with_proficiencies_is_two_calls() -> None:
    """CreateUser has no member for them."""
    aws = Script({"CreateUser": [{"UserId": "u", "UserArn": "arn:u"}]})
    skill = Proficiency(attribute="Product", value="Loans", level=3)
    RESOURCE.create(aws, "us-east-1", user(proficiencies=(skill,)), "t")
    assert aws.operations == ["CreateUser", "AssociateUserProficiencies"]
    (sent,) = aws.params("AssociateUserProficiencies")
    assert sent["UserProficiencies"] == [{"AttributeName": "Product", "AttributeValue": "Loans", "Level": 3.0}]


def test_a_search_counts_after_contact_work_in_milliseconds() -> None:
    """SearchUsers says 90000 where DescribeUser says 90: both are 90 seconds."""
    row = {"Id": "u", "Arn": "arn:u", "Username": "agent-1", "SecurityProfileIds": ["s"], "RoutingProfileId": "r"}
    phone = {"PhoneType": "SOFT_PHONE", "AutoAccept": False}
    aws = Script(
        {
            "SearchUsers": [{"Users": [{**row, "PhoneConfig": {**phone, "AfterContactWorkTimeLimit": 90_000}}]}],
            "DescribeUser": [{"User": {**row, "PhoneConfig": {**phone, "AfterContactWorkTimeLimit": 90}}}],
        }
    )
    (listed,) = RESOURCE.list(aws, "us-east-1", "i")
    read = RESOURCE.read(aws, "us-east-1", IDS)
    assert read is not None
    assert listed.spec.after_contact_work == read.spec.after_contact_work == 90
    assert aws.operations == ["SearchUsers", "DescribeUser", "ListUserProficiencies"]


def test_a_change_of_the_name_keeps_the_mobile_number() -> None:
    """UpdateUserIdentityInfo carries everything: what sbctl does not know of is sent as it is."""
    there = {"FirstName": "Ann", "LastName": "Example", "Email": "a@example.com", "Mobile": "+18005550100"}
    aws = Script({"DescribeUser": [{"User": {"IdentityInfo": there}}]})
    RESOURCE.update(aws, "us-east-1", IDS, user(), user(first_name="Anna"), {})
    (sent,) = aws.params("UpdateUserIdentityInfo")
    assert sent["IdentityInfo"] == {**there, "FirstName": "Anna"}


def test_only_proficiencies_that_changed_are_sent() -> None:
    """One stays, one gets another level, one is new, one goes: three calls."""

    def skill(value: str, level: int) -> Proficiency:
        return Proficiency(attribute="Product", value=value, level=level)

    aws = Script()
    live = user(proficiencies=(skill("stays", 1), skill("moves", 1), skill("goes", 1)))
    wanted = user(proficiencies=(skill("stays", 1), skill("moves", 5), skill("new", 2)))
    RESOURCE.update(aws, "us-east-1", IDS, live, wanted, {})
    assert aws.operations == [
        "AssociateUserProficiencies",
        "UpdateUserProficiencies",
        "DisassociateUserProficiencies",
    ]
    assert aws.made[2][1]["UserProficiencies"] == [{"AttributeName": "Product", "AttributeValue": "goes"}]


@pytest.mark.parametrize(
    ("name", "identity", "fits"),
    [
        ("agent-1", "CONNECT_MANAGED", True),
        ("a" * 20, "CONNECT_MANAGED", True),
        ("a" * 21, "CONNECT_MANAGED", False),
        ("a" * 64, "SAML", True),
        ("a" * 65, "SAML", False),
        ("ann@example.com", "SAML", True),
        ("ann@example", "SAML", False),
        ("ann lee", "SAML", False),
        (r"corp\ann_lee-1.x", "SAML", True),
    ],
)
def test_a_user_name_fits_the_identity_management(name: str, identity: str, fits: bool) -> None:
    """By the page of CreateUser: 20 characters, or with SAML 64 of some; an @ only in an e-mail address."""
    assert wrong(item(name=name), centre(identity)) == ([] if fits else ["name"])


def test_everything_that_is_wrong_with_a_user_is_told_at_once() -> None:
    """Unknown profiles, groups, attributes and values, repeats, missing names and bad addresses."""
    skills = [
        {"attribute": "Product", "value": "Loans", "level": 1},
        {"attribute": "Product", "value": "Loans", "level": 2},
        {"attribute": "Product", "value": "Cards", "level": 2},
        {"attribute": "Tongue", "value": "fr", "level": 2},
        {"attribute": "connect:Language", "value": "connect:French", "level": 2},
    ]
    one = item(
        firstName=None,
        email="nobody",
        secondaryEmail="a@b",
        securityProfiles=["Agent", "Agent", "Gone"],
        routingProfile="Gone",
        hierarchyGroup="North",
        proficiencies=skills,
    )
    assert sorted(wrong(one, centre())) == [
        "email",
        "firstName",
        "hierarchyGroup",
        "proficiencies",
        "proficiencies",
        "proficiencies",
        "routingProfile",
        "secondaryEmail",
        "securityProfiles",
        "securityProfiles",
    ]


def test_what_only_may_be_wrong_is_a_remark() -> None:
    """AWS's pages disagree on e-mail addresses with SAML; a desk phone without a number rings nowhere."""
    remarked = [field for field, _, _ in RESOURCE.remarks(item(email="a@example.com", phone="desk"), centre("SAML"))]
    assert remarked == ["email", "phone"]
    assert [field for field, _, _ in RESOURCE.remarks(item(), centre())] == ["name"]


def test_levels_go_from_one_to_five() -> None:
    """Others are refused by the model."""
    with pytest.raises(ValidationError):
        item(proficiencies=[{"attribute": "Product", "value": "Loans", "level": 6}])


def test_an_address_never_holds_an_email_address() -> None:
    """A user name that is one stands as its hash; others as they are."""
    assert str(RESOURCE.address("us-east-1", "agent-1")) == "connect_user.us-east-1.agent-1"
    address = RESOURCE.address("us-east-1", "ann.lee@example.com")
    assert re.fullmatch(r"user-[0-9a-f]{8}", address.name)
    assert "ann" not in repr(address.called)


def test_names_are_compared_in_the_form_that_connect_takes() -> None:
    """A letter with an accent that a file holds as two characters is one for Connect."""
    (desired,) = RESOURCE.expand(item(firstName="E\u0301va"), centre(), "us-east-1")
    assert desired.values["first_name"] == "\u00c9va"
