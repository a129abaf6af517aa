"""What an instance of the simulated Connect is joined to: bots, origins, keys, applications, e-mail addresses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.connect_calls import Centre

ALIAS = "arn:aws:lex:us-east-1:123456789012:bot-alias/ABCDE12345/TSTALIASID"
CLASSIC = {"Name": "Booking", "LexRegion": "us-east-1"}
APPLICATION = "arn:aws:app-integrations:us-east-1:123456789012:application/1"


@pytest.fixture
def centre() -> Centre:
    return Centre()


def test_bots_are_joined_once_and_listed_by_their_version(centre: Centre) -> None:
    """Lex V2 by its alias, classic Lex by name and region, by the older and the newer operations alike."""
    centre.ask("AssociateBot", LexV2Bot={"AliasArn": ALIAS})
    assert centre.refused("AssociateBot", LexV2Bot={"AliasArn": ALIAS}) == "ResourceConflictException"
    centre.ask("AssociateLexBot", LexBot=CLASSIC)
    assert centre.refused("AssociateBot", LexBot=CLASSIC) == "ResourceConflictException"
    assert centre.ask("ListBots", LexVersion="V2")["LexBots"] == [{"LexV2Bot": {"AliasArn": ALIAS}}]
    assert centre.ask("ListBots", LexVersion="V1")["LexBots"] == [{"LexBot": CLASSIC}]
    assert centre.ask("ListLexBots")["LexBots"] == [CLASSIC]
    centre.ask("DisassociateLexBot", BotName="Booking", LexRegion="us-east-1")
    centre.ask("DisassociateBot", LexV2Bot={"AliasArn": ALIAS})
    assert centre.ask("ListBots", LexVersion="V2")["LexBots"] == []
    assert centre.refused("DisassociateBot", LexV2Bot={"AliasArn": ALIAS}) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "bot",
    [
        {},
        {"LexBot": CLASSIC, "LexV2Bot": {"AliasArn": ALIAS}},
        {"LexV2Bot": {"AliasArn": "booking"}},
        {"LexV2Bot": {"AliasArn": ALIAS.replace("us-east-1", "us-west-2")}},
    ],
)
def test_a_bot_is_named_in_one_way_and_in_the_instances_region(centre: Centre, bot: dict[str, Any]) -> None:
    """Neither, both, no ARN, another region: an invalid request."""
    assert centre.refused("AssociateBot", **bot) == "InvalidRequestException"


def test_an_instance_has_a_hundred_aliases(centre: Centre) -> None:
    """The hundred and first is above the quota, with the code of associations; lists have 25 a page."""
    for number in range(100):
        centre.ask("AssociateBot", LexV2Bot={"AliasArn": f"{ALIAS[:-3]}{number:03d}"})
    assert centre.refused("AssociateBot", LexV2Bot={"AliasArn": ALIAS}) == "ServiceQuotaExceededException"
    first = centre.ask("ListBots", LexVersion="V2")
    assert len(first["LexBots"]) == 25
    assert first["NextToken"]


def test_origins_are_sites(centre: Centre) -> None:
    """An address without a path is joined once, listed and taken away."""
    centre.ask("AssociateApprovedOrigin", Origin="https://crm.example")
    assert centre.refused("AssociateApprovedOrigin", Origin="https://crm.example") == "ResourceConflictException"
    assert centre.refused("AssociateApprovedOrigin", Origin="crm") == "InvalidParameterException"
    assert centre.ask("ListApprovedOrigins")["Origins"] == ["https://crm.example"]
    centre.ask("DisassociateApprovedOrigin", Origin="https://crm.example")
    assert centre.refused("DisassociateApprovedOrigin", Origin="https://crm.example") == "ResourceNotFoundException"


def test_there_are_two_security_keys(centre: Centre) -> None:
    """A third is refused, and what is no PEM; one is taken away by its association."""
    keys = [f"-----BEGIN CERTIFICATE-----\n{number}" for number in range(3)]
    first = centre.ask("AssociateSecurityKey", Key=keys[0])["AssociationId"]
    centre.ask("AssociateSecurityKey", Key=keys[1])
    assert centre.refused("AssociateSecurityKey", Key=keys[2]) == "ServiceQuotaExceededException"
    assert centre.refused("AssociateSecurityKey", Key="secret") == "InvalidParameterException"
    centre.ask("DisassociateSecurityKey", AssociationId=first)
    assert [one["Key"] for one in centre.ask("ListSecurityKeys")["SecurityKeys"]] == [keys[1]]


def test_integrations_are_listed_by_type_and_arn(centre: Centre) -> None:
    """One of a type and ARN; events need to say whence they come."""
    app = {"IntegrationType": "APPLICATION", "IntegrationArn": APPLICATION}
    made = centre.ask("CreateIntegrationAssociation", **app, Tags={"team": "crm"})
    assert centre.refused("CreateIntegrationAssociation", **app) == "DuplicateResourceException"
    event = {"IntegrationType": "EVENT", "IntegrationArn": APPLICATION}
    assert centre.refused("CreateIntegrationAssociation", **event) == "InvalidRequestException"
    assert centre.ask("ListIntegrationAssociations", IntegrationType="EVENT")["IntegrationAssociationSummaryList"] == []
    (row,) = centre.ask("ListIntegrationAssociations", IntegrationArn=APPLICATION)["IntegrationAssociationSummaryList"]
    assert row["IntegrationAssociationId"] == made["IntegrationAssociationId"]
    assert centre.service.tagged("us-east-1")[made["IntegrationAssociationArn"]] == {"team": "crm"}
    centre.ask("DeleteIntegrationAssociation", IntegrationAssociationId=row["IntegrationAssociationId"])
    assert centre.ask("ListIntegrationAssociations")["IntegrationAssociationSummaryList"] == []


def test_an_email_address_is_made_once_and_found(centre: Centre) -> None:
    """Its token makes one; another of the same address is a duplicate; searches find it by address and name."""
    one = {"EmailAddress": "help@acme.example", "DisplayName": "Help", "ClientToken": "t"}
    made = centre.ask("CreateEmailAddress", **one)
    assert centre.ask("CreateEmailAddress", **one) == made
    assert centre.refused("CreateEmailAddress", **{**one, "DisplayName": "Other"}) == "IdempotencyException"
    assert centre.refused("CreateEmailAddress", EmailAddress="help@acme.example") == "DuplicateResourceException"
    at = {"EmailAddressId": made["EmailAddressId"]}
    centre.ask("UpdateEmailAddressMetadata", **at, Description="All of it")
    assert centre.ask("DescribeEmailAddress", **at)["Description"] == "All of it"
    centre.clock.advance(2)
    by_name = {"StringCondition": {"FieldName": "DisplayName", "Value": "help", "ComparisonType": "EXACT"}}
    assert len(centre.ask("SearchEmailAddresses", SearchCriteria=by_name)["EmailAddresses"]) == 1
    centre.ask("DeleteEmailAddress", **at)
    assert centre.refused("DescribeEmailAddress", **at) == "ResourceNotFoundException"


def test_a_queue_keeps_its_email_address(centre: Centre) -> None:
    """A queue names addresses that are there, and what a queue names is not deleted."""
    made = centre.ask("CreateEmailAddress", EmailAddress="help@acme.example")["EmailAddressId"]
    hours = centre.ask("ListHoursOfOperations")["HoursOfOperationSummaryList"][0]["Id"]
    wanted = {"Name": "Mail", "HoursOfOperationId": hours, "EmailAddressesConfig": [{"EmailAddressId": made}]}
    elsewhere = {**wanted, "OutboundEmailConfig": {"OutboundEmailAddressId": "elsewhere"}}
    assert centre.refused("CreateQueue", **elsewhere) == "ResourceNotFoundException"
    at = centre.ask("CreateQueue", **wanted, OutboundEmailConfig={"OutboundEmailAddressId": made})["QueueId"]
    assert centre.ask("DescribeQueue", QueueId=at)["Queue"]["OutboundEmailConfig"] == {"OutboundEmailAddressId": made}
    assert centre.refused("DeleteEmailAddress", EmailAddressId=made) == "ResourceConflictException"
    centre.ask("DeleteQueue", QueueId=at)
    assert centre.refused("DeleteEmailAddress", EmailAddressId=made) == ""
