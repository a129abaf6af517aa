"""The operations on tables that AWS does otherwise than moto. Tags and backups stay moto's.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html and dr-primitives 1.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sbctl.sandbox.context import ServiceContext
from sbctl.sandbox.dynamodb.encryption import asked_key, specification
from sbctl.sandbox.dynamodb.members import TABLE_SECONDS, Group, Groups
from sbctl.sandbox.dynamodb.replicas import Replicas
from sbctl.sandbox.dynamodb.replication import TableReplication
from sbctl.sandbox.dynamodb.requests import table_name
from sbctl.sandbox.kms.keys import Keys
from sbctl.sandbox.moto_bridge.dynamodb import MotoTables
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
SYNCHRONISED = (
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexUpdates",
    "ProvisionedThroughput",
    "WarmThroughput",
)
"""Settings of all replicas alike (dr-primitives 1.4); deletion protection, backups and tags are each replica's own."""


class DynamoDbOverrides:
    """Tables with states that take time, and replicas."""

    name = "dynamodb"

    def __init__(self, on: ServiceContext, groups: Groups, replication: TableReplication) -> None:
        self._clock = clock = on.clock
        self._account = on.account
        self._upstream = upstream = on.upstream
        self.lock = threading.RLock()
        self._groups = groups
        self._replication = replication
        self._moto = on.moto
        self._keys = Keys(on.account, upstream)
        fails = partial(on.faults.fails_creation, "dynamodb")
        self._replicas = Replicas(groups, upstream, clock, replication, fails, self._keys)

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateTable": self._alone(self.create),
            "DescribeTable": self._alone(self.describe),
            "UpdateTable": self._alone(self.update),
            "DeleteTable": self._alone(self.delete),
            "UpdateContinuousBackups": self._alone(self.update_backups),
            "UpdateTimeToLive": self._alone(self.update_expiry),
        }

    def reset(self) -> None:
        with self.lock:
            self._groups.clear()

    def _alone(self, operation: Operation) -> Operation:
        def run(call: Call) -> Answer:
            with self.lock:
                return operation(call)

        return run

    def create(self, call: Call) -> Answer:
        name = str(call.params["TableName"])
        if not NAME.fullmatch(name):
            raise ApiError("ValidationException", "TableName must be 3 to 255 characters of a-z A-Z 0-9 _ . -")
        if self._groups.get(name, call.region) is not None:
            raise ApiError("ResourceInUseException", f"Table already exists: {name}")
        params = dict(call.params)
        key = asked_key(self._keys, call.region, params.pop("SSESpecification", {}))
        params |= {"SSESpecification": specification(key.arn)} if key is not None else {}
        made = self._upstream.call("dynamodb", "CreateTable", call.region, params)
        self._groups.start(name, call.region)
        return {"TableDescription": self._shown(name, call.region, made["TableDescription"])}

    def describe(self, call: Call) -> Answer:
        name = table_name(call.params["TableName"])
        self._group(name, call.region)
        found = self._upstream.call("dynamodb", "DescribeTable", call.region, {"TableName": name})
        return {"Table": self._shown(name, call.region, found["Table"])}

    def update(self, call: Call) -> Answer:
        name = table_name(call.params["TableName"])
        group = self._group(name, call.region)
        if call.params.get("ReplicaUpdates"):
            self._replicas.update(call, name, group)
            found = self._upstream.call("dynamodb", "DescribeTable", call.region, {"TableName": name})
            shown = self._shown(name, call.region, found["Table"])
            # the answer says UPDATING and does not list the new replica yet (dr-primitives 1.3)
            return {"TableDescription": {**shown, "TableStatus": "UPDATING"}}
        if "StreamSpecification" in call.params and group.replicated:
            raise ApiError("ValidationException", "Table already has an enabled stream")
        if self._status(group, call.region) != "ACTIVE":
            raise ApiError(
                "ResourceInUseException",
                f"Attempt to change a resource which is still in use: Table is being updated: {name}",
            )
        params = self._with_all_attributes(call, name)
        if "SSESpecification" in params:
            self._encrypt(call, name, params.pop("SSESpecification"))
            if set(params) == {"TableName"}:
                return {"TableDescription": self.describe(call)["Table"]}
        made = self._upstream.call("dynamodb", "UpdateTable", call.region, params)
        self._update_others(params, call.region, name)
        return {"TableDescription": self._shown(name, call.region, made["TableDescription"])}

    def _encrypt(self, call: Call, name: str, wish: Mapping[str, Any]) -> None:
        """Another key for one region's table; it is not synchronised."""
        key = asked_key(self._keys, call.region, wish)
        with self._moto.alone("dynamodb"):
            table = MotoTables(self._account).find(call.region, name)
            if table is not None:
                table.encrypt("" if key is None else key.arn)

    def _with_all_attributes(self, call: Call, name: str) -> dict[str, Any]:
        """An update need only define the attributes of a new index; moto forgets those that are not among them."""
        given = call.params.get("AttributeDefinitions")
        if not given:
            return dict(call.params)
        table = self._upstream.call("dynamodb", "DescribeTable", call.region, {"TableName": name})["Table"]
        merged = {one["AttributeName"]: one for one in [*table["AttributeDefinitions"], *given]}
        return {**call.params, "AttributeDefinitions": list(merged.values())}

    def _update_others(self, params: Mapping[str, Any], home: str, name: str) -> None:
        """What an update changes at one replica and AWS keeps the same at all of them."""
        params = {key: params[key] for key in SYNCHRONISED if key in params}
        for region in self._groups.targets(name, home) if params else ():
            self._upstream.call("dynamodb", "UpdateTable", region, {"TableName": name, **params})

    def delete(self, call: Call) -> Answer:
        name = table_name(call.params["TableName"])
        group = self._group(name, call.region)
        if self._status(group, call.region) != "ACTIVE":
            raise ApiError(
                "ResourceInUseException", f"Attempt to change a resource which is still in use: Table: {name}"
            )
        self._replicas.refuse_source(group, call.region)
        found = self._upstream.call("dynamodb", "DeleteTable", call.region, {"TableName": name})
        self._groups.leave(group, call.region, TABLE_SECONDS)
        self._replication.leave(name, call.region)
        return {"TableDescription": {**found["TableDescription"], "TableStatus": "DELETING"}}

    def update_backups(self, call: Call) -> Answer:
        name = table_name(call.params["TableName"])
        group = self._group(name, call.region, code="TableNotFoundException")
        if self._status(group, call.region) == "CREATING":
            raise ApiError("ContinuousBackupsUnavailableException", "Backups are being enabled for the table")
        return self._upstream.call("dynamodb", "UpdateContinuousBackups", call.region, dict(call.params))

    def update_expiry(self, call: Call) -> Answer:
        """TTL is one setting of all replicas, put at any of them (dr-primitives 1.4)."""
        name = table_name(call.params["TableName"])
        self._group(name, call.region)
        wish = dict(call.params["TimeToLiveSpecification"])
        found = self._upstream.call("dynamodb", "DescribeTimeToLive", call.region, {"TableName": name})
        if (found["TimeToLiveDescription"].get("TimeToLiveStatus") == "ENABLED") == wish["Enabled"]:
            state = "enabled" if wish["Enabled"] else "disabled"
            raise ApiError("ValidationException", f"TimeToLive is already {state}")
        params = {"TableName": name, "TimeToLiveSpecification": wish}
        for region in self._groups.targets(name, call.region):
            self._upstream.call("dynamodb", "UpdateTimeToLive", region, params)
        return self._upstream.call("dynamodb", "UpdateTimeToLive", call.region, params)

    def _group(self, name: str, region: str, code: str = "ResourceNotFoundException") -> Group:
        group = self._groups.get(name, region) or self._adopted(name, region)
        if group is None or not group.members[region].exists(self._clock.seconds()):
            raise ApiError(code, f"Requested resource not found: Table: {name} not found")
        if group.members[region].gone_at is not None and code != "ResourceNotFoundException":
            raise ApiError(code, f"Table not found: {name}")
        return group

    def _adopted(self, name: str, region: str) -> Group | None:
        """The group of a table that moto made in another way than by CreateTable: restored from a backup."""
        with contextlib.suppress(ApiError):
            self._upstream.call("dynamodb", "DescribeTable", region, {"TableName": name})
            return self._groups.start(name, region, seconds=0.0)
        return None

    def _status(self, group: Group, region: str) -> str:
        now = self._clock.seconds()
        status = group.members[region].status(now)
        busy = group.busy_until.get(region, 0.0) > now
        return "UPDATING" if status == "ACTIVE" and busy else status

    def _shown(self, name: str, region: str, table: dict[str, Any]) -> dict[str, Any]:
        group = self._groups.get(name, region)
        shown = {key: value for key, value in table.items() if key not in ("Replicas", "GlobalTableVersion")}
        if group is None:
            return shown
        shown["TableStatus"] = self._status(group, region)
        shown["TableId"] = str(uuid5(NAMESPACE_URL, f"{self._account}:{region}:{name}:{table.get('CreationDateTime')}"))
        replicas = self._replicas.described(group, region)
        if group.replicated and (replicas or len(group.members) > 1):
            shown["GlobalTableVersion"] = "2019.11.21"
        if replicas:
            shown["Replicas"] = replicas
        return shown
