"""The resource policies of functions, with the conditions that function URLs need and that moto drops (dr-primitives 5.5).

https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

Statement = dict[str, Any]


class Permissions:
    """The statements of each function's policy. Not thread-safe: the service calls it under its lock."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._statements: dict[str, dict[str, Statement]] = {}

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {"AddPermission": self.add, "GetPolicy": self.get, "RemovePermission": self.remove}

    def clear(self) -> None:
        self._statements.clear()

    def taken(self) -> Any:
        """All of them, to be kept."""
        return self._statements

    def restore_state(self, state: Any) -> None:
        """What was kept."""
        self._statements = state

    def forget(self, arn: str) -> None:
        """Drop the policy of a function that is gone."""
        self._statements.pop(arn, None)

    def add(self, call: Call) -> Answer:
        arn, params = self.function(call), call.params
        found = self._statements.setdefault(arn, {})
        if params["StatementId"] in found:
            text = f"The statement id ({params['StatementId']}) provided already exists. Please provide a new statement id."
            raise ApiError("ResourceConflictException", text, 409)
        found[params["StatementId"]] = _statement(arn, params)
        return {"Statement": json.dumps(found[params["StatementId"]])}

    def get(self, call: Call) -> Answer:
        found = self._statements.get(self.function(call))
        if not found:
            raise ApiError("ResourceNotFoundException", "The resource you requested does not exist.", 404)
        policy = {"Version": "2012-10-17", "Id": "default", "Statement": list(found.values())}
        return {"Policy": json.dumps(policy)}

    def remove(self, call: Call) -> Answer:
        found = self._statements.get(self.function(call), {})
        if found.pop(call.params["StatementId"], None) is None:
            raise ApiError("ResourceNotFoundException", "Statement is not found in the resource policy.", 404)
        return {}

    def function(self, call: Call) -> str:
        """The ARN of the function that a call means. Raises ApiError when there is none."""
        asked = {"FunctionName": call.params["FunctionName"]}
        found = self._upstream.call("lambda", "GetFunctionConfiguration", call.region, asked)
        return str(found["FunctionArn"]).removesuffix(":$LATEST")


def _statement(arn: str, params: Mapping[str, Any]) -> Statement:
    principal = params["Principal"]
    named: Any = {"Service": principal} if principal.endswith(".amazonaws.com") else principal
    conditions: dict[str, dict[str, str]] = {}
    if params.get("SourceAccount"):
        conditions.setdefault("StringEquals", {})["AWS:SourceAccount"] = params["SourceAccount"]
    if params.get("FunctionUrlAuthType"):
        conditions.setdefault("StringEquals", {})["lambda:FunctionUrlAuthType"] = params["FunctionUrlAuthType"]
    if params.get("SourceArn"):
        conditions.setdefault("ArnLike", {})["AWS:SourceArn"] = params["SourceArn"]
    if params.get("InvokedViaFunctionUrl"):
        conditions.setdefault("Bool", {})["lambda:InvokedViaFunctionUrl"] = "true"
    statement: Statement = {
        "Sid": params["StatementId"],
        "Effect": "Allow",
        "Principal": named,
        "Action": params["Action"],
        "Resource": arn,
    }
    return {**statement, "Condition": conditions} if conditions else statement
