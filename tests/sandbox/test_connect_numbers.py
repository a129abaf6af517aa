"""Telephone numbers of the simulated Connect: found, claimed, answered by flows, moved and let go."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.sandbox.connect.numbers.inventory import STEMS, inventory, known
from tests.sandbox.connect_calls import Centre
from tests.sandbox.connect_people import flow, queue, refusal

NUMBER = "+18005550100"
TOKEN = "11111111-2222-3333-4444-555555555555"
DAY = 86_400.0


@pytest.fixture
def centre() -> Centre:
    return Centre()


def claim(centre: Centre, number: str = NUMBER, **other: Any) -> str:
    """The id of a number that is claimed, or whose claim has failed."""
    made = centre.call("ClaimPhoneNumber", TargetArn=centre.arn, PhoneNumber=number, **other)
    centre.clock.advance(6)
    return str(made["PhoneNumberId"])


def status(centre: Centre, one: str) -> str:
    shown = centre.call("DescribePhoneNumber", PhoneNumberId=one)["ClaimedPhoneNumberSummary"]
    return str(shown["PhoneNumberStatus"]["Status"])


def available(centre: Centre, country: str = "US", kind: str = "TOLL_FREE", **other: Any) -> list[str]:
    """The first page of numbers that may be claimed."""
    params = {"TargetArn": centre.arn, "PhoneNumberCountryCode": country, "PhoneNumberType": kind, **other}
    found = centre.call("SearchAvailablePhoneNumbers", **params)["AvailableNumbersList"]
    return [one["PhoneNumber"] for one in found]


def test_the_inventory_is_fictional_and_each_number_is_of_one_sort() -> None:
    """North American numbers are 555-01xx; a number tells its country and type; no number is there twice."""
    every = [number for sort in STEMS for number in inventory(*sort)]
    assert len(every) == len(set(every))
    assert all("55501" in number for number in every if number.startswith("+1"))
    assert all(known(number) == sort for sort in STEMS for number in inventory(*sort))
    assert NUMBER in every
    assert known("+18005559999") is None


def test_numbers_are_searched_by_country_type_and_prefix(centre: Centre) -> None:
    """Ten a page, by AWS's prefix with +; a country without numbers has none; a target is needed."""
    assert available(centre)[0] == NUMBER
    assert len(available(centre)) == 10
    assert all(one.startswith("+1415") for one in available(centre, kind="DID", PhoneNumberPrefix="+1415"))
    assert available(centre, "GB", "DID")[0].startswith("+44")
    assert available(centre, "AQ", "DID") == []
    search = {"PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
    assert refusal(centre, "SearchAvailablePhoneNumbers", **search) == "InvalidParameterException"
    wrong = {**search, "TargetArn": centre.arn, "PhoneNumberPrefix": "1415"}
    assert refusal(centre, "SearchAvailablePhoneNumbers", **wrong) == "InvalidParameterException"


def test_a_claim_takes_its_time(centre: Centre) -> None:
    """IN_PROGRESS, during which nothing else can be done to the number, then CLAIMED."""
    made = centre.call("ClaimPhoneNumber", TargetArn=centre.arn, PhoneNumber=NUMBER, PhoneNumberDescription="Main")
    one = made["PhoneNumberId"]
    assert status(centre, one) == "IN_PROGRESS"
    for operation in ("ReleasePhoneNumber", "UpdatePhoneNumberMetadata"):
        assert refusal(centre, operation, PhoneNumberId=one) == "ResourceInUseException"
    early = {"PhoneNumberId": one, "ContactFlowId": flow(centre)}
    assert centre.refused("AssociatePhoneNumberContactFlow", **early) == "InvalidParameterException"
    centre.clock.advance(6)
    shown = centre.call("DescribePhoneNumber", PhoneNumberId=made["PhoneNumberArn"])["ClaimedPhoneNumberSummary"]
    assert shown["PhoneNumberStatus"] == {"Status": "CLAIMED"}
    assert (shown["PhoneNumber"], shown["PhoneNumberCountryCode"], shown["PhoneNumberType"]) == (
        NUMBER,
        "US",
        "TOLL_FREE",
    )
    assert (shown["TargetArn"], shown["InstanceId"]) == (centre.arn, centre.id)
    assert shown["PhoneNumberDescription"] == "Main"


def test_a_number_is_claimed_once(centre: Centre) -> None:
    """It is found no more and claimed by nobody else; a number that does not exist is not found."""
    claim(centre)
    assert NUMBER not in available(centre)
    for number in (NUMBER, "+12065559999"):
        again = {"TargetArn": centre.arn, "PhoneNumber": number}
        assert refusal(centre, "ClaimPhoneNumber", **again) == "ResourceNotFoundException"


def test_a_token_makes_one_claim(centre: Centre) -> None:
    """The same token gives the same number, with other parameters a conflict; one that is no UUID is invalid."""
    first, again = claim(centre, ClientToken=TOKEN), claim(centre, ClientToken=TOKEN)
    assert first == again
    other = {"TargetArn": centre.arn, "PhoneNumber": "+18335550100", "ClientToken": TOKEN}
    assert refusal(centre, "ClaimPhoneNumber", **other) == "IdempotencyException"
    assert refusal(centre, "ClaimPhoneNumber", **{**other, "ClientToken": "mine"}) == "InvalidParameterException"


def test_a_claim_above_the_quota_fails_and_is_forgotten_after_a_day(centre: Centre) -> None:
    """Five an instance: the sixth is answered, ends FAILED with a message, and is back in the inventory the day after."""
    for number in available(centre)[:5]:
        assert status(centre, claim(centre, number)) == "CLAIMED"
    sixth = available(centre)[0]
    one = claim(centre, sixth)
    shown = centre.call("DescribePhoneNumber", PhoneNumberId=one)["ClaimedPhoneNumberSummary"]
    assert shown["PhoneNumberStatus"]["Status"] == "FAILED"
    assert "limit of Phone Numbers" in shown["PhoneNumberStatus"]["Message"]
    centre.clock.advance(DAY + 1)
    assert refusal(centre, "DescribePhoneNumber", PhoneNumberId=one) == "ResourceNotFoundException"
    assert sixth in available(centre)


def test_a_raised_quota_is_room_for_more() -> None:
    """What Service Quotas has applied to the instance counts."""
    centre = Centre(raised=lambda _region, code, *_resources: 6.0 if code == "L-8F812903" else None)
    assert [status(centre, claim(centre, number)) for number in available(centre)[:6]] == ["CLAIMED"] * 6


def test_a_released_number_cools_down_for_180_days(centre: Centre) -> None:
    """Neither found nor claimed before; both afterwards."""
    centre.call("ReleasePhoneNumber", PhoneNumberId=claim(centre))
    assert centre.call("ListPhoneNumbersV2")["ListPhoneNumbersSummaryList"] == []
    assert NUMBER not in available(centre)
    again = {"TargetArn": centre.arn, "PhoneNumber": NUMBER}
    assert refusal(centre, "ClaimPhoneNumber", **again) == "ResourceNotFoundException"
    centre.clock.advance(180 * DAY + 1)
    assert status(centre, claim(centre)) == "CLAIMED"


def test_who_claims_and_releases_twice_the_quota_claims_nothing_more(centre: Centre) -> None:
    """Five claims and five releases are 200 % of five numbers: the next claim fails, and is possible half a year later."""
    for number in available(centre)[:5]:
        centre.call("ReleasePhoneNumber", PhoneNumberId=claim(centre, number))
    assert status(centre, claim(centre, available(centre)[0])) == "FAILED"
    centre.clock.advance(181 * DAY)
    assert status(centre, claim(centre, available(centre)[0])) == "CLAIMED"


def test_a_flow_answers_a_number(centre: Centre) -> None:
    """Its association is put, listed, got for many, taken away; of a deleted flow nothing is left."""
    one, answers = claim(centre), flow(centre)
    arn = centre.call("DescribePhoneNumber", PhoneNumberId=one)["ClaimedPhoneNumberSummary"]["PhoneNumberArn"]
    centre.ask("AssociatePhoneNumberContactFlow", PhoneNumberId=one, ContactFlowId=answers)
    (row,) = centre.ask("ListFlowAssociations", ResourceType="VOICE_PHONE_NUMBER")["FlowAssociationSummaryList"]
    assert (row["ResourceId"], row["FlowId"].rpartition("/")[2]) == (arn, answers)
    assert centre.ask("BatchGetFlowAssociation", ResourceIds=[arn, "other"])["FlowAssociationSummaryList"] == [row]
    centre.ask("DeleteContactFlow", ContactFlowId=answers)
    assert centre.ask("ListFlowAssociations")["FlowAssociationSummaryList"] == []
    centre.ask("AssociatePhoneNumberContactFlow", PhoneNumberId=one, ContactFlowId=flow(centre))
    centre.ask("DisassociatePhoneNumberContactFlow", PhoneNumberId=one)
    assert centre.ask("ListFlowAssociations")["FlowAssociationSummaryList"] == []
    gone = {"PhoneNumberId": one, "ContactFlowId": answers}
    assert centre.refused("AssociatePhoneNumberContactFlow", **gone) == "ResourceNotFoundException"


def test_who_calls_a_number_reaches_its_flow(centre: Centre) -> None:
    """What contacts ask: the instance and the flow of a number; no flow; nobody."""
    assert centre.service.answering(NUMBER) is None
    one = claim(centre)
    assert centre.service.answering(NUMBER) == (centre.id, "")
    centre.ask("AssociatePhoneNumberContactFlow", PhoneNumberId=one, ContactFlowId=flow(centre))
    assert centre.service.answering(NUMBER) == (centre.id, flow(centre))


def test_a_number_moves_to_another_instance_without_its_flow(centre: Centre) -> None:
    """UpdatePhoneNumber leaves the association behind; in another region there is no such number."""
    one = claim(centre)
    centre.ask("AssociatePhoneNumberContactFlow", PhoneNumberId=one, ContactFlowId=flow(centre))
    other = centre.call(
        "CreateInstance",
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="other",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=False,
    )
    centre.clock.advance(31)
    centre.call("UpdatePhoneNumber", PhoneNumberId=one, TargetArn=other["Arn"])
    assert status(centre, one) == "IN_PROGRESS"
    centre.clock.advance(6)
    assert centre.call("ListPhoneNumbersV2", TargetArn=centre.arn)["ListPhoneNumbersSummaryList"] == []
    (row,) = centre.call("ListPhoneNumbersV2", InstanceId=other["Id"])["ListPhoneNumbersSummaryList"]
    assert row["TargetArn"] == other["Arn"]
    assert centre.call("ListFlowAssociations", InstanceId=other["Id"])["FlowAssociationSummaryList"] == []
    centre.region = "us-west-2"
    assert refusal(centre, "DescribePhoneNumber", PhoneNumberId=one) == "ResourceNotFoundException"


def test_a_target_is_an_instance_that_is_there(centre: Centre) -> None:
    """One that is unknown, still being made or named twice is refused, with the codes that AWS models."""
    nowhere = centre.arn[:-1] + ("0" if centre.arn[-1] != "0" else "1")
    claim_it = {"PhoneNumber": NUMBER, "TargetArn": nowhere}
    assert refusal(centre, "ClaimPhoneNumber", **claim_it) == "ResourceNotFoundException"
    search = {"PhoneNumberCountryCode": "US", "PhoneNumberType": "DID", "TargetArn": nowhere}
    assert refusal(centre, "SearchAvailablePhoneNumbers", **search) == "InvalidParameterException"
    twice = {"PhoneNumber": NUMBER, "TargetArn": centre.arn, "InstanceId": centre.id}
    assert refusal(centre, "ClaimPhoneNumber", **twice) == "InvalidParameterException"
    assert refusal(centre, "ListPhoneNumbersV2", TargetArn=nowhere) == "ResourceNotFoundException"


def test_a_full_target_leaves_the_number_where_it_is(centre: Centre) -> None:
    """A move to an instance that has as many as it may ends FAILED; the next move can succeed."""
    one = claim(centre)
    other = centre.call(
        "CreateInstance",
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="other",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=False,
    )
    centre.clock.advance(31)
    for number in available(centre, kind="DID")[:5]:
        centre.call("ClaimPhoneNumber", TargetArn=other["Arn"], PhoneNumber=number)
    centre.clock.advance(6)
    centre.call("UpdatePhoneNumber", PhoneNumberId=one, TargetArn=other["Arn"])
    centre.clock.advance(6)
    assert status(centre, one) == "FAILED"
    (row,) = centre.call("ListPhoneNumbersV2", TargetArn=centre.arn)["ListPhoneNumbersSummaryList"]
    assert row["PhoneNumberId"] == one
    centre.clock.advance(2 * DAY)
    assert centre.service.answering(NUMBER) == (centre.id, "")
    centre.call("UpdatePhoneNumber", PhoneNumberId=one, TargetArn=centre.arn)
    centre.clock.advance(6)
    assert status(centre, one) == "CLAIMED"


def test_a_description_is_changed(centre: Centre) -> None:
    """UpdatePhoneNumberMetadata puts it, which takes a moment."""
    one = claim(centre)
    centre.call("UpdatePhoneNumberMetadata", PhoneNumberId=one, PhoneNumberDescription="Support")
    assert status(centre, one) == "IN_PROGRESS"
    centre.clock.advance(2)
    shown = centre.call("DescribePhoneNumber", PhoneNumberId=one)["ClaimedPhoneNumberSummary"]
    assert shown["PhoneNumberDescription"] == "Support"


def test_lists_are_narrowed(centre: Centre) -> None:
    """By country, type and prefix; both lists, whose ARNs differ: only that of the newer one takes tags."""
    claim(centre)
    claim(centre, "+442079460000", Tags={"team": "uk"})
    listed = centre.call("ListPhoneNumbersV2", PhoneNumberCountryCodes=["GB"])["ListPhoneNumbersSummaryList"]
    assert [row["PhoneNumber"] for row in listed] == ["+442079460000"]
    assert len(centre.call("ListPhoneNumbersV2", PhoneNumberPrefix="+1800")["ListPhoneNumbersSummaryList"]) == 1
    older = centre.ask("ListPhoneNumbers", PhoneNumberTypes=["DID"])["PhoneNumberSummaryList"]
    assert [row["PhoneNumber"] for row in older] == ["+442079460000"]
    assert centre.call("ListTagsForResource", resourceArn=listed[0]["PhoneNumberArn"])["tags"] == {"team": "uk"}
    assert refusal(centre, "ListTagsForResource", resourceArn=older[0]["Arn"]) == "ResourceNotFoundException"
    assert centre.service.tagged("us-east-1")[listed[0]["PhoneNumberArn"]] == {"team": "uk"}


def test_a_queue_calls_out_with_a_number_of_its_instance(centre: Centre) -> None:
    """A number and a whisper flow that are there are kept; others are not found, empty ones invalid."""
    at, one = queue(centre), claim(centre)
    config = {"OutboundCallerIdNumberId": one, "OutboundFlowId": flow(centre)}
    centre.ask("UpdateQueueOutboundCallerConfig", QueueId=at, OutboundCallerConfig=config)
    assert centre.ask("DescribeQueue", QueueId=at)["Queue"]["OutboundCallerConfig"] == config
    for member in config:
        gone = {"QueueId": at, "OutboundCallerConfig": {member: TOKEN}}
        assert centre.refused("UpdateQueueOutboundCallerConfig", **gone) == "ResourceNotFoundException"
        empty = {"QueueId": at, "OutboundCallerConfig": {member: ""}}
        assert centre.refused("UpdateQueueOutboundCallerConfig", **empty) == "InvalidParameterException"


def test_numbers_and_who_had_them_are_kept_in_a_save(centre: Centre) -> None:
    """Another world that becomes what was kept has the number with its flow, and remembers the one that cools down."""
    one = claim(centre)
    centre.ask("AssociatePhoneNumberContactFlow", PhoneNumberId=one, ContactFlowId=flow(centre))
    centre.call("ReleasePhoneNumber", PhoneNumberId=claim(centre, "+18335550100"))
    (part,) = (part for part in centre.service.parts if part.name == "connect")
    rows = {change.owner: {str(change.name): change.data} for change in part.changes() if change.data is not None}
    other = Centre()
    (same,) = (part for part in other.service.parts if part.name == "connect")
    same.restore(rows)
    other.id, other.arn = centre.id, centre.arn
    other.clock.advance_to(centre.clock.seconds())
    assert other.service.answering(NUMBER) == (centre.id, flow(centre))
    assert "+18335550100" not in available(other, PhoneNumberPrefix="+1833")


def test_a_deleted_instance_lets_its_numbers_go(centre: Centre) -> None:
    """They are gone with it, and cool down from then on."""
    claim(centre)
    centre.ask("DeleteInstance")
    centre.clock.advance(11)
    assert centre.call("ListPhoneNumbersV2")["ListPhoneNumbersSummaryList"] == []
    assert centre.service.answering(NUMBER) is None


def test_other_services_resources_are_joined_to_flows(centre: Centre) -> None:
    """AssociateFlow of an e-mail address: put again, got, listed, taken away."""
    answers = flow(centre)
    at = {"ResourceId": "mail", "ResourceType": "INBOUND_EMAIL"}
    assert centre.refused("GetFlowAssociation", **at) == "ResourceNotFoundException"
    centre.ask("AssociateFlow", **at, FlowId=answers)
    assert centre.ask("GetFlowAssociation", **at)["FlowId"].endswith(answers)
    assert len(centre.ask("ListFlowAssociations", ResourceType="INBOUND_EMAIL")["FlowAssociationSummaryList"]) == 1
    centre.ask("DisassociateFlow", **at)
    assert centre.refused("DisassociateFlow", **at) == "ResourceNotFoundException"
