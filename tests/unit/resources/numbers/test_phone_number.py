"""Telephone numbers: claimed once, found again whatever happens, never claimed where they exist, never released in passing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sbctl.core.aws.error import AwsError
from sbctl.core.aws.one_look import OneLook
from sbctl.core.flow_document import FlowDocument
from sbctl.core.kinds.compare import changes, replaced_by
from sbctl.core.kinds.resource import NotReady
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.values import plain
from sbctl.core.problem import SbctlError
from sbctl.core.project import ADDRESS_TAG, PROJECT_TAG
from sbctl.resources.connect_phone_number import RESOURCE, PhoneNumberItem, PhoneNumberSpec
from tests.unit.resources.connect.script import project
from tests.unit.resources.numbers.exchange import INSTANCE, Exchange, arn, flow

REGION = "us-east-1"
ADDRESS = "connect_phone_number.us-east-1.main"
OURS = {PROJECT_TAG: "acme", ADDRESS_TAG: ADDRESS}
TOKEN = "3f0e5b0a-6c0d-4c55-9c7e-3d3a4f5b6c7d"
FIRST, SECOND, THIRD = "+18005550101", "+18005550102", "+18335550103"


def number(**changed: Any) -> PhoneNumberSpec:
    """A number to be claimed, which differs from the ordinary one in `changed`."""
    values = {"instance": INSTANCE, "country": "US", "type": "TOLL_FREE", "description": "Sales", "tags": OURS}
    return PhoneNumberSpec.model_validate({**values, **changed})


def item(**values: Any) -> PhoneNumberItem:
    return PhoneNumberItem.model_validate({"name": "main", **values}, by_alias=True, by_name=False)


def claimed(exchange: Exchange, **changed: Any) -> dict[str, str]:
    return dict(RESOURCE.create(exchange, REGION, number(**changed), TOKEN))


def problem(raised: pytest.ExceptionInfo[SbctlError]) -> tuple[str, str, str]:
    (one,) = raised.value.problems
    return one.code, one.detail, one.fix


def test_the_first_number_on_offer_is_claimed_with_tags_and_token() -> None:
    """For this instance, of this country and type, with the tags by which it is found again."""
    exchange = Exchange(FIRST, SECOND)
    assert claimed(exchange) == {"instance": INSTANCE, "id": "n-0", "arn": arn("n-0")}
    (search,) = exchange.made_of("SearchAvailablePhoneNumbers")
    assert {"PhoneNumberCountryCode": "US", "PhoneNumberType": "TOLL_FREE"}.items() <= search.items()
    (claim,) = exchange.made_of("ClaimPhoneNumber")
    assert claim == {
        "PhoneNumber": FIRST,
        "InstanceId": INSTANCE,
        "Tags": OURS,
        "ClientToken": TOKEN,
        "PhoneNumberDescription": "Sales",
    }


def test_a_number_that_others_take_meanwhile_makes_it_search_again() -> None:
    """Both numbers of the first page are gone, so the third, of another page, is claimed."""
    exchange = Exchange(FIRST, SECOND, THIRD)
    exchange.taken = {FIRST, SECOND}
    claimed(exchange)
    assert [row["PhoneNumber"] for row in exchange.rows.values()] == [THIRD]
    assert len(exchange.made_of("SearchAvailablePhoneNumbers")) == 2


def test_a_prefix_narrows_the_search() -> None:
    """Only a number that begins so is claimed."""
    exchange = Exchange(FIRST, THIRD)
    claimed(exchange, prefix="+1833")
    assert [row["PhoneNumber"] for row in exchange.rows.values()] == [THIRD]


def test_no_number_on_offer_is_told_with_what_was_asked() -> None:
    """Nothing is claimed, and the problem names country, type, prefix and region."""
    exchange = Exchange()
    with pytest.raises(SbctlError) as raised:
        claimed(exchange, prefix="+1844")
    code, detail, _ = problem(raised)
    assert (code, detail) == ("no-number-available", "no TOLL_FREE number of US that begins with +1844 in us-east-1")
    assert exchange.made_of("ClaimPhoneNumber") == []


@pytest.mark.parametrize("behind", [False, True], ids=["tags", "token"])
def test_a_lost_answer_claims_one_number(behind: bool) -> None:
    """The second attempt finds the number by its tags, or AWS refuses the token with another number and it is looked for."""
    exchange = Exchange(FIRST, SECOND)
    exchange.lost = True
    with pytest.raises(AwsError):
        claimed(exchange)
    exchange.tags_behind = behind
    assert claimed(exchange)["id"] == "n-0"
    assert len(exchange.rows) == 1


def test_a_caller_who_may_not_search_tags_claims_all_the_same() -> None:
    """The token alone still keeps a second claim away."""
    exchange = Exchange(FIRST)
    exchange.denied = {"GetResources"}
    assert claimed(exchange)["id"] == "n-0"


def test_a_flow_follows_when_the_number_is_claimed() -> None:
    """Nothing can be done with a number whose claim is under way; the update links it."""
    exchange = Exchange(FIRST, status="IN_PROGRESS")
    ids = claimed(exchange, flow=flow("f"))
    with pytest.raises(NotReady):
        RESOURCE.ready(exchange, REGION, ids)
    assert exchange.flows == {}
    exchange.rows["n-0"]["PhoneNumberStatus"] = {"Status": "CLAIMED"}
    live = RESOURCE.ready(exchange, REGION, ids)
    RESOURCE.update(exchange, REGION, ids, live.spec, number(number=FIRST, flow=flow("f")), {})
    assert exchange.flows == {"n-0": flow("f")}


def test_a_failed_claim_is_told_with_awss_reason() -> None:
    """And with the command that gives the number back."""
    exchange = Exchange(FIRST, status="FAILED")
    ids = claimed(exchange)
    with pytest.raises(SbctlError) as raised:
        RESOURCE.ready(exchange, REGION, ids)
    code, detail, fix = problem(raised)
    assert (code, detail) == ("number-not-claimed", f"{FIRST} in us-east-1: the quota is used up")
    assert "release-phone-number --phone-number-id n-0" in fix


def test_a_claimed_number_keeps_its_own_and_plans_nothing() -> None:
    """The number that AWS gave is compared with itself; country and type are those that were asked for."""
    exchange = Exchange(FIRST)
    ids = claimed(exchange)
    live = RESOURCE.read(exchange, REGION, ids)
    assert live is not None
    assert (live.spec.number, live.output("number"), live.owner) == (FIRST, FIRST, ADDRESS)
    wanted = {**plain(number()), "number": live.spec.number}
    assert changes(RESOURCE, wanted, plain(live.spec), plain(number())) == ()


@pytest.mark.parametrize(
    ("changed", "operation"),
    [
        ({"description": "new"}, "UpdatePhoneNumberMetadata"),
        ({"flow": flow("g")}, "AssociatePhoneNumberContactFlow"),
        ({"tags": {**OURS, "team": "b"}}, "TagResource"),
    ],
)
def test_one_aspect_costs_one_call(changed: dict[str, Any], operation: str) -> None:
    """Only the operation of the aspect that differs is called."""
    exchange = Exchange(FIRST)
    ids = claimed(exchange)
    exchange.made.clear()
    RESOURCE.update(exchange, REGION, ids, number(), number(**changed), plain(number()))
    assert [name for name, _ in exchange.made] == [operation]


@pytest.mark.parametrize(
    ("field", "operation"),
    [("flow", "DisassociatePhoneNumberContactFlow"), ("description", "UpdatePhoneNumberMetadata")],
)
def test_what_the_config_no_longer_says_is_taken_back(field: str, operation: str) -> None:
    """A number without a flow leads nowhere again, a text is emptied; what others set stays."""
    exchange = Exchange(FIRST)
    ids = claimed(exchange)
    had = number(flow=flow("f"))
    exchange.made.clear()
    RESOURCE.update(exchange, REGION, ids, had, had.model_copy(update={field: None}), {})
    assert exchange.made == []
    RESOURCE.update(exchange, REGION, ids, had, had.model_copy(update={field: None}), plain(had))
    assert [name for name, _ in exchange.made] == [operation]


@pytest.mark.parametrize("field", ["country", "type", "number", "instance"])
def test_another_number_is_a_replacement(field: str) -> None:
    """Which is guarded like the release that it begins with."""
    other = {"country": "GB", "type": "DID", "number": SECOND, "instance": "i-2"}[field]
    found = changes(RESOURCE, plain(number(**{"number": FIRST, field: other})), plain(number(number=FIRST)), {})
    assert replaced_by(RESOURCE, found)


def test_numbers_are_read_in_pages_with_their_flows() -> None:
    """Two lists and a page of tags for any number of numbers; what is not ours is known by its number alone."""
    exchange = Exchange()
    for index in range(5):
        exchange.add(f"+1800555020{index}", f"n-{index}", Tags={**OURS, ADDRESS_TAG: f"{ADDRESS}{index}"})
    exchange.flows["n-1"] = flow("f")
    exchange.add(THIRD, "n-9", Tags={"team": "theirs"})
    look = OneLook(exchange, "acme")
    sought = Sought(owners=frozenset(f"{ADDRESS}{index}" for index in range(5)))
    found = list(RESOURCE.find(look, REGION, INSTANCE, sought))
    assert [live.spec.flow for live in found] == [None, flow("f"), None, None, None]
    assert [name for name, _ in exchange.made] == ["ListPhoneNumbersV2", "GetResources", "ListFlowAssociations"]
    (adopted,) = RESOURCE.find(look, REGION, INSTANCE, Sought(keys=frozenset({THIRD})))
    assert adopted.ids["id"] == "n-9"


def test_a_number_of_ours_is_found_where_pages_of_tags_may_not_be_read() -> None:
    """Then each number is described, so that no second one is claimed."""
    exchange = Exchange()
    exchange.add(FIRST, "n-1", Tags=OURS)
    exchange.denied = {"GetResources"}
    (found,) = RESOURCE.find(OneLook(exchange, "acme"), REGION, INSTANCE, Sought(owners=frozenset({ADDRESS})))
    assert found.owner == ADDRESS


def test_a_released_number_can_be_released_again() -> None:
    """What is gone already is fine."""
    exchange = Exchange(FIRST)
    ids = claimed(exchange)
    RESOURCE.delete(exchange, REGION, ids)
    RESOURCE.delete(exchange, REGION, ids)
    assert RESOURCE.read(exchange, REGION, ids) is None


def test_a_number_that_the_account_does_not_have_is_refused() -> None:
    """A named number is never claimed: another one would be claimed in its place."""
    exchange = Exchange(FIRST)
    wanted = {"number": THIRD, "instance": INSTANCE}
    ((why, fix),) = RESOURCE.refused(exchange, REGION, wanted)
    assert why == f"the account has no number {THIRD} in us-east-1"
    assert "country and type" in fix
    with pytest.raises(SbctlError):
        RESOURCE.create(exchange, REGION, number(number=THIRD, country=None, type=None), TOKEN)
    assert exchange.made_of("ClaimPhoneNumber") == []


def test_a_number_of_another_instance_is_refused_with_the_way_to_move_it() -> None:
    """Moving one drops its flow in the other instance, so that sbctl does not do it."""
    exchange = Exchange()
    exchange.add(FIRST, "n-7", target="i-other")
    ((why, fix),) = RESOURCE.refused(exchange, REGION, {"number": FIRST, "instance": INSTANCE})
    assert why == f"{FIRST} is claimed to i-other, not to the instance {INSTANCE}"
    assert "update-phone-number --phone-number-id n-7" in fix


def test_what_is_to_be_claimed_is_not_refused() -> None:
    """It has no number yet that could be somebody's."""
    assert list(RESOURCE.refused(Exchange(), REGION, {"number": "", "instance": INSTANCE})) == []


def test_an_item_is_one_number_a_region_with_its_flow() -> None:
    """References go to the instance and the flow of the same region, and the number is AWS's choice."""
    (wanted,) = RESOURCE.expand(item(country="US", type="DID", flow="Sales"), project(), "us-west-2")
    assert str(wanted.address) == "connect_phone_number.us-west-2.main"
    assert str(wanted.values["flow"]) == "connect_flow.us-west-2.sales#arn"
    assert wanted.initial == {"number"}
    (named,) = RESOURCE.expand(item(number=FIRST, regions=[REGION]), project(), REGION)
    assert (named.values["number"], named.initial) == (FIRST, frozenset())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"country": "XX", "type": "DID"}, "country"),
        ({"country": "us", "type": "DID"}, "country"),
        ({"country": "US", "type": "FREE"}, "type"),
        ({"number": "8005550100"}, "number"),
        ({"country": "US", "type": "DID", "prefix": "206"}, "prefix"),
        ({"country": "US", "type": "DID", "description": ""}, "description"),
    ],
)
def test_a_wrong_value_is_told_before_any_call(values: dict[str, Any], field: str) -> None:
    """Unknown countries and types, numbers and prefixes that are none."""
    with pytest.raises(ValidationError) as raised:
        item(**values)
    assert [one["loc"][0] for one in raised.value.errors()] == [field]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, ["country", "type"]),
        ({"country": "US"}, ["type"]),
        ({"number": FIRST, "regions": [REGION], "country": "US", "type": "DID"}, ["number"]),
        ({"number": FIRST}, ["number"]),
        ({"number": FIRST, "regions": [REGION]}, []),
        ({"country": "US", "type": "DID", "flow": "Nowhere"}, ["flow"]),
        ({"country": "US", "type": "DID"}, []),
    ],
)
def test_what_an_item_leaves_unclear_is_a_finding(values: dict[str, Any], fields: list[str]) -> None:
    """Neither a number nor how to claim one, or both; one number in several regions; a flow that is not there."""
    one = item(**values)
    assert [field for field, _, _ in RESOURCE.check(one, project(numbers=(one,)))] == fields


def test_a_number_of_two_items_is_a_finding_of_both() -> None:
    """A number exists once, wherever it stands."""
    one = item(number=FIRST, regions=[REGION])
    other = item(name="other", number=FIRST, regions=["us-west-2"])
    known = project(numbers=(one, other))
    assert ["other" in what for _, what, _ in RESOURCE.check(one, known)] == [True]
    assert ["main" in what for _, what, _ in RESOURCE.check(other, known)] == [True]


def test_a_number_without_a_flow_gets_a_word() -> None:
    """So does one whose flow is not of the type that answers callers."""
    assert [field for field, _, _ in RESOURCE.remarks(item(country="US", type="DID"), project())] == ["name"]
    hold = FlowDocument("Hold", "CUSTOMER_HOLD", "", {}, "flows/Hold.json")
    known = project()
    known = type(known)(**{**vars(known), "flows": {"Hold": hold}})
    ((field, said, _),) = RESOURCE.remarks(item(country="US", type="DID", flow="Hold"), known)
    assert (field, "CUSTOMER_HOLD" in said) == ("flow", True)


def test_an_adopted_number_is_said_by_its_number() -> None:
    """In its region alone, with its flow by name."""
    spec = number(number=FIRST, flow=flow("f"))
    said = RESOURCE.to_config(spec, REGION, lambda kind, identity: f"{kind}:{identity[-1]}")
    assert said == {
        "name": "18005550101",
        "number": FIRST,
        "description": "Sales",
        "flow": "connect_flow:f",
        "regions": [REGION],
    }
    assert list(RESOURCE.check(item(**{**said, "flow": None}), project())) == []
