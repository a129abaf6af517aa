"""Function URLs with their trailing slash, once a function, and with every member of their settings.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sbctl.sandbox.awslambda.functions import function_name
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.service import Answer, ApiError, Call, Operation
from sbctl.sandbox.time.clock import WorldClock

ID_LENGTH = 32
Config = dict[str, Any]


class Urls:
    """The operations on function URLs. Not thread-safe: the service calls it under its lock."""

    def __init__(self, clock: WorldClock, upstream: Upstream) -> None:
        self._clock = clock
        self._upstream = upstream
        self._of: dict[tuple[str, str], Config] = {}
        """By region and by the function's ARN, with the alias where there is one."""

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateFunctionUrlConfig": self.create,
            "DeleteFunctionUrlConfig": self.delete,
            "GetFunctionUrlConfig": self.get,
            "ListFunctionUrlConfigs": self.list_all,
            "UpdateFunctionUrlConfig": self.update,
        }

    def clear(self) -> None:
        self._of.clear()

    def taken(self) -> Any:
        """All of them, to be kept."""
        return self._of

    def restore_state(self, state: Any) -> None:
        """What was kept."""
        self._of = state

    def of_host(self, host: str) -> Config | None:
        """The URL's settings by its host name ("<id>.lambda-url.<region>.on.aws")."""
        return next((config for config in self._of.values() if config["FunctionUrl"] == f"https://{host}/"), None)

    def forget(self, region: str, arn: str) -> None:
        """Drop the URLs of a function that is gone, and of its aliases."""
        for key in self._keys(region, arn):
            del self._of[key]

    def create(self, call: Call) -> Answer:
        key = self._key(call)
        if key in self._of:
            failed = f"Failed to create function url config for [functionArn = {key[1]}]."
            reason = "Error message:  FunctionUrlConfig exists for this Lambda function"
            raise ApiError("ResourceConflictException", f"{failed} {reason}", 409)
        now = self._moment()
        self._of[key] = {
            "FunctionUrl": f"https://{uuid4().hex[:ID_LENGTH]}.lambda-url.{call.region}.on.aws/",
            "FunctionArn": key[1],
            "AuthType": call.params["AuthType"],
            "InvokeMode": call.params.get("InvokeMode", "BUFFERED"),
            "CreationTime": now,
            "LastModifiedTime": now,
            **({"Cors": call.params["Cors"]} if "Cors" in call.params else {}),
        }
        return {name: value for name, value in self._of[key].items() if name != "LastModifiedTime"}

    def get(self, call: Call) -> Answer:
        return dict(self._found(call))

    def update(self, call: Call) -> Answer:
        config = self._found(call)
        changed = {name: call.params[name] for name in ("AuthType", "Cors", "InvokeMode") if name in call.params}
        config.update(changed, LastModifiedTime=self._moment())
        return dict(config)

    def delete(self, call: Call) -> Answer:
        self._found(call)
        del self._of[self._key(call)]
        return {}

    def list_all(self, call: Call) -> Answer:
        region, arn = self._key(call)
        return {"FunctionUrlConfigs": [dict(self._of[key]) for key in self._keys(region, arn)]}

    def _keys(self, region: str, arn: str) -> list[tuple[str, str]]:
        """The URLs of a function and of its aliases."""
        return [key for key in self._of if key[0] == region and (key[1] == arn or key[1].startswith(f"{arn}:"))]

    def _found(self, call: Call) -> Config:
        found = self._of.get(self._key(call))
        if found is None:
            raise ApiError("ResourceNotFoundException", "The resource you requested does not exist.", 404)
        return found

    def _key(self, call: Call) -> tuple[str, str]:
        """Raises ApiError when the function does not exist."""
        asked = {"FunctionName": function_name(call.params["FunctionName"])}
        found = self._upstream.call("lambda", "GetFunctionConfiguration", call.region, asked)
        alias = call.params.get("Qualifier")
        if alias:
            self._upstream.call("lambda", "GetAlias", call.region, {**asked, "Name": alias})
        return call.region, f"{found['FunctionArn']}:{alias}" if alias else str(found["FunctionArn"])

    def _moment(self) -> str:
        return self._clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
