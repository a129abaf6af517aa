"""Lambda functions that contact flows of an instance may choose. The right to call them is a lambda_permission.

https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.facts import Adoption, Impact, Room
from sbctl.core.kinds.resource import Kind, Live, Named, NotSayable
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.desired.config.sections import LambdaItem
from sbctl.resources.calls import connect

FUNCTIONS_A_PAGE = 25
OWN_FUNCTION = re.compile(r"arn:[^:]+:lambda:([^:]+):\d{12}:function:([^:]+)")


class LambdaAssociationSpec(Spec):
    """A function associated with an instance. Nothing of it can change."""

    replace_on = frozenset({"instance", "function_arn"})

    instance: Link
    function_arn: Link


class ConnectLambdaKind(Kind[LambdaAssociationSpec, ConfigItem]):
    """Associations, known by the ARN of the function: AWS gives them no id of their own."""

    name = "connect_lambda"
    section = ""
    title = "Lambda association"
    spec = LambdaAssociationSpec
    item = ConfigItem
    within = "instance"
    connect_only = True
    resiliency = "regional"
    adoption = Adoption("function")
    dependent_actions = {
        "connect:AssociateLambdaFunction": ("lambda:AddPermission",),
        "connect:DisassociateLambdaFunction": ("lambda:RemovePermission",),
    }
    quotas = ()
    room = Room("Lambda functions per instance", "L-E3D2F503", 50)
    impact_rank = 57
    impacts = (Impact("high", "flows could not call the function"),)
    docs = "https://docs.aws.amazon.com/connect/latest/APIReference/API_AssociateLambdaFunction.html"
    calls = connect.operations("ListLambdaFunctions AssociateLambdaFunction DisassociateLambdaFunction")
    examples = (
        LambdaAssociationSpec(
            instance=connect.EXAMPLE_INSTANCE,
            function_arn=Address.of("lambda_function", "us-east-1", "customer_lookup").ref("arn"),
        ),
        LambdaAssociationSpec(
            instance=connect.EXAMPLE_INSTANCE,
            function_arn=Address.of("lambda_function", "us-east-1", "customer_lookup").ref("arn"),
        ),
    )

    def derive(self, project: Project) -> Iterable[Desired]:
        """One association for every function that flows may call, in every region with an instance."""
        for item in project.items.get("lambdas", ()):
            for region in project.connect_regions:
                function = item.in_region(region.region)
                if isinstance(function, LambdaItem) and function.connect:
                    yield self._association(function, project, region.region)

    def _association(self, item: LambdaItem, project: Project, region: str) -> Desired:
        function = item.name
        spec = LambdaAssociationSpec(
            instance=project.instance(region).ref("id"),
            function_arn=Address.of("lambda_function", region, function).ref("arn"),
        )
        # who made a function has seen to who may call it
        permissions = [] if item.function else [Address.of("lambda_permission", region, f"{function}.connect")]
        return Desired(address=self.address(region, function), spec=spec, needs=frozenset(permissions))

    def to_config(self, spec: LambdaAssociationSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        """The function as one that others made in this region; elsewhere it needs code in lambdas/, or a name too."""
        function = OWN_FUNCTION.fullmatch(str(spec.function_arn))
        if function is None or function[1] != region:
            raise NotSayable("it is a version, an alias, or of another region")
        return {"name": function[2][:48].rstrip("-"), "overrides": {region: {"function": function[2]}}}

    def key(self, spec: LambdaAssociationSpec) -> str:
        return cast(str, spec.function_arn)  # resolved by the engine, which looks for Unknown itself

    def in_use(self, aws: AwsCalls, region: str, within: str) -> int | None:
        return sum(1 for _ in self.list(aws, region, within))

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[LambdaAssociationSpec]]:
        rows = connect.pages(aws, region, "ListLambdaFunctions", "LambdaFunctions", FUNCTIONS_A_PAGE, InstanceId=within)
        return [_live(within, arn) for arn in rows]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[LambdaAssociationSpec] | None:
        """There is no operation for a single association, so this reads the list; no instance, no list."""
        try:
            found = self.list(aws, region, ids["instance"])
        except AwsError as error:
            if error.code != "ResourceNotFoundException":
                raise
            return None
        return next((live for live in found if live.ids["function"] == ids["function"]), None)

    def create(self, aws: AwsCalls, region: str, spec: LambdaAssociationSpec, token: str) -> Mapping[str, str]:
        aws.call(
            "connect",
            "AssociateLambdaFunction",
            region,
            InstanceId=spec.instance,
            FunctionArn=spec.function_arn,
            ClientToken=token,
        )
        return {"instance": str(spec.instance), "function": str(spec.function_arn)}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: LambdaAssociationSpec,
        wanted: LambdaAssociationSpec,
        owned: Mapping[str, Any],
    ) -> None:
        """Nothing: an association has no fields that could change in place."""

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        connect.present(
            aws,
            region,
            "DisassociateLambdaFunction",
            InstanceId=ids["instance"],
            FunctionArn=ids["function"],
        )


def _live(instance: str, arn: str) -> Live[LambdaAssociationSpec]:
    ids = {"instance": instance, "function": arn}
    return Live(LambdaAssociationSpec(instance=instance, function_arn=arn), ids)


RESOURCE = ConnectLambdaKind()
