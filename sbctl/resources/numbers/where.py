"""Where a number that the config names is: it exists once, and it is never claimed anew.

https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdatePhoneNumber.html
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.spec import ConfigItem
from sbctl.core.problem import Exit, Problem
from sbctl.core.project import Project
from sbctl.resources.numbers.claiming import account_numbers

CLAIM = "Leave `number` out, and name country and type, to claim one."


def missing(aws: AwsCalls, region: str, number: str, instance: str) -> tuple[str, str]:
    """Why a number that the instance does not have cannot be taken over, and what to do."""
    try:
        rows = [row for row in account_numbers(aws, region) if row["PhoneNumber"] == number]
    except AwsError as error:
        if not error.denied:
            raise
        rows = []
    if not rows:
        return (f"the account has no number {number} in {region}", f"Correct the number or its region. {CLAIM}")
    target = rows[0].get("TargetArn") or rows[0].get("InstanceId") or "something else"
    move = f"aws connect update-phone-number --phone-number-id {rows[0]['PhoneNumberId']} --target-arn ARN --region {region}"
    return (
        f"{number} is claimed to {target}, not to the instance {instance}",
        f"Move it, with the ARN of the instance: {move}. Its flow is set by the next deploy.",
    )


def not_there(aws: AwsCalls, region: str, number: str, instance: str) -> Problem:
    """The same as the problem of a step."""
    why, fix = missing(aws, region, number, instance)
    return Problem(
        code="creation-refused",
        summary="A number that exists cannot be claimed again",
        detail=why,
        fix=fix,
        exit=Exit.PARTIAL,
    )


def in_several_places(item: ConfigItem, project: Project, section: str) -> Iterator[tuple[str, str, str]]:
    """Findings on a number that several regions, or several items, would have."""
    number = getattr(item, "number", None)
    if number is None:
        return
    here = _regions_with(item, number, project)
    if len(here) > 1:
        fix = f'Let one region have it, "regions": ["{here[0]}"], and name or claim others with overrides.'
        yield ("number", f"{number} exists once, and {', '.join(here)} would each have it", fix)
    others = [
        other.name
        for other in project.items.get(section, ())
        if other.name != item.name and _regions_with(other, number, project)
    ]
    if others:
        yield ("number", f"{number} is that of {', '.join(others)}, too", "Let one item have it.")


def _regions_with(item: ConfigItem, number: str, project: Project) -> list[str]:
    """The regions in which an item has this number. An override that does not fit is reported by who checks these."""
    found = []
    for region in (region.region for region in project.connect_regions):
        try:
            local = item.in_region(region)
        except ValidationError:
            continue
        if local is not None and getattr(local, "number", None) == number:
            found.append(region)
    return found
