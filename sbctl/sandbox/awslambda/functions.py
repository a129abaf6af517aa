"""Functions with states that take time, checked roles, settings and packages. Versions and aliases stay moto's.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html and dr-primitives 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sbctl.sandbox.awslambda.packages import package_of, sha256_of
from sbctl.sandbox.awslambda.records import STATES, Record, Records
from sbctl.sandbox.awslambda.settings import check_complete, check_settings, invalid
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.http.presigned import PACKAGES, address
from sbctl.sandbox.iam.roles import Roles
from sbctl.sandbox.service import Answer, ApiError, Call, Operation
from sbctl.sandbox.time.clock import WorldClock

SERVICE = "lambda.amazonaws.com"
LATEST = "$LATEST"
PAGE = 50
"""The most functions that one answer lists, whatever is asked for."""
LOCATION_SECONDS = 600
"""How long the address of a package is good for."""


class Functions:
    """The operations on functions. Not thread-safe: the service calls it under its lock."""

    def __init__(
        self,
        clock: WorldClock,
        upstream: Upstream,
        roles: Roles,
        endpoint: Callable[[], str],
        fails: Callable[[str], str],
    ) -> None:
        self._clock = clock
        self._endpoint = endpoint
        self._fails = fails
        self._upstream = upstream
        self._roles = roles
        self.records = Records(clock)

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateFunction": self.create,
            "DeleteFunction": self.delete,
            "GetFunction": self.get,
            "GetFunctionConfiguration": self.get_configuration,
            "ListFunctions": self.list_page,
            "PublishVersion": self.publish,
            "UpdateFunctionCode": self.update_code,
            "UpdateFunctionConfiguration": self.update_configuration,
        }

    def create(self, call: Call) -> Answer:
        params = dict(call.params)
        name = function_name(params["FunctionName"])
        if self._exists(call, name):
            raise ApiError("ResourceConflictException", f"Function already exist: {name}", 409)
        check_complete(params)
        check_settings(params)
        package = package_of(params["Code"], call.region, self._upstream)
        self._check_role(params["Role"])
        if package is not None:
            params["Code"] = {"ZipFile": package}
        made = self._upstream.call("lambda", "CreateFunction", call.region, params)
        record = self.records.start(call.region, name, package or b"")
        record.failure = self._fails(call.region)
        record.keep(params)
        shown = self._shown(call, name, made)
        return {**shown, "Version": made["Version"]} if params.get("Publish") else shown

    def delete(self, call: Call) -> Answer:
        found = self._upstream.call("lambda", "DeleteFunction", call.region, call.params)
        if _is_latest(call.params):
            self.records.forget(call.region, function_name(call.params["FunctionName"]))
        return found

    def get(self, call: Call) -> Answer:
        found = self._upstream.call("lambda", "GetFunction", call.region, call.params)
        if _is_latest(call.params):
            name = function_name(call.params["FunctionName"])
            found["Configuration"] = self._shown(call, name, found["Configuration"])
            record = self.records.get(call.region, name)
            if record is not None and record.package:
                signed = address(self._endpoint(), PACKAGES, call.region, name, LOCATION_SECONDS)
                found["Code"] = {"RepositoryType": "S3", "Location": signed}
        return found

    def get_configuration(self, call: Call) -> Answer:
        found = self._upstream.call("lambda", "GetFunctionConfiguration", call.region, call.params)
        return (
            self._shown(call, function_name(call.params["FunctionName"]), found) if _is_latest(call.params) else found
        )

    def list_page(self, call: Call) -> Answer:
        """States are in no list of AWS's; a page holds 50 functions at most."""
        found = self._upstream.call("lambda", "ListFunctions", call.region, {**call.params, "MaxItems": 10000})
        rows = [
            self._shown(call, row["FunctionName"], row) if row["Version"] == LATEST else row
            for row in found["Functions"]
        ]
        shown = [{name: value for name, value in row.items() if name not in STATES} for row in rows]
        start = int(call.params.get("Marker") or 0)
        end = start + min(call.params.get("MaxItems", PAGE), PAGE)
        return {"Functions": shown[start:end], **({"NextMarker": str(end)} if end < len(shown) else {})}

    def publish(self, call: Call) -> Answer:
        self._free(call)
        return self._upstream.call("lambda", "PublishVersion", call.region, call.params)

    def update_code(self, call: Call) -> Answer:
        name, record = self._free(call)
        params = dict(call.params)
        package = package_of(params, call.region, self._upstream)
        if params.get("DryRun"):
            found = self._latest(call, name)
            return {**found, "CodeSha256": sha256_of(package)} if package is not None else found
        if package is not None:
            carried = {key: value for key, value in params.items() if not key.startswith("S3")}
            params = {**carried, "ZipFile": package}
        self._upstream.call("lambda", "UpdateFunctionCode", call.region, params)
        if record is not None:
            record.package = package or b""
            self.records.updated(record)
        return self._latest(call, name)

    def update_configuration(self, call: Call) -> Answer:
        name, record = self._free(call)
        params = dict(call.params)
        check_settings(params)
        if "Role" in params:
            self._check_role(params["Role"])
        if "Environment" in params:
            params["Environment"] = {"Variables": params["Environment"].get("Variables", {})}
        self._upstream.call("lambda", "UpdateFunctionConfiguration", call.region, params)
        if record is not None:
            record.keep(params)
            self.records.updated(record)
        return self._latest(call, name)

    def _free(self, call: Call) -> tuple[str, Record | None]:
        """The function that a call changes. Raises ApiError when it does not exist, is busy, or has moved on."""
        name = function_name(call.params["FunctionName"])
        found = self._latest(call, name)
        record = self.records.get(call.region, name)
        if record is not None:
            record.refuse_busy(found["FunctionArn"], self._clock.seconds())
            record.refuse_stale(call.params)
        return name, record

    def _latest(self, call: Call, name: str) -> Answer:
        found = self._upstream.call("lambda", "GetFunctionConfiguration", call.region, {"FunctionName": name})
        return self._shown(call, name, found)

    def _exists(self, call: Call, name: str) -> bool:
        try:
            self._upstream.call("lambda", "GetFunctionConfiguration", call.region, {"FunctionName": name})
        except ApiError as error:
            if error.code != "ResourceNotFoundException":
                raise
            return False
        return True

    def _check_role(self, arn: str) -> None:
        if not self._roles.assumable(arn, SERVICE):
            raise invalid("The role defined for the function cannot be assumed by Lambda.")

    def _shown(self, call: Call, name: str, configuration: Mapping[str, Any]) -> Answer:
        shown = {key: value for key, value in configuration.items() if key not in STATES}
        record = self.records.get(call.region, name)
        if record is None:
            return dict(configuration)
        logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}", **record.settings.get("LoggingConfig", {})}
        return {
            **shown,
            **record.settings,
            "LoggingConfig": logging,
            "LastModified": record.modified,
            "RevisionId": record.revision,
            "Version": LATEST,
            **record.states(self._clock.seconds()),
        }


def function_name(text: str) -> str:
    """The bare name in what may be a name, a partial or a whole ARN, with or without a qualifier."""
    _, found, rest = text.rpartition("function:")
    return (rest if found else text).partition(":")[0]


def _is_latest(params: Mapping[str, Any]) -> bool:
    """Whether a call means the unpublished function, by the qualifier it has in one place or the other."""
    _, _, rest = params["FunctionName"].rpartition("function:")
    qualifier = params.get("Qualifier") or rest.partition(":")[2]
    return qualifier in ("", LATEST)
