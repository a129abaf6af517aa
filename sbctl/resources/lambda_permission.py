"""Statements of functions' resource policies: Connect may call, and anybody may through the function URL.

A public URL needs two statements since October 2025, one for the URL and one for the function behind it.
https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live, Retry
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project, Region
from sbctl.desired.config.sections import LambdaItem
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.roles.policy import parsed, statements_of

GONE = ("ResourceNotFoundException",)
INVOKE = "lambda:InvokeFunction"
CONNECT = "connect.amazonaws.com"


class PermissionSpec(Spec):
    """One statement: `principal` may do `action`. Empty fields are conditions that it does not have."""

    replace_on = frozenset({"function", "statement_id"})
    as_sets = frozenset({"strangers"})
    as_is = frozenset({"strangers"})

    function: Link
    statement_id: str = Field(min_length=1, max_length=100, pattern=r"^[a-zA-Z0-9-_]+$")
    action: str
    principal: str
    source_account: str = ""
    source_arn: Link = ""
    url_auth_type: str = ""
    through_url: bool = False
    strangers: tuple[str, ...] | None = Field(
        default=None,
        description="Other statements of the function's policy that let anybody call it; told by one of sbctl's.",
    )


_FUNCTION = Address.of("lambda_function", "us-east-1", "health").ref("name")
_EXAMPLE = PermissionSpec(
    function=_FUNCTION,
    statement_id="sbctl-connect",
    action=INVOKE,
    principal=CONNECT,
    source_account="123456789012",
    source_arn="arn:aws:connect:us-east-1:123456789012:instance/11111111-1111-1111-1111-111111111111",
)


class LambdaPermission(Kind[PermissionSpec, ConfigItem]):
    """Permissions. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html"""

    name = "lambda_permission"
    section = ""
    title = "function permission"
    spec = PermissionSpec
    item = ConfigItem
    connect_only = False
    resiliency = "regional"
    adoption = Adoption("none")
    dependent_actions = {}
    quotas = ()
    impact_rank = 25
    impacts = (
        Impact("high", "anybody could call the function, and use up what is reserved for it", field="strangers"),
        Impact("critical", "the function could not be called"),
    )
    singly = frozenset({"lambda:GetPolicy"})
    skippable = True
    docs = "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"
    calls = frozenset({"lambda:AddPermission", "lambda:GetPolicy", "lambda:RemovePermission"})
    within = "function"
    retry = (
        Retry("ResourceConflictException", "in progress", "another change of the function is under way"),
        Retry("ResourceConflictException", "Pending", "the function is being made"),
    )
    examples = (
        _EXAMPLE,
        _EXAMPLE.model_copy(
            update={
                "source_arn": "arn:aws:connect:us-east-1:123456789012:instance/22222222-2222-2222-2222-222222222222"
            }
        ),
    )

    def derive(self, project: Project) -> Iterable[Desired]:
        for item in project.items.get("lambdas", ()):
            for region in project.by_priority:
                local = item.in_region(region.region)
                if isinstance(local, LambdaItem) and local.function is None:
                    found = list(self._of_function(local, project, region))
                    yield from found[1:]
                    yield from (_watching(one) for one in found[:1])

    def _of_function(self, item: LambdaItem, project: Project, region: Region) -> Iterable[Desired]:
        if item.connect and region.connect:
            instance = project.instance(region.region).ref("arn")
            yield self._desired(
                item, region, "connect", INVOKE, CONNECT, source_account=project.account, source_arn=instance
            )
        if item.url:
            yield self._desired(item, region, "url", "lambda:InvokeFunctionUrl", "*", url_auth_type="NONE")
            yield self._desired(item, region, "url-invoke", INVOKE, "*", through_url=True)

    def _desired(
        self, item: LambdaItem, region: Region, name: str, action: str, principal: str, **conditions: Any
    ) -> Desired:
        function = Address.of("lambda_function", region.region, item.name).ref("name")
        spec = PermissionSpec(
            function=function, statement_id=f"sbctl-{name}", action=action, principal=principal, **conditions
        )
        return Desired(address=self.address(region.region, f"{item.name}.{name}"), spec=spec)

    def key(self, spec: PermissionSpec) -> str:
        return spec.statement_id

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[PermissionSpec]]:
        answer = call_or_none(aws, GONE, "lambda", "GetPolicy", region, FunctionName=within)
        statements = statements_of(parsed(answer["Policy"])) if answer else []
        others = _strangers(statements)
        return [_live(within, statement, others) for statement in statements]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[PermissionSpec] | None:
        found = self.find(aws, region, ids["function"], Sought(frozenset({ids["statement"]})))
        return next(iter(found), None)

    def create(self, aws: AwsCalls, region: str, spec: PermissionSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        conditions: dict[str, Any] = {
            "SourceAccount": spec.source_account,
            "SourceArn": spec.source_arn,
            "FunctionUrlAuthType": spec.url_auth_type,
            "InvokedViaFunctionUrl": spec.through_url,
        }
        aws.call(
            "lambda",
            "AddPermission",
            region,
            FunctionName=spec.function,
            StatementId=spec.statement_id,
            Action=spec.action,
            Principal=spec.principal,
            **{name: value for name, value in conditions.items() if value},
        )
        return {"function": str(spec.function), "statement": spec.statement_id}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: PermissionSpec,
        wanted: PermissionSpec,
        owned: Mapping[str, Any],  # noqa: ARG002
    ) -> None:
        """A statement cannot be changed; a changed one is taken away and added again."""
        if _own(wanted) != _own(live):
            self.delete(aws, region, ids)
            self.create(aws, region, wanted, "")
        foreign = set(live.strangers or ()) - set(wanted.strangers or ()) if wanted.strangers is not None else ()
        for statement in sorted(foreign):
            self.delete(aws, region, {**ids, "statement": statement})

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        function, statement = ids["function"], ids["statement"]
        call_or_none(aws, GONE, "lambda", "RemovePermission", region, FunctionName=function, StatementId=statement)


OURS = "sbctl-"
"""Begins the ids of sbctl's statements."""


def _watching(desired: Desired) -> Desired:
    """The one statement of a function that also tells of those that others put beside it."""
    return replace(desired, spec=desired.spec.model_copy(update={"strangers": ()}))


def _own(spec: PermissionSpec) -> PermissionSpec:
    return spec.model_copy(update={"strangers": None})


def _strangers(statements: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Statements of others that let anybody call, and more than sbctl's do; conditions on the caller limit them."""
    open_to_all = [
        one for one in statements if one.get("Effect") == "Allow" and _principal(one.get("Principal")) == "*"
    ]
    ours = [_rights(one) for one in open_to_all if str(one.get("Sid", "")).startswith(OURS)]
    others = [one for one in open_to_all if not str(one.get("Sid", "")).startswith(OURS)]
    unlimited = [one for one in others if all(name.startswith("lambda:") for name in _tests(one))]
    return tuple(sorted(str(one.get("Sid", "")) for one in unlimited if _rights(one) not in ours))


def _rights(statement: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    return _text(statement.get("Action")), _tests(statement)


def _tests(statement: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.lower(): str(value)
        for condition in (statement.get("Condition") or {}).values()
        for name, value in condition.items()
    }


def _live(function: str, statement: Mapping[str, Any], strangers: tuple[str, ...]) -> Live[PermissionSpec]:
    tests = _tests(statement)
    spec = PermissionSpec.model_construct(
        function=function,
        statement_id=str(statement.get("Sid", "")),
        action=_text(statement.get("Action")),
        principal=_principal(statement.get("Principal")),
        source_account=tests.get("aws:sourceaccount", ""),
        source_arn=tests.get("aws:sourcearn", ""),
        url_auth_type=tests.get("lambda:functionurlauthtype", ""),
        through_url=tests.get("lambda:invokedviafunctionurl", "false").lower() == "true",
        strangers=strangers,
    )
    return Live(spec=spec, ids={"function": function, "statement": spec.statement_id})


def _principal(value: Any) -> str:
    return _text(next(iter(value.values()), "") if isinstance(value, Mapping) else value)


def _text(value: Any) -> str:
    """One value or several, as others may have written them, in one text."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


RESOURCE = LambdaPermission()
