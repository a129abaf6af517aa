"""Whether data lives only where the rules allow: the replicas of tables and the buckets as AWS has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sbctl.checks.measuring import Found
from sbctl.checks.preflight.subject import Subject, listed
from sbctl.core.problem import AwsError
from sbctl.core.reading import Reading
from sbctl.core.rules import Residency

CALLS = frozenset({"dynamodb:DescribeTable", "s3:ListBuckets"})
CHECK = "data-residency"


def check_residency(on: Subject) -> Iterator[Reading]:
    """A reading for each table or bucket that a rule names."""
    if not on.project.rules.data_residency:
        yield on.say(CHECK, Found(None, "ok", "no rule says where data may live"))
    tables = on.project.names("tables")
    for rule in on.project.rules.data_residency:
        for name in rule.data:
            yield _table(on, rule, name) if name in tables else _bucket(on, rule, name)


def _answering(on: Subject, service: str, operation: str, **params: Any) -> tuple[str, dict[str, Any]]:
    """The first region that answers, and what. Raises AwsError when none does."""
    *others, last = [region.region for region in on.targets]
    for region in others:
        try:
            return region, on.aws.call(service, operation, region, **params)
        except AwsError as error:
            if not error.unreachable:
                raise
    return last, on.aws.call(service, operation, last, **params)


def _table(on: Subject, rule: Residency, name: str) -> Reading:
    try:
        region, answer = _answering(on, "dynamodb", "DescribeTable", TableName=name)
    except AwsError as error:
        return on.refused(CHECK, error, name)
    here = {region, *(one["RegionName"] for one in answer["Table"].get("Replicas") or ())}
    return on.say(CHECK, _found(here, rule), name)


def _bucket(on: Subject, rule: Residency, name: str) -> Reading:
    """Buckets are known by name, which holds the region; one whose region is no longer of the project is found too."""
    try:
        _, answer = _answering(on, "s3", "ListBuckets")
    except AwsError as error:
        return on.refused(CHECK, error, name)
    start = on.project.bucket_name(name, "")
    names = {str(one["Name"]) for one in answer["Buckets"]}
    here = {found.removeprefix(f"{start}-") for found in names if found.startswith(start)}
    here |= {one.region for one in on.project.regions if on.project.bucket_name(name, one.region) in names}
    return on.say(CHECK, _found(here, rule), name)


def _found(here: set[str], rule: Residency) -> Found:
    outside = sorted(here - set(rule.regions))
    if not outside:
        return Found(listed(sorted(here)), "ok", f"in {listed(sorted(here)) or 'no region'}")
    reason = f" ({rule.reason})" if rule.reason else ""
    detail = f"it lives in {listed(outside)}; allowed: {listed(rule.regions)}{reason}"
    fix = "Empty and remove it there; sbctl plan shows whether the config still wants it."
    return Found(listed(sorted(here)), "bad", detail, fix)
