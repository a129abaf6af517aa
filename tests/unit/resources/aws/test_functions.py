"""Functions, their permissions, URLs, logs and roles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.resource import Live, NotReady
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.values import plain
from sbctl.core.problem import SbctlError
from sbctl.desired.config.sections import LambdaItem
from sbctl.desired.files.packages import pack
from sbctl.resources.functions.function import FunctionSpec
from sbctl.resources.iam_role import RESOURCE as ROLE
from sbctl.resources.lambda_function import RESOURCE as FUNCTION
from sbctl.resources.lambda_permission import RESOURCE as PERMISSION
from sbctl.resources.lambda_permission import PermissionSpec
from sbctl.resources.lambda_url import RESOURCE as URL
from sbctl.resources.log_group import RESOURCE as LOGS
from tests.unit.resources.aws.projects import project
from tests.unit.resources.aws.scripted import Scripted, failing

IDS = {"name": "example-health"}


@pytest.fixture
def spec(tmp_path: Path) -> FunctionSpec:
    """A function whose folder exists and whose hash is right."""
    (tmp_path / "handler.py").write_text("def handler(event, context):\n    return {}\n", encoding="utf-8")
    package = pack(tmp_path)
    return FunctionSpec(name="example-health", role="arn:role", code_sha256=package.sha256, source=str(tmp_path))


def state(**members: Any) -> dict[str, Any]:
    """What GetFunction answers."""
    base = {"FunctionName": "example-health", "FunctionArn": "arn:fn", "Role": "arn:role", "CodeSha256": "x"}
    return {"Configuration": {**base, **members}}


def test_the_bytes_sent_are_the_packages(spec: FunctionSpec) -> None:
    """Creation packs the folder again and sends exactly the bytes that the plan's hash is of."""
    aws = Scripted()
    FUNCTION.create(aws, "us-east-1", spec, "")
    assert aws.made("CreateFunction")[0]["Code"] == {"ZipFile": pack(Path(spec.source)).zip}


def test_a_folder_that_changed_since_the_plan_is_refused(spec: FunctionSpec) -> None:
    """Code that nobody saw in a plan is not deployed."""
    Path(spec.source, "handler.py").write_text("changed = True\n", encoding="utf-8")
    aws = Scripted()
    with pytest.raises(SbctlError, match="changed after the plan"):
        FUNCTION.create(aws, "us-east-1", spec, "")
    assert aws.calls == []


def test_a_folder_that_is_gone_is_a_problem(spec: FunctionSpec) -> None:
    """A plan that is applied where its sources are not is refused with the place that was looked at."""
    aws = Scripted()
    with pytest.raises(SbctlError) as caught:
        FUNCTION.create(aws, "us-east-1", spec.model_copy(update={"source": "nowhere/health"}), "")
    (problem,) = caught.value.problems
    assert (problem.code, problem.at) == ("package-missing", "nowhere/health")
    assert aws.calls == []


def test_configuration_waits_for_the_code(spec: FunctionSpec) -> None:
    """Lambda refuses a second change while one is in progress."""
    live = spec.model_copy(update={"code_sha256": "older", "memory": 128})
    aws = Scripted(GetFunction=[state(LastUpdateStatus="InProgress"), state(LastUpdateStatus="Successful")])
    FUNCTION.update(aws, "us-east-1", IDS, live, spec, {})
    assert aws.order() == [
        "UpdateFunctionCode",
        "GetFunction",
        "GetFunction",
        "UpdateFunctionConfiguration",
        "GetFunction",
    ]
    assert aws.waits == ["function being updated"]


@pytest.mark.parametrize("members", [{"State": "Pending"}, {"LastUpdateStatus": "InProgress"}])
def test_a_busy_function_is_not_ready(members: dict[str, str]) -> None:
    """A function that is being made or updated cannot be used yet."""
    with pytest.raises(NotReady):
        FUNCTION.ready(Scripted(GetFunction=state(**members)), "us-east-1", IDS)


def test_a_failed_function_is_a_problem_with_its_reason() -> None:
    """Waiting for a failed function would never end; its reason is told instead."""
    aws = Scripted(GetFunction=state(State="Failed", StateReason="no space"))
    with pytest.raises(SbctlError, match="no space"):
        FUNCTION.ready(aws, "us-east-1", IDS)


def test_a_failed_function_is_told_by_whoever_reads_it() -> None:
    """A plan, too, says that it can only be deleted, and names the command."""
    live = FUNCTION.read(Scripted(GetFunction=state(State="Failed", StateReason="no space")), "us-east-1", IDS)
    assert live is not None and live.failed is not None
    assert "aws lambda delete-function --function-name example-health --region us-east-1" in live.failed.fix


def test_an_update_that_failed_is_a_problem_and_is_made_again(spec: FunctionSpec) -> None:
    """Lambda goes on with what was before, and shows what was sent: so the code counts as unknown until an update is done."""
    failed = state(LastUpdateStatus="Failed", LastUpdateStatusReason="no key", CodeSha256=spec.code_sha256)
    with pytest.raises(SbctlError, match="no key"):
        FUNCTION.update(
            Scripted(GetFunction=failed), "us-east-1", IDS, spec, spec.model_copy(update={"memory": 512}), {}
        )
    live = FUNCTION.ready(Scripted(GetFunction=failed), "us-east-1", IDS)
    assert live.spec.code_sha256 is None
    again = Scripted(GetFunction=state(LastUpdateStatus="Successful"))
    FUNCTION.update(again, "us-east-1", IDS, live.spec, spec, {})
    assert "UpdateFunctionCode" in again.order()
    assert list(FUNCTION.notes("code_sha256", None, spec.code_sha256)) != []


def test_items_are_checked_against_the_project() -> None:
    """A missing folder, an unknown table and an unknown placeholder are three findings."""
    item = FUNCTION.item.model_validate({"name": "other", "reads": ["none"], "environment": {"AB": "${bucket:none}"}})
    assert [field for field, _, _ in FUNCTION.check(item, project())] == ["name", "reads", "environment.AB"]


CONDITIONS: list[tuple[PermissionSpec, dict[str, Any]]] = [
    (
        PERMISSION.examples[0],
        {
            "Principal": {"Service": "connect.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Condition": {
                "StringEquals": {"AWS:SourceAccount": "123456789012"},
                "ArnLike": {"AWS:SourceArn": PERMISSION.examples[0].source_arn},
            },
        },
    ),
    (
        PermissionSpec(
            function="f", statement_id="u", action="lambda:InvokeFunctionUrl", principal="*", url_auth_type="NONE"
        ),
        {
            "Principal": "*",
            "Action": "lambda:InvokeFunctionUrl",
            "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        },
    ),
    (
        PermissionSpec(function="f", statement_id="i", action="lambda:InvokeFunction", principal="*", through_url=True),
        {
            "Principal": "*",
            "Action": "lambda:InvokeFunction",
            "Condition": {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
        },
    ),
]


@pytest.mark.parametrize(("wanted", "statement"), CONDITIONS)
def test_statements_are_read_as_they_were_asked_for(wanted: PermissionSpec, statement: dict[str, Any]) -> None:
    """The policy that Lambda makes of a permission is read back as that permission."""
    full = {"Sid": wanted.statement_id, "Effect": "Allow", "Resource": "arn:fn", **statement}
    aws = Scripted(GetPolicy={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [full]})})
    (live,) = PERMISSION.list(aws, "us-east-1", "f")
    assert plain(live.spec) | {"strangers": None} == plain(wanted.model_copy(update={"function": "f"}))


def test_a_changed_statement_is_taken_away_first() -> None:
    """Lambda does not overwrite a statement, it refuses the second one."""
    before, after = PERMISSION.examples
    aws = Scripted()
    PERMISSION.update(aws, "us-east-1", {"function": "f", "statement": "s"}, before, after, {})
    assert aws.order() == ["RemovePermission", "AddPermission"]


def test_a_public_url_has_two_statements() -> None:
    """Since October 2025 the URL and the function behind it are allowed apart."""
    wanted = [item for item in PERMISSION.derive(project()) if item.address.region == "us-west-2"]
    assert {item.address.name: item.spec.action for item in wanted if isinstance(item.spec, PermissionSpec)} == {
        "customer_lookup.connect": "lambda:InvokeFunction",
        "health.url": "lambda:InvokeFunctionUrl",
        "health.url-invoke": "lambda:InvokeFunction",
        "takeover.url": "lambda:InvokeFunctionUrl",
        "takeover.url-invoke": "lambda:InvokeFunction",
    }


def test_the_host_of_a_url_has_neither_scheme_nor_slash() -> None:
    """Health checks take a bare host name."""
    answer = {"FunctionUrl": "https://abc.lambda-url.us-east-1.on.aws/", "AuthType": "NONE"}
    live = URL.read(Scripted(GetFunctionUrlConfig=answer), "us-east-1", {"function": "f"})
    assert live is not None
    assert live.outputs["host"] == "abc.lambda-url.us-east-1.on.aws"


def test_log_groups_are_found_by_their_common_prefix() -> None:
    """One listing narrowed by name finds all, and details are read only of those asked for."""
    groups = [{"logGroupName": f"/aws/lambda/x-{name}", "arn": f"arn:{name}:*"} for name in ("a", "b", "c")]
    aws = Scripted(DescribeLogGroups={"logGroups": groups})
    found = LOGS.find(aws, "us-east-1", "", Sought(frozenset({"/aws/lambda/x-a", "/aws/lambda/x-c"})))
    assert [live.spec.name for live in found] == ["/aws/lambda/x-a", "/aws/lambda/x-c"]
    assert aws.made("DescribeLogGroups")[0]["logGroupNamePrefix"] == "/aws/lambda/x-"
    assert [made["resourceArn"] for made in aws.made("ListTagsForResource")] == ["arn:a", "arn:c"]


def test_a_role_loses_its_policies_before_itself() -> None:
    """IAM deletes no role that still has policies, whoever attached them; what is gone already is fine."""
    aws = Scripted(
        ListRolePolicies={"PolicyNames": ["access"]},
        ListAttachedRolePolicies={"AttachedPolicies": [{"PolicyArn": "arn:foreign"}]},
        DeleteRole=failing("NoSuchEntity"),
    )
    ROLE.delete(aws, "us-east-1", {"name": "r"})
    assert [name for name in aws.order() if not name.startswith("List")] == [
        "DeleteRolePolicy",
        "DetachRolePolicy",
        "DeleteRole",
    ]
    assert aws.made("DetachRolePolicy") == [{"RoleName": "r", "PolicyArn": "arn:foreign"}]


ROOM = {"AccountLimit": {"UnreservedConcurrentExecutions": 130}}
OVER = failing(
    "InvalidParameterValueException",
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its "
    "minimum value of [100].",
)


def with_reserved(unreserved: int, reserved: int | None, wanted: int | None = None) -> Live[FunctionSpec]:
    """A function as it is read, and then compared with what is wanted, in an account that has so much left."""
    concurrency = {} if reserved is None else {"Concurrency": {"ReservedConcurrentExecutions": reserved}}
    room = {"AccountLimit": {"UnreservedConcurrentExecutions": unreserved}}
    aws = Scripted(GetFunction={**state(), **concurrency}, GetAccountSettings=room)
    live = FUNCTION.read(aws, "us-east-1", {"name": "f"})
    assert live is not None
    assert not aws.made("GetAccountSettings")
    return FUNCTION.with_limits(aws, "us-east-1", {"reserved": wanted}, live)


@pytest.mark.parametrize(
    ("wanted", "unreserved", "reserved", "same", "told"),
    [
        (20, 1000, None, False, False),
        (20, 1000, 20, True, False),
        (20, 1000, 0, False, False),
        (0, 1000, 0, True, False),
        (0, 10, None, False, False),
        (20, 120, None, False, False),
        (21, 120, None, True, True),
        (20, 10, None, True, True),
        (30, 105, 20, True, True),
        (20, 10, 30, False, False),
    ],
)
def test_what_the_account_cannot_reserve_is_told_and_is_no_change(
    wanted: int, unreserved: int, reserved: int | None, *, same: bool, told: bool
) -> None:
    """AWS keeps 100 unreserved: beyond that a plan has nothing to do, and says so at every run."""
    live = with_reserved(unreserved, reserved, wanted)
    assert FUNCTION.same("reserved", wanted, live.spec.reserved) is same
    assert bool(FUNCTION.shortfall({"reserved": wanted}, live)) is told


def test_regions_with_the_same_reservation_are_alike() -> None:
    """Parity compares what is reserved, whatever else the accounts' regions have left."""
    there, here = with_reserved(1000, 20), with_reserved(500, 20)
    assert FUNCTION.same("reserved", there.spec.reserved, here.spec.reserved)
    assert not FUNCTION.same("reserved", there.spec.reserved, with_reserved(500, 10).spec.reserved)
    assert not FUNCTION.same("reserved", there.spec.reserved, with_reserved(100, None, 20).spec.reserved)


def test_a_refusal_for_the_limit_stops_no_deploy(spec: FunctionSpec) -> None:
    """The function is made and goes without; another refusal is an error."""
    wanted = spec.model_copy(update={"reserved": 20})
    aws = Scripted(PutFunctionConcurrency=OVER)
    assert FUNCTION.create(aws, "us-east-1", wanted, "") == {"name": spec.name}
    assert aws.made("PutFunctionConcurrency") == [{"FunctionName": spec.name, "ReservedConcurrentExecutions": 20}]
    with pytest.raises(AwsError, match="denied"):
        FUNCTION.create(
            Scripted(PutFunctionConcurrency=failing("AccessDeniedException", "denied")), "us-east-1", wanted, ""
        )


def test_without_a_wish_nothing_is_reserved_or_taken_back(spec: FunctionSpec) -> None:
    """What others reserved for a function whose item says nothing stays."""
    aws = Scripted(GetAccountSettings=ROOM)
    FUNCTION.create(aws, "us-east-1", spec, "")
    FUNCTION.update(aws, "us-east-1", {"name": spec.name}, spec.model_copy(update={"reserved": 5}), spec, {})
    assert not aws.made("PutFunctionConcurrency")


@pytest.mark.parametrize("settings", [failing("AccessDeniedException"), {}, failing("Unsupported")])
def test_what_the_account_has_left_may_stay_unknown(settings: Any) -> None:
    """An older policy, or a stand-in for AWS, does not say it: the function is read all the same."""
    aws = Scripted(GetFunction=state(), GetAccountSettings=settings)
    live = FUNCTION.read(aws, "us-east-1", {"name": "f"})
    assert live is not None
    assert FUNCTION.with_limits(aws, "us-east-1", {"reserved": 20}, live).spec.reserved == "none"


def test_a_function_that_never_runs_is_pointed_at() -> None:
    """0 is taken, since Lambda takes it, and deserves a word."""
    item = LambdaItem(name="f", reserved_concurrency=0)
    ((field, what, _),) = [*FUNCTION.remarks(item, project())]
    assert (field, "429" in what) == ("reservedConcurrency", True)
    assert [*FUNCTION.remarks(item.model_copy(update={"reserved_concurrency": 1}), project())] == []


def test_a_takeover_that_a_flood_reaches_is_pointed_at() -> None:
    """The public health function alone, or a function without its metric: neither is refused."""
    items = [item for item in project().items["lambdas"] if isinstance(item, LambdaItem)]
    health = next(item for item in items if item.name == "health")
    alone = project(items={"lambdas": tuple(item for item in items if item.name != "takeover")})
    assert [field for field, _, _ in FUNCTION.remarks(health, alone)] == ["name"]
    assert [*FUNCTION.remarks(health, project())] == []
    takeover = next(item for item in items if item.name == "takeover")
    silent = takeover.model_copy(update={"puts_metrics": False})
    assert [field for field, _, _ in FUNCTION.remarks(silent, project())] == ["putsMetrics"]
