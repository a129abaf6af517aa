"""On which resources each action is allowed: the project's, by the names that sbctl gives them; everything only where AWS
knows no resource. Ids that AWS makes up (instances, zones, checks) are left open within account and region.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sbctl.core.address import GLOBAL, Address
from sbctl.core.kinds.spec import Desired
from sbctl.core.project import HOME_OF_GLOBAL_SERVICES, Project
from sbctl.core.state import State
from sbctl.desired.config.keys import all_keys
from sbctl.resources.data.own_objects import PREFIX

EVERYTHING = "*"
Condition = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class StatementScope:
    """The resources of a statement, and the condition under which it allows."""

    resources: tuple[str, ...]
    condition: Condition = field(default_factory=dict)


@dataclass(frozen=True)
class NamedResources:
    """What names are made of: the project, and the names in AWS of all resources by kind, wanted or left from before."""

    project: Project
    known: Mapping[str, frozenset[str]]
    zone: str = "*"
    """The hosted zone's id; any until it is deployed, since AWS makes it up."""

    @property
    def regions(self) -> list[str]:
        return [region.region for region in self.project.by_priority]

    def names(self, kind: str) -> list[str]:
        """The names of a kind's resources, each once."""
        return sorted(self.known.get(kind, ()))

    def regional(self, service: str, resource: str) -> tuple[str, ...]:
        """ARNs of a resource in every region."""
        return tuple(f"arn:aws:{service}:{region}:{self.project.account}:{resource}" for region in self.regions)


def estate(project: Project, wanted: Iterable[Desired], state: State) -> NamedResources:
    """The estate of what the config wants and of what the state still knows, which a deploy may have to delete."""
    known: dict[str, set[str]] = {}
    for desired in wanted:
        known.setdefault(desired.address.kind, set()).add(str(desired.values.get("name", "")))
    for record in state.records.values():
        name = record.ids.get("name") or record.applied.get("name")
        if isinstance(name, str):
            known.setdefault(record.at.kind, set()).add(name)
    zone = state.get(Address.of("route53_zone", GLOBAL, project.domain))
    names = {kind: frozenset(found - {""}) for kind, found in known.items()}
    return NamedResources(project, names, str(zone.ids.get("id", "*")) if zone else "*")


def _instances(estate: NamedResources) -> StatementScope:
    return StatementScope(estate.regional("connect", "instance/*"))


def _tables(estate: NamedResources) -> StatementScope:
    names = estate.names("dynamodb_table")
    return StatementScope(tuple(arn for name in names for arn in estate.regional("dynamodb", f"table/{name}")))


def _buckets(estate: NamedResources) -> StatementScope:
    return StatementScope(tuple(f"arn:aws:s3:::{name}" for name in estate.names("s3_bucket")))


def _objects(estate: NamedResources) -> StatementScope:
    return StatementScope(tuple(f"arn:aws:s3:::{name}/*" for name in estate.names("s3_bucket")))


def _own_objects(estate: NamedResources) -> StatementScope:
    """What is written and deleted is sbctl's own: the kit and canaries, never a recording."""
    return StatementScope(tuple(f"arn:aws:s3:::{name}/{PREFIX}*" for name in estate.names("s3_bucket")))


def _functions(estate: NamedResources) -> StatementScope:
    names = estate.names("lambda_function")
    return StatementScope(tuple(arn for name in names for arn in estate.regional("lambda", f"function:{name}")))


def _roles(estate: NamedResources) -> StatementScope:
    return StatementScope(
        tuple(f"arn:aws:iam::{estate.project.account}:role/{name}" for name in estate.names("iam_role"))
    )


def _keys(estate: NamedResources) -> StatementScope:
    """Customers' keys that the config names. A policy knows no alias, so where one is named any key of its region is allowed."""
    named = all_keys(estate.project)
    return StatementScope(tuple(sorted({re.sub(":alias/.*", ":key/*", key) for key in named})))


def _log_groups(estate: NamedResources) -> StatementScope:
    names = estate.names("log_group")
    # Tagging knows the group's ARN without the ending, the rest with it.
    return StatementScope(
        tuple(
            arn + ending
            for name in names
            for arn in estate.regional("logs", f"log-group:{name}")
            for ending in ("", ":*")
        )
    )


def _alarms(estate: NamedResources) -> StatementScope:
    here = dict.fromkeys([*estate.regions, HOME_OF_GLOBAL_SERVICES])
    name = f"alarm:{estate.project.name}-*"
    return StatementScope(tuple(f"arn:aws:cloudwatch:{region}:{estate.project.account}:{name}" for region in here))


def _all_alarms(estate: NamedResources) -> StatementScope:
    # Listing by prefix is a question about all alarms of the region.
    return StatementScope(tuple(arn.replace(f"{estate.project.name}-*", "*") for arn in _alarms(estate).resources))


def _dashboards(estate: NamedResources) -> StatementScope:
    account = estate.project.account
    return StatementScope(
        tuple(f"arn:aws:cloudwatch::{account}:dashboard/{name}" for name in estate.names("cloudwatch_dashboard"))
    )


def _zones(estate: NamedResources) -> StatementScope:
    return StatementScope((f"arn:aws:route53:::hostedzone/{estate.zone}",))


def _records(estate: NamedResources) -> StatementScope:
    """Only names that sbctl makes.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
    """
    project = estate.project
    names = sorted({f"{project.record}.{project.domain}".lower(), f"connect-*.{project.domain}".lower()})
    key = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
    return StatementScope(_zones(estate).resources, {"ForAllValues:StringLike": {key: names}})


def _of_service(principal: str) -> Callable[[NamedResources], StatementScope]:
    """PassRole, of the project's roles and to one service only."""
    return lambda estate: StatementScope(
        _roles(estate).resources, {"StringEquals": {"iam:PassedToService": f"{principal}.amazonaws.com"}}
    )


def _linked_role(principal: str, name: str) -> Callable[[NamedResources], StatementScope]:
    """A service-linked role, made once an account by the service's first use."""
    service = f"{principal}.amazonaws.com"
    return lambda estate: StatementScope(
        (f"arn:aws:iam::{estate.project.account}:role/aws-service-role/{service}/{name}",),
        {"StringLike": {"iam:AWSServiceName": service}},
    )


def _connect_role(estate: NamedResources) -> StatementScope:
    path = "aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect*"
    return StatementScope((f"arn:aws:iam::{estate.project.account}:role/{path}",))


def _callers(estate: NamedResources) -> StatementScope:
    account = estate.project.account
    return StatementScope((f"arn:aws:iam::{account}:role/*", f"arn:aws:iam::{account}:user/*"))


def _fixed(*resources: str) -> Callable[[NamedResources], StatementScope]:
    return lambda _estate: StatementScope(resources)


def _anything_here(estate: NamedResources) -> StatementScope:
    """Actions without resources of a regional service: in the project's regions."""
    regions = sorted({*estate.regions, HOME_OF_GLOBAL_SERVICES})
    return StatementScope((EVERYTHING,), {"StringEquals": {"aws:RequestedRegion": regions}})


NARROWED: Mapping[str, Callable[[NamedResources], StatementScope]] = {
    "iam:PassRole@lambda": _of_service("lambda"),
    "iam:PassRole@s3": _of_service("s3"),
    "iam:CreateServiceLinkedRole@connect": _linked_role("connect", "AWSServiceRoleForAmazonConnect*"),
    "iam:CreateServiceLinkedRole@dynamodb": _linked_role(
        "replication.dynamodb", "AWSServiceRoleForDynamoDBReplication"
    ),
    "iam:PutRolePolicy@connect": _connect_role,
    "logs:CreateLogGroup@connect": lambda estate: StatementScope(estate.regional("logs", "log-group:/aws/connect/*")),
}
"""`action@narrowing` → its scope."""

SINGLE: Mapping[str, Callable[[NamedResources], StatementScope]] = {
    **dict.fromkeys(
        (
            "connect:CreateInstance", "connect:ListInstances", "dynamodb:ListTables", "lambda:GetAccountSettings",
            "lambda:ListFunctions", "cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics",
            "cloudwatch:ListDashboards", "cloudwatch:ListMetrics", "cloudwatch:PutMetricData", "tag:GetResources",
        ),
        _anything_here,
    ),
    **dict.fromkeys(
        (
            "iam:ListRoles", "route53:CreateHealthCheck", "route53:CreateHostedZone", "route53:GetAccountLimit",
            "route53:ListHealthChecks", "route53:ListHostedZones", "route53:ListHostedZonesByName",
            "route53:TestDNSAnswer", "s3:ListAllMyBuckets", "account:ListRegions",
            "iam:GetAccountAuthorizationDetails",
        ),
        _fixed(EVERYTHING),
    ),
    **dict.fromkeys(
        (
            "s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion",
        ),
        _objects,
    ),
    **dict.fromkeys(("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"), _own_objects),
    **dict.fromkeys(
        ("cloudwatch:DeleteDashboards", "cloudwatch:GetDashboard", "cloudwatch:PutDashboard"), _dashboards
    ),
    **dict.fromkeys(
        (
            "route53:ChangeTagsForResource", "route53:DeleteHealthCheck", "route53:GetHealthCheck",
            "route53:GetHealthCheckStatus", "route53:ListTagsForResources", "route53:UpdateHealthCheck",
        ),
        _fixed("arn:aws:route53:::healthcheck/*"),
    ),
    "cloudwatch:DescribeAlarms": _all_alarms,
    "logs:DescribeLogGroups": lambda estate: StatementScope(estate.regional("logs", "log-group:*")),
    "route53:GetChange": _fixed("arn:aws:route53:::change/*"),
    "route53:ChangeResourceRecordSets": _records,
    "iam:SimulatePrincipalPolicy": _callers,
}  # fmt: skip
"""Action → its scope, where it is not that of its service."""

SERVICES: Mapping[str, Callable[[NamedResources], StatementScope]] = {
    "cloudwatch": _alarms,
    "connect": _instances,
    "ds": _anything_here,
    "dynamodb": _tables,
    "iam": _roles,
    "kms": _keys,
    "lambda": _functions,
    "logs": _log_groups,
    "route53": _zones,
    "s3": _buckets,
    "servicequotas": _anything_here,
}
"""Service → the scope of its other actions."""


def scope_of(action: str, estate: NamedResources) -> StatementScope:
    """Where an action is allowed. KeyError for a service that nothing here knows."""
    find = NARROWED.get(action) or SINGLE.get(action) or SERVICES[action.partition(":")[0]]
    return find(estate)
