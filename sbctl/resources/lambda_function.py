"""Lambda functions from `lambdas/<name>/`. The plan holds the package's hash; the bytes are packed again when needed.

Lambda takes one change at a time, so code and configuration are written one after the other, each waited for.
https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sbctl.core.address import GLOBAL, Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.one_look import TAG_PAGES, OneLook
from sbctl.core.aws.paging import pages
from sbctl.core.kinds.facts import Adoption, Impact, Quota, Shortfall
from sbctl.core.kinds.resource import Kind, Live, NotReady, Retry
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Desired
from sbctl.core.problem import SbctlError
from sbctl.core.project import Project
from sbctl.core.text.secrets import looks_secret
from sbctl.desired.config.sections import LambdaItem
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.calls.tag_pages import tags_of
from sbctl.resources.calls.tags import example_tags, tag_change
from sbctl.resources.calls.waiting import wait_until
from sbctl.resources.content.placeholders import fill, unknown
from sbctl.resources.dns.takeover import without_protection
from sbctl.resources.functions.concurrency import (
    NONE,
    UNREAD,
    as_wanted,
    reserve,
    reserved_of,
    room,
    short_of,
    with_room,
)
from sbctl.resources.functions.function import (
    NAME_LIMIT,
    FunctionSpec,
    configuration_of,
    live_function,
    made_by_others,
    never_made,
    not_updated,
    package_bytes,
    under_way,
)
from sbctl.resources.functions.variables import refused

GONE = ("ResourceNotFoundException",)
POLL_SECONDS = 1.0
_ELSEWHERE = (
    "Keep it in Secrets Manager or Parameter Store, and its name or ARN here. Replace one that stood in a file."
)
CONFIGURED = ("description", "role", "runtime", "handler", "timeout", "memory", "environment")


_EXAMPLE = FunctionSpec(
    name="example-health",
    role=Address.of("iam_role", GLOBAL, "lambda-health").ref("arn"),
    environment={"REGION": "us-east-1"},
    source="lambdas/health",
    tags=example_tags("lambda_function.us-east-1.health"),
)


class LambdaFunction(Kind[FunctionSpec, LambdaItem]):
    """Functions. https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-common.html"""

    name = "lambda_function"
    section = "lambdas"
    title = "Lambda function"
    spec = FunctionSpec
    item = LambdaItem
    connect_only = False
    resiliency = "regional"
    adoption = Adoption("code")
    # https://docs.aws.amazon.com/lambda/latest/dg/lambda-permissions.html
    dependent_actions = {
        "lambda:CreateFunction": ("iam:PassRole@lambda",),
        "lambda:UpdateFunctionConfiguration": ("iam:PassRole@lambda",),
    }
    flow_word = "lambda"
    quotas = (Quota("concurrent Lambda executions", "lambda", "L-B99A9384"),)
    impact_rank = 49
    impacts = (
        Impact("critical", "Route 53 asks this function whether the region has taken over", named="takeover"),
        Impact("critical", "Route 53 asks this function whether the region is healthy", named="health"),
        Impact("high", "the function would run for fewer callers, or for none", field="reserved"),
        Impact("low", "only people read it", field="description"),
        Impact("high", "callers would be served by another program"),
    )
    singly = frozenset({"lambda:GetFunction"})
    docs = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"
    calls = frozenset(
        f"lambda:{operation}"
        for operation in (
            "CreateFunction", "DeleteFunction", "DeleteFunctionConcurrency", "GetAccountSettings", "GetFunction", "ListFunctions",
            "PutFunctionConcurrency", "TagResource", "UntagResource", "UpdateFunctionCode",
            "UpdateFunctionConfiguration",
        )
    ) | {TAG_PAGES}  # fmt: skip
    retry = (
        Retry(
            "InvalidParameterValueException", "cannot be assumed by Lambda", "the new role is not known everywhere yet"
        ),
        Retry("ResourceConflictException", "in progress", "another change of the function is under way"),
        Retry("ResourceConflictException", "Pending", "the function is being made"),
    )
    config_paths = {
        "description": "description",
        "runtime": "runtime",
        "handler": "handler",
        "timeout": "timeoutSeconds",
        "memory": "memoryMb",
        "environment": "environment",
        "reserved": "reservedConcurrency",
    }
    examples = (_EXAMPLE, _EXAMPLE.model_copy(update={"memory": 512, "environment": {"REGION": "us-west-2"}}))

    def defaults(self, project: Project) -> Iterable[LambdaItem]:  # noqa: ARG002
        tables = {"CUSTOMERS_TABLE": "${table:customers-global}"}
        where = {"REGION": "${region}", "IS_PRIMARY": "${is-primary}"}
        return (
            LambdaItem(
                name="customer_lookup",
                description="Looks a caller up in the customers table",
                environment={**where, **tables},
                reads=["customers-global"],
            ),
            LambdaItem(
                name="health",
                description="Answers whether this region can take calls",
                environment={
                    **where,
                    **tables,
                    "CONFIG_TABLE": "${table:connect-config-global}",
                    "INSTANCE_ID": "${instance}",
                },
                reads=["customers-global", "connect-config-global"],
                describes_instance=True,
                connect=False,
                url=True,
                reserved_concurrency=20,
            ),
            LambdaItem(
                name="takeover",
                description="Answers whether this region has taken over",
                environment={"REGION": "${region}", "CONFIG_TABLE": "${table:connect-config-global}"},
                reads=["connect-config-global"],
                puts_metrics=True,
                connect=False,
                url=True,
                reserved_concurrency=10,
            ),
        )

    def expand(self, item: LambdaItem, project: Project, region: str) -> Iterable[Desired]:
        address = self.address(region, item.name)
        if item.function:
            yield Desired(address=address, spec=made_by_others(item.function))
            return
        package = project.packages.get(item.name)
        if package is None:  # `check` has said so
            return
        spec = FunctionSpec(
            name=f"{project.name}-{item.name}",
            description=item.description,
            role=Address.of("iam_role", GLOBAL, f"lambda-{item.name}").ref("arn"),
            runtime=item.runtime,
            handler=package.handler,
            timeout=item.timeout_seconds,
            memory=item.memory_mb,
            environment={name: fill(text, project, region) for name, text in item.environment.items()},
            code_sha256=package.sha256,
            reserved=NONE if item.reserved_concurrency is None else item.reserved_concurrency,
            source=package.source,
            tags=project.owned(address),
        )
        yield Desired(address=address, spec=spec, needs=frozenset({Address.of("log_group", region, item.name)}))

    def check(self, item: LambdaItem, project: Project) -> Iterable[tuple[str, str, str]]:
        name = f"{project.name}-{item.name}"
        if len(f"{project.name}-lambda-{item.name}") > NAME_LIMIT:
            yield "name", f"{name} and its role's name are longer than {NAME_LIMIT}", "Choose a shorter name."
        if item.name not in project.packages and not _everywhere_made_by_others(item, project):
            fix = f"Create lambdas/{item.name}/ with what its handler, {item.handler}, names."
            yield "name", f"there is no folder lambdas/{item.name}", fix
        for field in ("reads", "writes"):
            for table in getattr(item, field):
                if table not in project.names("tables"):
                    known = ", ".join(sorted(project.names("tables")))
                    yield field, f"there is no table {table!r}", f"Name one of the tables: {known}."
        for variable, text in item.environment.items():
            for finding in unknown(text, project):
                yield f"environment.{variable}", finding, "Correct the placeholder."
        yield from refused(item.environment)
        for variable in _secret(item, project):
            yield (
                f"environment.{variable}",
                "this looks like a secret, and many may read a function's settings",
                _ELSEWHERE,
            )

    def remarks(self, item: LambdaItem, project: Project) -> Iterable[tuple[str, str, str]]:
        """What the config says and may not be meant: a function that never runs, a takeover that a flood reaches."""
        if item.reserved_concurrency == 0:
            yield "reservedConcurrency", "0 stops the function: Lambda answers every call with 429", "Use 1 or more."
        yield from without_protection(item, project)

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        return as_wanted(wanted, live) if field == "reserved" else super().same(field, wanted, live)

    def shortfall(self, wanted: Mapping[str, Any], live: Live[FunctionSpec]) -> Shortfall | None:
        return short_of(wanted.get("reserved"), live.spec.reserved)

    def notes(self, field: str, live: Any, wanted: Any) -> Iterable[str]:
        """Code that is not known is that of an update which Lambda did not finish."""
        failed = field == "code_sha256" and live is None and wanted is not None
        return (
            ["Lambda could not finish the last update of the function, so its code is uploaded again"] if failed else ()
        )

    def describe_impact(self, field: str, there: Any, here: Any) -> Iterable[str]:
        """A hash of the code says little to people, and its beginning says it."""
        if field == "environment" and here is None:
            return ["other environment variables are set, which are not told: they may hold secrets"]
        if field != "code_sha256":
            return ()
        if None in (there, here):
            return ["Lambda could not finish the last update of the function in one of the regions"]
        return [f"other code is deployed (its hash begins with {str(here)[:8]} instead of {str(there)[:8]})"]

    def key(self, spec: FunctionSpec) -> str:
        return spec.name

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[FunctionSpec]]:  # noqa: ARG002
        return self._existing(aws, region, [function["FunctionName"] for function in _rows(aws, region)])

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[FunctionSpec]]:  # noqa: ARG002
        if isinstance(aws, OneLook) and aws.fast:
            return [self._listed(aws, region, row) for row in _rows(aws, region) if row["FunctionName"] in sought.keys]
        return self._existing(aws, region, sorted(sought.keys))

    def _listed(self, aws: AwsCalls, region: str, row: Mapping[str, Any]) -> Live[FunctionSpec]:
        """A row of a list, which knows neither state nor reserved concurrency."""
        name = row["FunctionName"]

        def tags() -> dict[str, str]:
            answer = call_or_none(aws, GONE, "lambda", "GetFunction", region, FunctionName=name) or {}
            return answer.get("Tags") or {}

        return live_function(row, tags_of(aws, region, row["FunctionArn"], tags), region, UNREAD)

    def _existing(self, aws: AwsCalls, region: str, names: Iterable[str]) -> Iterable[Live[FunctionSpec]]:
        answers = (call_or_none(aws, GONE, "lambda", "GetFunction", region, FunctionName=name) for name in names)
        return [_live(answer, region) for answer in answers if answer is not None]

    def with_limits(
        self, aws: AwsCalls, region: str, wanted: Mapping[str, Any], live: Live[FunctionSpec]
    ) -> Live[FunctionSpec]:
        """Where another concurrency is wanted than there is, what the account can still reserve."""
        reserved = wanted.get("reserved")
        if not isinstance(reserved, int) or as_wanted(reserved, live.spec.reserved):
            return live
        found = with_room(live.spec.reserved, room(aws, region))
        return replace(live, spec=live.spec.model_copy(update={"reserved": found}))

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[FunctionSpec] | None:
        return next(iter(self._existing(aws, region, [ids["name"]])), None)

    def create(self, aws: AwsCalls, region: str, spec: FunctionSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        if spec.role is None:
            raise SbctlError(never_made(spec.name, region))
        aws.call(
            "lambda",
            "CreateFunction",
            region,
            Code={"ZipFile": package_bytes(spec)},
            FunctionName=spec.name,
            PackageType="Zip",
            Tags=spec.tags,
            **configuration_of(spec),
        )
        if isinstance(spec.reserved, int):
            reserve(aws, region, spec.name, spec.reserved)
        return {"name": spec.name}

    def ready(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[FunctionSpec]:
        answer = call_or_none(aws, GONE, "lambda", "GetFunction", region, FunctionName=ids["name"])
        if answer is None:
            raise NotReady("function not visible yet")
        waiting = under_way(answer["Configuration"])
        if waiting:
            raise NotReady(waiting)
        live = _live(answer, region)
        if live.failed is not None:
            raise SbctlError(live.failed)
        return live

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: FunctionSpec,
        wanted: FunctionSpec,
        owned: Mapping[str, Any],
    ) -> None:
        if wanted.role is None:
            return
        name = ids["name"]
        if wanted.code_sha256 not in (None, live.code_sha256):
            aws.call("lambda", "UpdateFunctionCode", region, FunctionName=name, ZipFile=package_bytes(wanted))
            self._settle(aws, region, name)
        if any(getattr(wanted, field) != getattr(live, field) for field in CONFIGURED):
            aws.call("lambda", "UpdateFunctionConfiguration", region, FunctionName=name, **configuration_of(wanted))
            self._settle(aws, region, name)
        if wanted.reserved is not None and not as_wanted(wanted.reserved, live.reserved):
            reserve(aws, region, name, wanted.reserved)
        change = tag_change(live.tags, wanted.tags, owned)
        if change.put or change.drop:
            arn = aws.call("lambda", "GetFunction", region, FunctionName=name)["Configuration"]["FunctionArn"]
            if change.put:
                aws.call("lambda", "TagResource", region, Resource=arn, Tags=change.put)
            if change.drop:
                aws.call("lambda", "UntagResource", region, Resource=arn, TagKeys=[*change.drop])

    def _settle(self, aws: AwsCalls, region: str, name: str) -> None:
        def settled() -> bool:
            found = aws.call("lambda", "GetFunction", region, FunctionName=name)["Configuration"]
            failed = not_updated(found, region)
            if failed is not None:
                raise SbctlError(failed)
            return not under_way(found)

        wait_until(aws, settled, POLL_SECONDS, "function being updated", f"{name} in {region}")

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        call_or_none(aws, GONE, "lambda", "DeleteFunction", region, FunctionName=ids["name"])


def _rows(aws: AwsCalls, region: str) -> Iterable[Mapping[str, Any]]:
    return pages(aws, "lambda", "ListFunctions", region, "Functions", ("Marker", "NextMarker"), MaxItems=50)


def _live(answer: Mapping[str, Any], region: str) -> Live[FunctionSpec]:
    tags = answer.get("Tags") or {}
    return live_function(answer["Configuration"], tags, region, reserved_of(answer))


def _secret(item: LambdaItem, project: Project) -> list[str]:
    """Variables that hold a secret, in any region."""
    local = [item, *filter(None, (item.in_region(region.region) for region in project.regions))]
    return sorted({name for one in local for name, text in one.environment.items() if looks_secret(name, text)})


def _everywhere_made_by_others(item: LambdaItem, project: Project) -> bool:
    local = [item.in_region(region.region) for region in project.by_priority]
    return all(one.function for one in local if one is not None)


RESOURCE = LambdaFunction()
