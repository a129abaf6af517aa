"""Claiming a telephone number: search, claim, and search again where somebody else was quicker.

AWS's token of a claim goes with one number, and a second search shows others. So an earlier attempt whose answer was lost is
looked for by its tags before anything is claimed.
https://docs.aws.amazon.com/connect/latest/APIReference/API_ClaimPhoneNumber.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import OWNERSHIP_TAGS
from sbctl.resources.calls import connect

ROWS_A_PAGE = 1000
OFFERED = 10
"""The most that one search answers."""
TAGS, TYPE = "resourcegroupstaggingapi", "connect:phone-number"
SEARCHES = 5
"""How often numbers are searched before it is said that all were taken meanwhile."""


def numbers_of(aws: AwsCalls, region: str, instance: str) -> Iterator[Mapping[str, Any]]:
    """The numbers of an instance, in pages, without tags and status. Those of traffic distribution groups are not among them."""
    asked = {"InstanceId": instance}
    return connect.pages(aws, region, "ListPhoneNumbersV2", "ListPhoneNumbersSummaryList", ROWS_A_PAGE, **asked)


def account_numbers(aws: AwsCalls, region: str) -> Iterator[Mapping[str, Any]]:
    """All numbers of the account in a region, whatever they are claimed to."""
    return connect.pages(aws, region, "ListPhoneNumbersV2", "ListPhoneNumbersSummaryList", ROWS_A_PAGE)


def described(aws: AwsCalls, region: str, identity: str) -> Mapping[str, Any] | None:
    """A number with its tags and status; None when the account does not have it (any more)."""
    found = connect.present(aws, region, "DescribePhoneNumber", PhoneNumberId=identity)
    return found["ClaimedPhoneNumberSummary"] if found else None


def claimed_before(aws: AwsCalls, region: str, tags: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The number that an earlier attempt claimed with these ownership tags, as one search for tags has it; None for none."""
    mine = {key: value for key, value in tags.items() if key in OWNERSHIP_TAGS}
    asked = [{"Key": key, "Values": [value]} for key, value in sorted(mine.items())]
    try:
        answer = aws.call(TAGS, "GetResources", region, TagFilters=asked, ResourceTypeFilters=[TYPE])
    except AwsError as error:
        if not (error.denied or error.code == "InvalidParameterException"):
            raise
        return None
    found = (described(aws, region, row["ResourceARN"].rpartition("/")[2]) for row in answer["ResourceTagMappingList"])
    return next((number for number in found if number is not None and _has(number, mine)), None)


def _has(number: Mapping[str, Any], tags: Mapping[str, str]) -> bool:
    return tags.items() <= (number.get("Tags") or {}).items()


def claim(aws: AwsCalls, region: str, offer: Mapping[str, str], instance: str, **claimed: Any) -> Mapping[str, Any]:
    """Claim one of the numbers that AWS offers. `offer` is what to search for, `claimed` what the claim says besides.

    Raises SbctlError when there is none, or each was taken by others before it could be claimed.
    """
    for _ in range(SEARCHES):
        found = _offered(aws, region, instance, offer)
        if not found:
            raise SbctlError(_none(region, offer))
        for number in found:
            taken = _claimed(aws, region, number, instance, claimed)
            if taken is not None:
                return taken
    raise SbctlError(_gone(region, offer))


def _claimed(
    aws: AwsCalls, region: str, number: str, instance: str, claimed: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """The claim of one number; None where somebody else was quicker.

    AWS refuses the token of an earlier claim with another number: that claim then got through, and its number carries the tags.
    """
    try:
        return connect.present(aws, region, "ClaimPhoneNumber", PhoneNumber=number, InstanceId=instance, **claimed)
    except AwsError as error:
        if error.code != "IdempotencyException":
            raise
        tags = {key: value for key, value in claimed.get("Tags", {}).items() if key in OWNERSHIP_TAGS}
        rows = (described(aws, region, row["PhoneNumberId"]) for row in numbers_of(aws, region, instance))
        there = next((row for row in rows if row is not None and tags and _has(row, tags)), None)
        if there is None:
            raise
        return there


def _offered(aws: AwsCalls, region: str, instance: str, offer: Mapping[str, str]) -> list[str]:
    """Up to ten numbers. What AWS offers no number of, such as a type that a country does not have, is no error here."""
    try:
        answer = aws.call(
            "connect", "SearchAvailablePhoneNumbers", region, InstanceId=instance, MaxResults=OFFERED, **offer
        )
    except AwsError as error:
        if error.code != "InvalidParameterException":
            raise
        raise SbctlError(_none(region, offer, error.message)) from error
    return [row["PhoneNumber"] for row in answer.get("AvailableNumbersList") or ()]


def _none(region: str, offer: Mapping[str, str], said: str = "") -> Problem:
    return Problem(
        code="no-number-available",
        summary="AWS offers no such number",
        detail=f"no {_told(offer)} in {region}{f': {said}' if said else ''}",
        fix="Choose another type or prefix. Numbers of some countries need documents: open a case with AWS Support, then name the "
        "number in `number`. https://docs.aws.amazon.com/connect/latest/adminguide/phone-number-requirements.html",
        exit=Exit.PARTIAL,
    )


def _gone(region: str, offer: Mapping[str, str]) -> Problem:
    return Problem(
        code="numbers-taken",
        summary="Others claimed each number that AWS offered",
        detail=f"{_told(offer)} in {region}, after {SEARCHES} searches",
        fix="Run the same command again.",
        exit=Exit.PARTIAL,
    )


def _told(offer: Mapping[str, str]) -> str:
    prefix = offer.get("PhoneNumberPrefix")
    beginning = f" that begins with {prefix}" if prefix else ""
    return f"{offer['PhoneNumberType']} number of {offer['PhoneNumberCountryCode']}{beginning}"
