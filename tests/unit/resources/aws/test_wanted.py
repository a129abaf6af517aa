"""What a whole project wants of the AWS kinds: addresses, references, names and limits fit together."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest

from sbctl.core.kinds.values import refs
from sbctl.core.project import Region
from sbctl.resources.cloudwatch_alarm import AlarmSpec
from sbctl.resources.dns.layout import layout
from sbctl.resources.dynamodb_replica import ReplicaSpec
from sbctl.resources.iam_role import RoleSpec
from sbctl.resources.s3_replication import ReplicationSpec
from tests.unit.resources.aws.projects import EAST, LONDON, WEST, project, wanted

FOURTH = Region("AP-Southeast-2", "ap-southeast-2", is_primary=False, priority=4)
DATA_ONLY = Region("EU-West-1", "eu-west-1", is_primary=False, priority=4, connect=False)


@pytest.mark.parametrize("regions", [(EAST,), (EAST, WEST), (EAST, WEST, LONDON), (EAST, WEST, LONDON, FOURTH)])
def test_nothing_is_wanted_twice_and_nothing_dangles(regions: tuple[Region, ...]) -> None:
    """Every address is wanted once, and every reference leads to one of them, or to a Connect instance."""
    found = wanted(project(*regions))
    assert [address for address, times in Counter(item.address for item in found).items() if times > 1] == []
    known = {item.address for item in found}
    targets = {ref.address for item in found for ref in refs(item.spec)} | {
        need for item in found for need in item.needs
    }
    assert {target for target in targets - known if target.kind != "connect_instance"} == set()


def test_every_region_gets_its_copy_and_its_replication() -> None:
    """Each table has a replica in each region, and each bucket replicates to both others."""
    found = wanted(project())
    replicas = [item.address for item in found if isinstance(item.spec, ReplicaSpec)]
    assert len(replicas) == 2 * 3
    rules = [item.spec.rules for item in found if isinstance(item.spec, ReplicationSpec)]
    assert [len(one) for one in rules] == [2, 2, 2]
    assert all(len({rule.priority for rule in one}) == 2 for one in rules)


def test_one_region_alone_replicates_nothing() -> None:
    """A project of one region has no replication configuration, since it has no destination."""
    assert not [item for item in wanted(project(EAST)) if isinstance(item.spec, ReplicationSpec)]


def test_a_data_only_region_has_no_instance_to_refer_to() -> None:
    """A region without Connect gets tables and buckets, and nothing that points to an instance of its own."""
    of = project(EAST, WEST, DATA_ONLY)
    asked = {ref.address for item in wanted(of) for ref in refs(item.spec) if ref.address.kind == "connect_instance"}
    assert of.instance("eu-west-1") not in asked
    assert of.instance("us-west-2") in asked


def test_alarms_watch_every_pair_where_it_is_measured() -> None:
    """Replication lag is watched for each ordered pair in the region that sends; health in us-east-1."""
    specs = [(item.address.region, item.spec) for item in wanted(project()) if isinstance(item.spec, AlarmSpec)]
    lag = [(at, spec.dimensions["ReceivingRegion"]) for at, spec in specs if spec.metric == "ReplicationLatency"]
    assert len(lag) == 2 * 6
    assert all(source != receiver for source, receiver in lag)
    assert all(spec.missing == "ignore" for _, spec in specs if spec.metric == "ReplicationLatency")
    assert [at for at, spec in specs if spec.metric == "HealthCheckStatus"] == ["us-east-1"] * 3
    names = [(at, spec.name) for at, spec in specs]
    assert len(names) == len(set(names))


def test_connect_alarms_carry_the_metric_group() -> None:
    """Without the metric group a Connect alarm would match no data for ever."""
    specs = [item.spec for item in wanted(project()) if isinstance(item.spec, AlarmSpec)]
    assert all(spec.dimensions["MetricGroup"] for spec in specs if spec.namespace == "AWS/Connect")


def test_roles_are_bound_to_the_project() -> None:
    """A function's role names its own logs and tables; only the health function may describe instances, by tag."""
    roles = {item.address.name: item.spec for item in wanted(project()) if isinstance(item.spec, RoleSpec)}
    assert set(roles) == {"lambda-customer_lookup", "lambda-health", "lambda-takeover", "replication-recordings"}
    lookup = roles["lambda-customer_lookup"].policies["access"]["Statement"]
    assert {action for statement in lookup for action in statement["Action"]} == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
    }
    assert all(resource != "*" for statement in lookup for resource in statement["Resource"])
    health = {statement["Sid"]: statement for statement in roles["lambda-health"].policies["access"]["Statement"]}
    assert health["Instance"]["Condition"] == {"StringEquals": {"aws:ResourceTag/sbctl:instance-of": "example"}}
    takeover = {statement["Sid"]: statement for statement in roles["lambda-takeover"].policies["access"]["Statement"]}
    assert takeover.keys() == {"Logs", "Read", "Metrics"}
    assert takeover["Metrics"]["Condition"] == {"StringEquals": {"cloudwatch:namespace": "sbctl"}}


def test_only_s3_of_our_account_may_use_the_replication_role() -> None:
    """The trust policy has the condition against a confused deputy."""
    role = next(item.spec for item in wanted(project()) if item.address.name == "replication-recordings")
    assert isinstance(role, RoleSpec)
    assert role.trust["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_three_regions_are_a_chain_by_priority() -> None:
    """The public name prefers the first region, then a name that prefers the second, then the third."""
    leaves, aliases = layout(project(LONDON, WEST, EAST))
    assert [leaf.region for leaf in leaves] == ["us-east-1", "us-west-2", "eu-west-2"]
    assert [(alias.name, alias.failover, alias.target) for alias in aliases] == [
        ("connect.example.com", "PRIMARY", "connect-us-east-1.example.com"),
        ("connect.example.com", "SECONDARY", "connect-priority-2.example.com"),
        ("connect-priority-2.example.com", "PRIMARY", "connect-us-west-2.example.com"),
        ("connect-priority-2.example.com", "SECONDARY", "connect-eu-west-2.example.com"),
    ]


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (2, 2), (4, 6)])
def test_a_chain_has_a_pair_for_each_step(count: int, expected: int) -> None:
    """N regions need N - 1 pairs; a single region needs one plain alias."""
    _, aliases = layout(project(*(EAST, WEST, LONDON, FOURTH)[:count]))
    assert len(aliases) == expected


def test_active_active_shares_the_name_by_weight_or_latency() -> None:
    """Each region has one alias under the public name, with its weight or its region."""
    heavy = dataclasses.replace(WEST, weight=200)
    _, weighted = layout(project(EAST, heavy, strategy="active-active"))
    assert [(alias.set_identifier, alias.weight) for alias in weighted] == [("us-east-1", 100), ("us-west-2", 200)]
    _, latency = layout(project(EAST, heavy, strategy="active-active", routing="latency"))
    assert [(alias.latency_region, alias.weight) for alias in latency] == [("us-east-1", None), ("us-west-2", None)]


@pytest.mark.parametrize(
    ("endpoint", "type_"),
    [(("192.0.2.1",), "A"), (("2001:db8::1",), "AAAA"), (("host.example.net",), "CNAME"), ((), "CNAME")],
)
def test_the_record_type_follows_the_endpoint(endpoint: tuple[str, ...], type_: str) -> None:
    """Addresses give A or AAAA records, host names and Connect's own host CNAMEs."""
    leaves, aliases = layout(project(dataclasses.replace(EAST, endpoint=endpoint)))
    assert {*(leaf.type for leaf in leaves), *(alias.type for alias in aliases)} == {type_}
