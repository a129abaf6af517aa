"""Whether data lives only where the rules allow: the replicas of tables and the buckets as AWS has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from sbctl.checks.lag.measuring import Found
from sbctl.checks.preflight.subject import Subject, listed
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.paging import pages
from sbctl.core.moving.rules import Residency
from sbctl.core.reading import Reading

CALLS = frozenset({"dynamodb:DescribeTable", "s3:ListBuckets"})
CHECK = "data-residency"
T = TypeVar("T")


def check_residency(on: Subject) -> Iterator[Reading]:
    """A reading for each table or bucket that a rule names."""
    if not on.project.rules.data_residency:
        yield on.say(CHECK, Found(None, "ok", "no rule says where data may live"))
    tables = on.project.names("tables")
    for rule in on.project.rules.data_residency:
        for name in rule.data:
            yield _table(on, rule, name) if name in tables else _bucket(on, rule, name)


def _answering(on: Subject, ask: Callable[[str], T]) -> T:
    """What the first region that answers says. Raises AwsError when none does."""
    *others, last = [region.region for region in on.targets]
    for region in others:
        try:
            return ask(region)
        except AwsError as error:
            if not error.regional:
                raise
    return ask(last)


def _table(on: Subject, rule: Residency, name: str) -> Reading:
    try:
        here = _answering(on, lambda region: _homes(on, region, name))
    except AwsError as error:
        return on.refused(CHECK, error, name)
    return on.say(CHECK, _found(here, rule), name)


def _homes(on: Subject, region: str, name: str) -> set[str]:
    """The regions that have the table, as one of them says."""
    table = on.aws.call("dynamodb", "DescribeTable", region, TableName=name)["Table"]
    return {region, *(str(one["RegionName"]) for one in table.get("Replicas") or ())}


def _bucket(on: Subject, rule: Residency, name: str) -> Reading:
    """Buckets are known by name, which holds the region; one whose region is no longer of the project is found too."""
    try:
        names = _answering(on, lambda region: {str(one["Name"]) for one in _all_buckets(on, region)})
    except AwsError as error:
        return on.refused(CHECK, error, name)
    start = on.project.bucket_name(name, "")
    here = {found.removeprefix(f"{start}-") for found in names if found.startswith(start)}
    here |= {one.region for one in on.project.regions if on.project.bucket_name(name, one.region) in names}
    return on.say(CHECK, _found(here, rule), name)


def _all_buckets(on: Subject, region: str) -> Iterator[Mapping[str, Any]]:
    return pages(on.aws, "s3", "ListBuckets", region, "Buckets", ("ContinuationToken", "ContinuationToken"))


def _found(here: set[str], rule: Residency) -> Found:
    outside = sorted(here - set(rule.regions))
    if not outside:
        return Found(listed(sorted(here)), "ok", f"in {listed(sorted(here)) or 'no region'}")
    reason = f" ({rule.reason})" if rule.reason else ""
    detail = f"it lives in {listed(outside)}; allowed: {listed(rule.regions)}{reason}"
    fix = "Empty and remove it there; sbctl plan shows whether the config still wants it."
    return Found(listed(sorted(here)), "bad", detail, fix)
