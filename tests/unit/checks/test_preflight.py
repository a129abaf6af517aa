"""Single checks of the preflight, against answers that a sandbox does not give: refusals, sessions, odd zones, silent DNS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sbctl.checks.preflight.answers import check_answers
from sbctl.checks.preflight.caller import check_caller
from sbctl.checks.preflight.endpoints import check_endpoints
from sbctl.checks.preflight.objective import check_objective, check_planes
from sbctl.checks.preflight.permission import check_permissions
from sbctl.checks.preflight.settled import check_settled
from sbctl.checks.preflight.subject import PAGES, Kits, PermissionAsked, Subject
from sbctl.checks.preflight.tables import check_tables
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import FakeClock
from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import Desired
from sbctl.core.problem import Exit
from sbctl.core.project import Project
from sbctl.core.state import Record, State
from sbctl.desired.build import build
from sbctl.desired.config.sections import KeyAttribute, TableItem
from sbctl.desired.load import load_project

ROOT = Path(__file__).parents[3]
ACCOUNT = "123456789012"
Answer = Callable[[str, Mapping[str, Any]], dict[str, Any]]


@cache
def kinds() -> tuple[Kind[Any, Any], ...]:
    return tuple(discover("sbctl.resources", "RESOURCE").values())


@cache
def project() -> Project:
    return load_project(ROOT / "config", kinds(), ROOT / "flows", ROOT / "lambdas", "").project


@dataclass
class Cloud:
    """Answers by "service:Operation": a dict, an error to raise, or a function of region and parameters."""

    answers: Mapping[str, Any]
    made: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)

    def call(self, service: str, operation: str, region: str, **params: Any) -> dict[str, Any]:
        self.made.append((f"{service}:{operation}", region, params))
        answer = self.answers[f"{service}:{operation}"]
        found = answer(region, params) if callable(answer) else answer
        if isinstance(found, AwsError):
            raise found
        return dict(found)

    def wait(self, seconds: float, reason: str) -> None:
        raise AssertionError(f"waited {seconds} for {reason}")


@dataclass(frozen=True)
class Reply:
    """An answer of an endpoint, or of DNS."""

    status: int = 0
    failure: str = ""
    body: str = ""
    values: tuple[str, ...] = ()
    ttl: int | None = None
    seconds: float = 0.1

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 400


@dataclass(frozen=True)
class Outside:
    """Endpoints and names that all answer alike."""

    reply: Reply = Reply(failure="no answer: Timeout")

    def get(self, host: str, path: str) -> Reply:  # noqa: ARG002
        return self.reply

    def ask(self, name: str, type_: str) -> Reply:  # noqa: ARG002
        return self.reply


def deployed(wanted: tuple[Desired, ...]) -> State:
    """A state in which everything that is wanted has an id, a host and a name."""
    records = {}
    for desired in wanted:
        address = str(desired.address)
        outputs = {
            "host": f"{desired.address.region}.example.on.aws",
            "access_host": f"{desired.address.region}.awsapps",
        }
        records[address] = Record(address=address, ids={"id": f"id-{address}"}, outputs=outputs)
    return State(records=records)


def subject(
    answers: Mapping[str, Any], of: Project | None = None, outside: Outside | None = None, **more: Any
) -> Subject:
    wanted = tuple(build(kinds(), of or project(), {}))
    found = outside or Outside()
    on = Subject(
        aws=Cloud(answers),
        clock=FakeClock(),
        http=found,
        dns=found,
        project=of or project(),
        desired=wanted,
        state=deployed(wanted),
        targets=(of or project()).by_priority,
        kits=Kits("kit.json", None, None),
    )
    return replace(on, **more)


def refused(code: str, region: str = "us-east-1") -> AwsError:
    return AwsError(code, "no", service="iam", operation="SimulatePrincipalPolicy", region=region)


def silent(region: str) -> AwsError:
    return AwsError("Unreachable", "the endpoint does not answer", service="sts", operation="x", region=region)


PUT = PermissionAsked("dynamodb:PutItem", ("arn:1", "arn:2"), {"dynamodb:LeadingKeys": ("TAKEOVER",)})
USER = {"sts:GetCallerIdentity": {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/ops/ann"}}


def decided(*decisions: str) -> dict[str, Any]:
    results = [{"EvalDecision": one, "EvalResourceName": f"arn:{number}"} for number, one in enumerate(decisions, 1)]
    return {"EvaluationResults": results}


@pytest.mark.parametrize(
    ("answer", "verdict", "told"),
    [
        (decided("allowed", "allowed"), "ok", "2 resources"),
        (decided("allowed", "implicitDeny"), "bad", "arn:2"),
        (decided("explicitDeny", "allowed"), "bad", "arn:1"),
        (decided(), "unknown", "did not say"),
        (refused("AccessDenied"), "unknown", "AccessDenied"),
        (silent("us-east-1"), "unknown", "us-east-1 does not answer"),
    ],
)
def test_a_permission_is_what_iam_says(answer: Any, verdict: str, told: str) -> None:
    """Allowed on every resource is ok, denied on one is bad and named, and what IAM does not say is unknown."""
    on = subject({**USER, "iam:SimulatePrincipalPolicy": answer}, permissions=(PUT,))
    (found,) = check_permissions(on)
    assert (found.subject, found.verdict) == ("dynamodb:PutItem", verdict)
    assert told in found.detail


def test_a_permission_that_only_spares_calls_fails_nothing() -> None:
    """Without pages sbctl reads one by one: slower, and told with the policy to attach."""
    answer = {"EvaluationResults": [{"EvalDecision": "implicitDeny", "EvalResourceName": "*"}]}
    readings = check_permissions(subject({**USER, "iam:SimulatePrincipalPolicy": answer}, permissions=PAGES))
    assert [(one.subject, one.verdict, one.exit) for one in readings] == [
        ("tag:GetResources", "late", Exit.DONE),
        ("iam:GetAccountAuthorizationDetails", "late", Exit.DONE),
    ]


def test_a_denial_on_the_last_page_is_a_denial() -> None:
    """IAM says of each resource whether it is allowed, in pages."""

    def answer(_region: str, params: Mapping[str, Any]) -> dict[str, Any]:
        last = "Marker" in params
        return decided("implicitDeny") if last else {**decided("allowed"), "IsTruncated": True, "Marker": "next"}

    (found,) = check_permissions(subject({**USER, "iam:SimulatePrincipalPolicy": answer}, permissions=(PUT,)))
    assert found.verdict == "bad"


@pytest.mark.parametrize(
    ("arn", "role", "principal"),
    [
        (f"arn:aws:iam::{ACCOUNT}:user/ops/ann", None, f"arn:aws:iam::{ACCOUNT}:user/ops/ann"),
        (
            f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall/ann",
            {"Role": {"Arn": f"arn:aws:iam::{ACCOUNT}:role/people/OnCall"}},
            f"arn:aws:iam::{ACCOUNT}:role/people/OnCall",
        ),
        (
            f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall/ann",
            refused("AccessDenied"),
            f"arn:aws:iam::{ACCOUNT}:role/OnCall",
        ),
    ],
)
def test_the_policies_asked_about_are_those_of_the_role_behind_a_session(arn: str, role: Any, principal: str) -> None:
    """IAM simulates users and roles, not sessions; a role is asked for its path where that is allowed."""
    answers = {
        "sts:GetCallerIdentity": {"Account": ACCOUNT, "Arn": arn},
        "iam:GetRole": role,
        "iam:SimulatePrincipalPolicy": decided("allowed", "allowed"),
    }
    on = subject(answers, permissions=(PUT,))
    (found,) = check_permissions(on)
    assert found.verdict == "ok"
    assert isinstance(on.aws, Cloud)
    (asked,) = [params for call, _, params in on.aws.made if call == "iam:SimulatePrincipalPolicy"]
    assert asked["PolicySourceArn"] == principal
    assert asked["ContextEntries"] == [
        {"ContextKeyName": "dynamodb:LeadingKeys", "ContextKeyValues": ["TAKEOVER"], "ContextKeyType": "stringList"}
    ]


def test_the_root_user_is_not_simulated() -> None:
    """IAM has no policies of the root user, who may do everything."""
    answers = {"sts:GetCallerIdentity": {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:root"}}
    (found,) = check_permissions(subject(answers, permissions=(PUT,)))
    assert found.verdict == "ok"


def test_credentials_are_asked_in_every_region() -> None:
    """Another account is bad, expired credentials are bad, and a silent region is unknown: each in its region."""

    def answer(region: str, _: Mapping[str, Any]) -> Any:
        return {
            "us-east-1": {"Account": "999999999999", "Arn": "arn:aws:iam::999999999999:user/x"},
            "us-west-2": AwsError(
                "ExpiredToken", "expired", service="sts", operation="GetCallerIdentity", region=region
            ),
            "eu-west-2": silent(region),
        }[region]

    found = {one.target: one for one in check_caller(subject({"sts:GetCallerIdentity": answer}))}
    assert {region: one.verdict for region, one in found.items()} == {
        "us-east-1": "bad",
        "us-west-2": "bad",
        "eu-west-2": "unknown",
    }
    assert "999999999999" in found["us-east-1"].detail


@pytest.mark.parametrize(
    ("good", "all_", "verdict"), [(16, 16, "ok"), (3, 16, "ok"), (2, 16, "bad"), (0, 16, "bad"), (0, 0, "unknown")]
)
def test_a_check_is_healthy_above_18_percent(good: int, all_: int, verdict: str) -> None:
    """3 of 16 checkers are 18.75 % and enough, 2 are not; without any report nobody knows."""
    rows = ["Success: HTTP Status Code 200, OK"] * good + ["Failure: HTTP Status Code 503"] * (all_ - good)
    seen = [{"StatusReport": {"Status": status}} for status in rows]
    found = {
        one.subject: one.verdict
        for one in check_settled(subject({"route53:GetHealthCheckStatus": {"HealthCheckObservations": seen}}))
    }
    assert found["route53_health_check.global.us-east-1"] == verdict


def test_failing_by_records_depends_on_a_control_plane() -> None:
    """With the mechanism `records` doctor says plainly that us-east-1 is needed; with the signal that nothing is."""
    records = replace(project(), rules=project().rules.model_copy(update={"mechanism": "records"}))
    ((bad,), (good,)) = (list(check_planes(subject({}, of))) for of in (records, project()))
    assert (bad.verdict, good.verdict) == ("bad", "ok")
    assert "us-east-1" in bad.detail


@pytest.mark.parametrize(("ttls", "verdicts"), [((60,), ["ok", "ok"]), ((60, 600), ["late", "late"])])
def test_the_worst_case_is_held_against_the_rto(ttls: tuple[int, ...], verdicts: list[str]) -> None:
    """The longest TTL found counts. Beyond the RTO the finding is late; what only a record's TTL causes, the record heals."""
    found = list(check_objective(subject({}), ttls))
    assert [one.verdict for one in found] == verdicts
    assert {one.fix for one in found if one.verdict == "late"} <= {"sbctl record apply --yes"}


def test_settings_that_cannot_meet_the_rto_are_named() -> None:
    """Where the rules themselves take too long, the remedy names the longest part and its reason."""
    rules = project().rules.model_copy(update={"ttl_seconds": 600})
    found = list(check_objective(subject({}, replace(project(), rules=rules)), ()))
    assert [one.verdict for one in found] == ["late", "late"]
    assert all("caches (TTL of 600 s)" in one.fix for one in found)


def test_silent_dns_is_unknown_and_a_refusal_is_bad() -> None:
    """Nobody answering says nothing about the names; NXDOMAIN does."""
    silence = {one.verdict for one in check_answers(subject({}, outside=Outside(Reply(failure="no answer: Timeout"))))}
    denial = {one.verdict for one in check_answers(subject({}, outside=Outside(Reply(failure="NXDOMAIN"))))}
    foreign = Outside(Reply(values=("somebody-else.example.net",), ttl=60))
    assert (silence, denial) == ({"unknown"}, {"bad"})
    assert {one.verdict for one in check_answers(subject({}, outside=foreign))} == {"bad"}


@pytest.mark.parametrize(("status", "verdicts"), [(200, {"ok"}), (503, {"bad"}), (0, {"unknown"}), (403, {"bad"})])
def test_an_endpoint_is_judged_by_its_status(status: int, verdicts: set[str]) -> None:
    """2xx is healthy; a refusal and an error are bad for both paths; silence is unknown."""
    outside = Outside(Reply(status=status, failure="" if status else "timed out"))
    found = list(check_endpoints(subject({}, outside=outside)))
    assert {one.verdict for one in found} == verdicts
    assert {one.check for one in found} == {"health-function", "takeover-function"}


@pytest.mark.parametrize(
    ("table", "key_state", "verdicts"),
    [
        ({"Table": {"DeletionProtectionEnabled": True}}, "Enabled", {"ok"}),
        ({"Table": {}}, "Enabled", {"ok", "bad"}),
        ({"Table": {"DeletionProtectionEnabled": True}}, "PendingDeletion", {"ok", "bad"}),
        (
            AwsError("ResourceNotFoundException", "no", service="dynamodb", operation="x", region="us-west-2"),
            "Enabled",
            {"ok", "bad"},
        ),
        (silent("us-west-2"), "Enabled", {"ok", "unknown"}),
    ],
)
def test_each_copy_of_a_table_is_protected_and_has_a_key_that_works(
    table: Any, key_state: str, verdicts: set[str]
) -> None:
    """In every region; a table of which the config wants neither has no reading."""
    regions = [region.region for region in project().by_priority]
    keys = {region: {"key": f"arn:aws:kms:{region}:{ACCOUNT}:key/1"} for region in regions}
    item = TableItem(name="customers", partition_key=KeyAttribute(name="Id"), deletion_protection=True, overrides=keys)
    plain = TableItem(name="plain", partition_key=KeyAttribute(name="Id"))
    of = replace(project(), items={**project().items, "tables": (item, plain)})
    key = {"KeyMetadata": {"Arn": "arn", "KeyState": key_state}}
    on = subject({"dynamodb:DescribeTable": table, "kms:DescribeKey": key})
    found = list(check_tables(replace(on, project=of)))
    assert {(one.subject, one.target) for one in found} == {("customers", region) for region in regions}
    assert {one.verdict for one in found} <= verdicts
    assert len(found) == 2 * len(regions)
