"""Zones, health checks and records: names, identity, changes in one batch, and what others' records are safe from."""

from __future__ import annotations

from typing import Any, TypeVar

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Spec
from sbctl.core.kinds.values import plain
from sbctl.core.moving.rules import Rules, TakeoverRule
from sbctl.core.problem import SbctlError
from sbctl.core.project import Project
from sbctl.resources.cloudwatch_alarm import RESOURCE as ALARM
from sbctl.resources.cloudwatch_alarm import AlarmSpec
from sbctl.resources.dns.health_checks import tags_by_check
from sbctl.resources.dns.names import plain_name
from sbctl.resources.dns.record_sets import RecordSpec
from sbctl.resources.route53_calculated_check import RESOURCE as CALCULATED
from sbctl.resources.route53_calculated_check import CalculatedCheckSpec
from sbctl.resources.route53_health_check import RESOURCE as CHECK
from sbctl.resources.route53_health_check import HealthCheckSpec
from sbctl.resources.route53_metric_check import RESOURCE as LATCH
from sbctl.resources.route53_metric_check import MetricCheckSpec
from sbctl.resources.route53_record import RESOURCE as RECORD
from sbctl.resources.route53_zone import RESOURCE as ZONE
from tests.unit.resources.aws.projects import EAST, project
from tests.unit.resources.aws.scripted import Scripted, failing

S = TypeVar("S", bound=Spec)
LEAF = RECORD.examples[0].model_copy(update={"zone": "Z1"})
RAW = {
    "Name": "connect-us-east-1.example.com.",
    "Type": "CNAME",
    "SetIdentifier": "us-east-1",
    "Weight": 1,
    "TTL": 60,
    "ResourceRecords": [{"Value": "Example-us-east-1.my.connect.aws."}],
}
IDS = {"zone": "Z1", "name": "connect-us-east-1.example.com", "type": "CNAME", "set": "us-east-1"}
SHARED = RecordSpec(
    zone="Z1",
    name="connect.example.com",
    type="CNAME",
    set_identifier="us-east-1",
    weight=100,
    alias="connect-us-east-1.example.com",
    evaluate_target_health=True,
)


def alias(set_identifier: str, target: str, **more: Any) -> dict[str, Any]:
    """A record set of the public name as Route 53 gives it."""
    aliased = {"HostedZoneId": "Z1", "DNSName": target, "EvaluateTargetHealth": True}
    return {
        "Name": "connect.example.com.",
        "Type": "CNAME",
        "SetIdentifier": set_identifier,
        "AliasTarget": aliased,
        **more,
    }


def cloud(*records: dict[str, Any], refusals: int = 0) -> Scripted:
    """A zone with these records, in which every change is published at once; the first ones may be refused."""
    accepted = {"ChangeInfo": {"Id": "/change/C1", "Status": "PENDING"}}
    changes: list[Any] = [*(failing("InvalidChangeBatch", "it already exists") for _ in range(refusals)), accepted]
    return Scripted(
        ListResourceRecordSets={"ResourceRecordSets": [*records], "IsTruncated": False},
        ChangeResourceRecordSets=changes,
        GetChange={"ChangeInfo": {"Status": "INSYNC"}},
    )


def actions(aws: Scripted) -> list[tuple[str, str]]:
    """The actions of the last change, each with its set identifier."""
    batch = aws.made("ChangeResourceRecordSets")[-1]["ChangeBatch"]["Changes"]
    return [(change["Action"], change["ResourceRecordSet"].get("SetIdentifier", "")) for change in batch]


@pytest.mark.parametrize(
    ("given", "meant"), [("A.Example.COM.", "a.example.com"), ("\\052.example.com.", "*.example.com"), ("a", "a")]
)
def test_one_name_has_one_spelling(given: str, meant: str) -> None:
    """Trailing dots, case and octal escapes mean nothing."""
    assert plain_name(given) == meant


def test_a_record_as_aws_spells_it_is_the_record_wanted() -> None:
    """What Route 53 gives back equals what was asked for, field by field."""
    (live,) = RECORD.list(cloud(RAW), "us-east-1", "Z1")
    wanted, found = plain(LEAF), plain(live.spec)
    assert [name for name in wanted if not RECORD.same(name, wanted[name], found[name])] == []
    assert RECORD.key(live.spec) == RECORD.key(LEAF)
    assert dict(live.ids) == IDS


def test_a_creation_is_done_when_it_is_published() -> None:
    """The change is asked about until all servers know it."""
    aws = cloud()
    aws.answer("GetChange", lambda *_, **__: {"ChangeInfo": {"Status": "INSYNC" if aws.waits else "PENDING"}})
    assert RECORD.create(aws, "us-east-1", LEAF, "") == IDS
    assert aws.waits == ["DNS change being published"]


def test_a_deletion_repeats_what_aws_has() -> None:
    """Route 53 deletes only when every value matches, so the record is sent as it was read."""
    aws = cloud(RAW)
    RECORD.delete(aws, "us-east-1", IDS)
    assert aws.made("ChangeResourceRecordSets")[0]["ChangeBatch"]["Changes"] == [
        {"Action": "DELETE", "ResourceRecordSet": RAW}
    ]


def test_what_is_gone_needs_no_deletion() -> None:
    """A record that is not there, or a zone that is not, is fine."""
    for aws in (cloud(), Scripted(ListResourceRecordSets=failing("NoSuchHostedZone"))):
        RECORD.delete(aws, "us-east-1", IDS)
        assert "ChangeResourceRecordSets" not in aws.order()


def test_a_change_of_strategy_swaps_our_records_in_one_change() -> None:
    """Route 53 refuses two routing policies under one name, so the old aliases leave as the new one comes."""
    old = [
        alias("primary", "connect-us-east-1.example.com.", Failover="PRIMARY"),
        alias("secondary", "connect-priority-2.example.com.", Failover="SECONDARY"),
    ]
    aws = cloud(*old, refusals=1)
    RECORD.create(aws, "us-east-1", SHARED, "")
    assert actions(aws) == [("DELETE", "primary"), ("DELETE", "secondary"), ("CREATE", "us-east-1")]


@pytest.mark.parametrize(
    "foreign",
    [
        {**RAW, "Name": "connect.example.com."},
        alias("primary", "somewhere.example.com.", Failover="PRIMARY"),
    ],
)
def test_records_of_others_are_never_swept_away(foreign: dict[str, Any]) -> None:
    """Anything under the name that does not lead to one of our names makes the creation fail as AWS said."""
    aws = cloud(foreign, refusals=2)
    with pytest.raises(AwsError, match="already exists"):
        RECORD.create(aws, "us-east-1", SHARED, "")
    batches = [made["ChangeBatch"]["Changes"] for made in aws.made("ChangeResourceRecordSets")]
    assert {change["Action"] for batch in batches for change in batch} == {"CREATE"}


def test_an_update_is_one_upsert_and_none_when_nothing_differs() -> None:
    """A changed TTL is one change; the same record in another spelling is none."""
    (live,) = RECORD.list(cloud(RAW), "us-east-1", "Z1")
    aws = cloud(RAW)
    RECORD.update(aws, "us-east-1", IDS, live.spec, LEAF, {})
    assert aws.calls == []
    RECORD.update(aws, "us-east-1", IDS, live.spec, LEAF.model_copy(update={"ttl": 30}), {})
    assert actions(aws) == [("UPSERT", "us-east-1")]


def test_another_type_is_one_change_and_tells_the_new_ids() -> None:
    """An endpoint that gets an address in place of a name has no moment without an answer."""
    (live,) = RECORD.list(cloud(RAW), "us-east-1", "Z1")
    aws = cloud(RAW)
    wanted = LEAF.model_copy(update={"type": "A", "values": ("192.0.2.1",)})
    assert RECORD.update(aws, "us-east-1", IDS, live.spec, wanted, {}) == {**IDS, "type": "A"}
    assert actions(aws) == [("DELETE", "us-east-1"), ("CREATE", "us-east-1")]


def test_the_search_for_a_zone_is_no_filter() -> None:
    """AWS answers with the zones from a name on: another name, or a private zone, is not ours."""
    zones = [
        {"Id": "/hostedzone/Z1", "Name": "example.com.", "Config": {"PrivateZone": True}},
        {"Id": "/hostedzone/Z2", "Name": "example.com.", "Config": {"PrivateZone": False}},
        {"Id": "/hostedzone/Z3", "Name": "example.net."},
    ]
    found = [
        *ZONE.find(
            Scripted(ListHostedZonesByName={"HostedZones": zones}), "us-east-1", "", Sought(frozenset({"example.com"}))
        )
    ]
    assert [dict(live.ids) for live in found] == [{"id": "Z2"}]


def test_two_public_zones_of_one_name_are_a_problem() -> None:
    """Only one of them is delegated to, and sbctl cannot know which."""
    zones = [{"Id": f"/hostedzone/Z{number}", "Name": "example.com."} for number in (1, 2)]
    with pytest.raises(SbctlError, match="more than one"):
        ZONE.find(
            Scripted(ListHostedZonesByName={"HostedZones": zones}), "us-east-1", "", Sought(frozenset({"example.com"}))
        )


def test_every_attempt_at_a_health_check_has_the_same_reference() -> None:
    """The same token and settings give one reference, other settings another, each within AWS's 64 characters."""
    made = []
    for spec in (*CHECK.examples, CHECK.examples[0]):
        aws = Scripted(CreateHealthCheck={"HealthCheck": {"Id": "h"}})
        CHECK.create(aws, "us-east-1", spec, "3f0e5b0a-6c0d-4c55-9c7e-3d3a4f5b6c7d")
        made.append(aws.made("CreateHealthCheck")[0]["CallerReference"])
    assert made[0] == made[2] != made[1]
    assert max(map(len, made)) <= 64


def test_health_checks_are_known_by_tag_ten_a_call() -> None:
    """Tags are read for ten checks at once, and only checks of endpoints are looked at."""
    checks = [{"Id": f"h{number}", "HealthCheckConfig": {"Type": "HTTPS"}} for number in range(12)]
    checks.append({"Id": "c", "HealthCheckConfig": {"Type": "CALCULATED"}})
    aws = Scripted(ListHealthChecks={"HealthChecks": checks}, ListTagsForResources={"ResourceTagSets": []})
    assert len([*CHECK.list(aws, "us-east-1", "")]) == 12
    assert [len(made["ResourceIds"]) for made in aws.made("ListTagsForResources")] == [10, 2]


def test_a_health_check_asks_the_regions_own_function() -> None:
    """Each check goes to the URL of a function of its region, and waits for its permissions."""
    asked = {}
    for desired in CHECK.derive(project()):
        address = plain(desired.spec)["fqdn"].address
        asked[desired.address.name] = f"{address.region} {address.name}"
        assert {str(need) for need in desired.needs} == {
            f"lambda_permission.{address.region}.{address.name}.url",
            f"lambda_permission.{address.region}.{address.name}.url-invoke",
        }
    assert asked == {
        **{code: f"{code} health" for code in ("us-east-1", "us-west-2", "eu-west-2")},
        **{f"takeover-{code}": f"{code} health" for code in ("us-west-2", "eu-west-2")},
        **{f"takeover-function.{code}": f"{code} takeover" for code in ("us-west-2", "eu-west-2")},
        **{f"order.{code}": f"{code} takeover" for code in ("us-east-1", "us-west-2")},
    }


def followed(kind: Kind[Any, Any], of_type: type[S], project: Project) -> list[tuple[str, S]]:
    """Names and specs of the resources that follow from a project."""
    found = [(desired.address.name, desired.spec) for desired in kind.derive(project)]
    return [(name, spec) for name, spec in found if isinstance(spec, of_type)]


def test_takeover_checks_are_inverted_and_fast() -> None:
    """Every region behind another is asked for its signal, inverted: no signal, or nobody there, leaves traffic alone."""
    found = followed(CHECK, HealthCheckSpec, project())
    takeovers = {name: (spec.path, spec.interval) for name, spec in found if spec.inverted}
    assert takeovers == {
        "takeover-us-west-2": ("/takeover", 10),
        "takeover-function.us-west-2": ("/takeover", 10),
        "takeover-eu-west-2": ("/takeover", 10),
        "takeover-function.eu-west-2": ("/takeover", 10),
    }


def children(of: Project) -> dict[str, list[str]]:
    """The children of each calculated check, as `kind name` of the checks, without what all kinds have in common."""
    return {
        desired.address.name: [
            f"{'latch ' * (child.address.kind == 'route53_metric_check')}{child.address.name}"
            for child in plain(desired.spec)["children"]
        ]
        for desired in CALCULATED.derive(of)
    }


WEST, LONDON = "us-west-2", "eu-west-2"
QUIET_WEST = [f"takeover-{WEST}", f"takeover-function.{WEST}"]
QUIET_LONDON = [f"takeover-{LONDON}", f"takeover-function.{LONDON}"]
LATCHES = [f"latch takeover-latch.{WEST}", f"latch takeover-latch.{LONDON}"]


def test_a_region_gives_way_to_those_behind_it() -> None:
    """A region takes traffic while it is healthy and none behind it has taken over; or while it holds the order itself."""
    assert children(project()) == {
        "us-east-1": ["us-east-1", *QUIET_WEST, *QUIET_LONDON, *LATCHES],
        WEST: [WEST, *QUIET_LONDON, LATCHES[1]],
        LONDON: [LONDON],
        "order.us-east-1": ["us-east-1", "order.us-east-1", *QUIET_WEST, *QUIET_LONDON],
        f"order.{WEST}": [f"order.{WEST}", *QUIET_LONDON],
        f"order.{LONDON}": [*QUIET_LONDON, LATCHES[1]],
    }
    found = followed(CALCULATED, CalculatedCheckSpec, project())
    assert all(spec.threshold == len(spec.children) for _, spec in found)
    assert [name for name, spec in found if spec.inverted] == [f"order.{LONDON}"]


def test_silence_of_a_metric_keeps_what_was_said_last() -> None:
    """The latches follow an alarm of their region, which tells nobody, and keep their status without data."""
    found = followed(LATCH, MetricCheckSpec, project())
    assert {name: (str(spec.alarm), spec.alarm_region, spec.without_data) for name, spec in found} == {
        f"takeover-latch.{code}": (f"cloudwatch_alarm.{code}.takeover-latch#name", code, "LastKnownStatus")
        for code in (WEST, LONDON)
    }
    alarms = followed(ALARM, AlarmSpec, project())
    assert {(spec.metric, spec.dimensions["FunctionName"], spec.missing, spec.actions) for _, spec in alarms} == {
        ("TakenOver", "example-takeover", "missing", ())
    }


def test_a_project_without_the_function_has_the_former_layout() -> None:
    """The health function is asked alone: nothing of such a deployment changes until the function is added."""
    lambdas = tuple(item for item in project().items["lambdas"] if item.name != "takeover")
    of = project(items={"lambdas": lambdas})
    assert children(of) == {
        "us-east-1": ["us-east-1", f"takeover-{WEST}", f"takeover-{LONDON}"],
        WEST: [WEST, f"takeover-{LONDON}"],
        LONDON: [LONDON],
    }
    assert [*LATCH.derive(of), *ALARM.derive(of)] == []
    assert len([*RECORD.derive(project())]) - len([*RECORD.derive(of)]) == 6


def test_regions_that_share_traffic_give_way_to_any_other() -> None:
    """Active-active: whoever takes over takes it from all."""
    assert children(project(strategy="active-active"))[WEST] == [
        WEST, "takeover-us-east-1", "takeover-function.us-east-1", *QUIET_LONDON,
        "latch takeover-latch.us-east-1", LATCHES[1],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "of",
    [
        project(rules=Rules(mechanism="records")),
        project(rules=Rules(takeover=TakeoverRule(table="customers-global"))),
        project(rules=Rules(takeover=TakeoverRule(table="absent"))),
        project(items={"lambdas": ()}),
        project(EAST),
    ],
    ids=["records", "other keys", "no table", "no function", "one region"],
)
def test_without_what_a_takeover_needs_records_carry_the_endpoints_check(of: Project) -> None:
    """No signal could be read, so none is watched, and a region's own health decides as before."""
    assert children(of) == {}
    assert not [desired for desired in CHECK.derive(of) if "takeover" in desired.address.name]
    assert not [*LATCH.derive(of), *ALARM.derive(of)]
    leaves = [spec.health_check for _, spec in followed(RECORD, RecordSpec, of) if spec.health_check]
    assert {str(link).split(".")[0] for link in leaves} == {"route53_health_check"}


def test_records_carry_the_calculated_check() -> None:
    """With takeovers the leaf of each region hangs on its calculated checks, and both of its records answer the same."""
    leaves = [spec for _, spec in followed(RECORD, RecordSpec, project()) if spec.health_check]
    assert sorted(str(spec.health_check) for spec in leaves) == [
        f"route53_calculated_check.global.{name}#id"
        for name in (
            "eu-west-2", "order.eu-west-2", "order.us-east-1", "order.us-west-2", "us-east-1", "us-west-2",
        )
    ]  # fmt: skip
    assert len({(spec.type, spec.weight, spec.ttl, spec.values) for spec in leaves}) == 3


def test_what_answers_by_order_stands_beside_the_leaf_as_an_alias() -> None:
    """Weighted records of one name must have one TTL, and somebody may change that of a leaf alone: an alias has none."""
    found = [spec for name, spec in followed(RECORD, RecordSpec, project()) if spec.set_identifier == "us-west-2-order"]
    assert [(spec.name, spec.alias, spec.weight, spec.ttl, spec.evaluate_target_health) for spec in found] == [
        ("connect-order-us-west-2.example.com", "", 1, 60, False),
        ("connect-us-west-2.example.com", "connect-order-us-west-2.example.com", 1, None, True),
    ]


def test_an_inverted_check_is_ready_when_it_has_been_looked_at() -> None:
    """Without data an inverted check is unhealthy, so it is waited for; one that is not inverted is ready at once."""
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": "a.example.com", "Inverted": True}
    seen = {"HealthCheckObservations": [{"StatusReport": {"Status": "Failure: HTTP Status Code 404"}}]}
    aws = Scripted(
        GetHealthCheck={"HealthCheck": {"Id": "h1", "HealthCheckConfig": config}},
        ListTagsForResources={"ResourceTagSets": []},
        GetHealthCheckStatus=[{"HealthCheckObservations": []}, {"HealthCheckObservations": []}, seen],
    )
    CHECK.ready(aws, "us-east-1", {"id": "h1"})
    assert len(aws.made("GetHealthCheckStatus")) == 3


@pytest.mark.parametrize(
    ("records", "taken"),
    [
        ([{"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "old.example.net"}]}], ["CNAME old.example.net"]),
        ([{"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}], ["A 192.0.2.1"]),
        ([{"Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"v=1"'}]}], ['TXT "v=1"']),
        ([], []),
    ],
)
def test_what_stands_in_the_place_of_the_public_name_is_told(records: list[dict[str, Any]], taken: list[str]) -> None:
    """Route 53 takes a CNAME beside nothing else, and no routing policy beside a simple record."""
    aws = cloud(*({"Name": "connect.example.com.", **record} for record in records))
    assert list(RECORD.taken_by(aws, "us-east-1", plain(SHARED))) == taken


@pytest.mark.parametrize(
    ("clears", "gone"), [(("CNAME old.example.net",), 1), (("CNAME another.example.net",), 0), ((), 0)]
)
def test_what_the_user_lets_go_is_deleted_in_the_same_batch(clears: tuple[str, ...], gone: int) -> None:
    """Nothing else, so that the name is never without an answer; what came there since the plan stays."""
    old = {
        "Name": "connect.example.com.",
        "Type": "CNAME",
        "TTL": 60,
        "ResourceRecords": [{"Value": "old.example.net"}],
    }
    aws = cloud(old)
    RECORD.create(aws, "us-east-1", SHARED.model_copy(update={"clears": clears}), "token")
    (made,) = aws.made("ChangeResourceRecordSets")
    changes = made["ChangeBatch"]["Changes"]
    assert [change["Action"] for change in changes] == ["DELETE"] * gone + ["CREATE"]
    assert [change["ResourceRecordSet"] for change in changes[:-1]] == [old] * gone


def test_our_own_records_are_in_nobodys_way() -> None:
    """Neither those of another layout, nor leaves, nor records of other names."""
    other = {"Name": "www.example.com.", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.example.net"}]}
    ours = alias("primary", "connect-us-east-1.example.com.", Failover="PRIMARY")
    assert list(RECORD.taken_by(cloud(ours, RAW, other), "us-east-1", plain(SHARED))) == []
    assert list(RECORD.taken_by(cloud(RAW), "us-east-1", plain(LEAF))) == []


def test_a_check_that_goes_meanwhile_hides_no_tags_of_others() -> None:
    """AWS refuses a list of checks of which one was just deleted: the others are asked one by one."""

    def tags(region: str, ResourceIds: list[str], **_: Any) -> dict[str, Any]:  # noqa: ARG001, N803
        if "gone" in ResourceIds:
            raise failing("NoSuchHealthCheck")
        return {"ResourceTagSets": [{"ResourceId": one, "Tags": [{"Key": "k", "Value": one}]} for one in ResourceIds]}

    found = tags_by_check(Scripted(ListTagsForResources=tags), "us-east-1", ["a", "gone", "b"])
    assert found == {"a": {"k": "a"}, "b": {"k": "b"}}
    with pytest.raises(AwsError, match="NoSuchHealthCheck"):
        tags_by_check(Scripted(ListTagsForResources=tags), "us-east-1", ["gone"])
