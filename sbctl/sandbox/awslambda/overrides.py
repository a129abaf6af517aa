"""The resource policies of functions, with the conditions that function URLs need and that moto drops (dr-primitives 5.5).

https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.awslambda.functions import Functions
from sbctl.sandbox.awslambda.invoke import Invoke
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

Statement = dict[str, Any]


class LambdaOverrides:
    """Permissions of functions. Functions themselves are moto's."""

    name = "lambda"

    def __init__(self, upstream: Upstream, functions: Functions) -> None:
        self._upstream = upstream
        self._functions = functions
        self._lock = threading.RLock()
        self._statements: dict[str, dict[str, Statement]] = {}

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {
            "AddPermission": self.add,
            "GetPolicy": self.get,
            "RemovePermission": self.remove,
            "DeleteFunction": self.delete_function,
            "Invoke": Invoke(self._functions),
        }

    def reset(self) -> None:
        self._functions.reset()
        with self._lock:
            self._statements.clear()

    def add(self, call: Call) -> Answer:
        arn, params = self._function(call), call.params
        with self._lock:
            found = self._statements.setdefault(arn, {})
            if params["StatementId"] in found:
                text = f"The statement id ({params['StatementId']}) provided already exists. Please provide a new statement id."
                raise ApiError("ResourceConflictException", text, 409)
            found[params["StatementId"]] = _statement(arn, params)
            return {"Statement": json.dumps(found[params["StatementId"]])}

    def get(self, call: Call) -> Answer:
        arn = self._function(call)
        with self._lock:
            found = self._statements.get(arn)
            if not found:
                raise ApiError("ResourceNotFoundException", "The resource you requested does not exist.", 404)
            policy = {"Version": "2012-10-17", "Id": "default", "Statement": list(found.values())}
        return {"Policy": json.dumps(policy)}

    def remove(self, call: Call) -> Answer:
        arn = self._function(call)
        with self._lock:
            if self._statements.get(arn, {}).pop(call.params["StatementId"], None) is None:
                raise ApiError("ResourceNotFoundException", "Statement is not found in the resource policy.", 404)
        return {}

    def delete_function(self, call: Call) -> Answer:
        arn = self._function(call)
        found = self._upstream.call("lambda", "DeleteFunction", call.region, dict(call.params))
        with self._lock:
            self._statements.pop(arn, None)
        return found

    def _function(self, call: Call) -> str:
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


def lambda_overrides(upstream: Upstream, functions: Functions) -> LambdaOverrides:
    """The corrections of Lambda for one account, whose functions `functions` runs."""
    return LambdaOverrides(upstream, functions)
