"""Function URLs: the public address at which Route 53 asks a region's health function.

Making one needs Route 53's control plane in us-east-1, so it is done ahead of time and never in a failover.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live, Retry
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.desired.config.sections import LambdaItem
from sbctl.resources.calls.call import call_or_none

GONE = ("ResourceNotFoundException",)


class UrlSpec(Spec):
    """The URL of a function. With auth type NONE its permissions decide who may call."""

    replace_on = frozenset({"function"})

    function: Link
    auth_type: Literal["NONE", "AWS_IAM"] = "NONE"
    invoke_mode: Literal["BUFFERED", "RESPONSE_STREAM"] = "BUFFERED"


class LambdaUrl(Kind[UrlSpec, ConfigItem]):
    """Function URLs. https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html"""

    name = "lambda_url"
    section = ""
    title = "function URL"
    spec = UrlSpec
    item = ConfigItem
    connect_only = False
    resiliency = "regional"
    adoption = Adoption("none")
    dependent_actions = {}
    quotas = ()
    impact_rank = 21
    impacts = (Impact("critical", "the health check could not ask the region"),)
    singly = frozenset({"lambda:GetFunctionUrlConfig"})
    skippable = True
    docs = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html"
    calls = frozenset(f"lambda:{operation}FunctionUrlConfig" for operation in ("Create", "Delete", "Get", "Update"))
    within = "function"
    retry = (
        Retry("ResourceConflictException", "in progress", "another change of the function is under way"),
        Retry("ResourceConflictException", "Pending", "the function is being made"),
    )
    examples = (
        UrlSpec(function=Address.of("lambda_function", "us-east-1", "health").ref("name")),
        UrlSpec(function=Address.of("lambda_function", "us-east-1", "health").ref("name"), auth_type="AWS_IAM"),
    )

    def derive(self, project: Project) -> Iterable[Desired]:
        for item in project.items.get("lambdas", ()):
            for region in project.by_priority:
                local = item.in_region(region.region)
                if isinstance(local, LambdaItem) and local.url and local.function is None:
                    function = Address.of("lambda_function", region.region, item.name).ref("name")
                    yield Desired(address=self.address(region.region, item.name), spec=UrlSpec(function=function))

    def key(self, spec: UrlSpec) -> str:
        return str(spec.function)

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[UrlSpec]]:
        live = self.read(aws, region, {"function": within})
        return [] if live is None else [live]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[UrlSpec] | None:
        function = ids["function"]
        answer = call_or_none(aws, GONE, "lambda", "GetFunctionUrlConfig", region, FunctionName=function)
        if answer is None:
            return None
        url = answer["FunctionUrl"]
        mode = answer.get("InvokeMode", "BUFFERED")
        return Live(
            spec=UrlSpec(function=function, auth_type=answer["AuthType"], invoke_mode=mode),
            ids={"function": function},
            outputs={"url": url, "host": urlsplit(url).netloc},
        )

    def create(self, aws: AwsCalls, region: str, spec: UrlSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        aws.call("lambda", "CreateFunctionUrlConfig", region, FunctionName=spec.function, **_settings(spec))
        return {"function": str(spec.function)}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: UrlSpec,
        wanted: UrlSpec,
        owned: Mapping[str, Any],  # noqa: ARG002
    ) -> None:
        if _settings(wanted) != _settings(live):
            aws.call("lambda", "UpdateFunctionUrlConfig", region, FunctionName=ids["function"], **_settings(wanted))

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        call_or_none(aws, GONE, "lambda", "DeleteFunctionUrlConfig", region, FunctionName=ids["function"])


def _settings(spec: UrlSpec) -> dict[str, str]:
    return {"AuthType": spec.auth_type, "InvokeMode": spec.invoke_mode}


RESOURCE = LambdaUrl()
