"""UpdateTable with ReplicaUpdates: one create or delete a call, alone in it, done asynchronously (dr-primitives 1.2)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from sbctl.sandbox.dynamodb.encryption import replica_key, specification
from sbctl.sandbox.dynamodb.members import Group, Groups, Member
from sbctl.sandbox.dynamodb.replication import TableReplication
from sbctl.sandbox.hooks import Upstream
from sbctl.sandbox.kms.keys import Keys
from sbctl.sandbox.service import ApiError, Call
from sbctl.sandbox.time.clock import WorldClock

REGIONS = frozenset(
    [
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "af-south-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-south-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
    ]
)
COPIED = ("AttributeDefinitions", "KeySchema")
INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
OF_AN_INDEX = ("IndexName", "KeySchema", "Projection")
"""What an index is asked for by; a description tells of its state and capacity besides."""
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
"""What a table without a stream gets when its first replica is made (dr-primitives 1.2)."""
SOURCE_RULE = (
    "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table"
    " in the last 24 hours."
)
PROTECTION_RULE = (
    "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
)


class Replicas:
    """Adds and removes regional tables."""

    def __init__(
        self,
        groups: Groups,
        upstream: Upstream,
        clock: WorldClock,
        replication: TableReplication,
        fails: Callable[[str], str],
        keys: Keys,
    ) -> None:
        self._groups = groups
        self._upstream = upstream
        self._clock = clock
        self._replication = replication
        self._fails = fails
        self._keys = keys

    def update(self, call: Call, name: str, group: Group) -> None:
        """Begin what one UpdateTable asks for. Raises ApiError with AWS's texts."""
        updates = call.params["ReplicaUpdates"]
        if set(call.params) - {"TableName", "ReplicaUpdates"}:
            raise _invalid("Replica modification must be the only operation in the request")
        kinds = [next(iter(update)) for update in updates]
        if len(updates) != 1:
            raise _invalid("Update table operation with more than one create or delete replica actions not allowed")
        if kinds[0] not in ("Create", "Delete"):
            raise ApiError("NotModelled", f"The sandbox does not model ReplicaUpdates.{kinds[0]}.", 501)
        busy = group.busy_until.get(call.region, 0.0) > self._clock.seconds()
        if busy or self._groups.in_flight(group):
            raise ApiError("ResourceInUseException", "The resource which you are attempting to change is in use.")
        region = updates[0][kinds[0]]["RegionName"]
        if region not in REGIONS:
            known = ", ".join(sorted(REGIONS))
            raise _invalid(
                f"Region {region} is not supported. The latest version of global tables are only supported in {known}"
            )
        if region == call.region:
            raise _invalid("Cannot add or delete the local region through ReplicaUpdates.")
        if kinds[0] == "Create":
            self._create(call, name, group, updates[0]["Create"])
        else:
            self._delete(name, group, region)

    def _create(self, call: Call, name: str, group: Group, wish: Mapping[str, Any]) -> None:
        region = str(wish["RegionName"])
        if region in group.members or self._groups.get(name, region) is not None or self._stranger(name, region):
            raise _invalid(
                f"Failed to create a the new replica of table with name: '{name}'"
                " because one or more replicas already existed as tables."
            )
        named = {"TableName": name}
        source = self._upstream.call("dynamodb", "DescribeTable", call.region, named)["Table"]
        if source.get("BillingModeSummary", {}).get("BillingMode") != "PAY_PER_REQUEST":
            raise _invalid("Table write capacity should either be Pay-Per-Request or AutoScaled.")
        key = replica_key(self._keys, region, source, str(wish.get("KMSMasterKeyId", "")))
        if why := self._fails(region):
            self._groups.fail(group, region, call.region, why)
            return
        stream = source.get("StreamSpecification") or STREAM
        if not source.get("StreamSpecification"):
            self._upstream.call("dynamodb", "UpdateTable", call.region, {**named, "StreamSpecification": stream})
        params: dict[str, Any] = {key: source[key] for key in COPIED if source.get(key)}
        for indexes in (one for one in INDEXES if source.get(one)):
            params[indexes] = [{key: index[key] for key in OF_AN_INDEX} for index in source[indexes]]
        params |= {**named, "BillingMode": "PAY_PER_REQUEST", "StreamSpecification": stream}
        params |= {"SSESpecification": specification(key.arn)} if key is not None else {}
        self._upstream.call("dynamodb", "CreateTable", region, params)
        self._copy_expiry(named, call.region, region)
        self._replication.join(name, group, region, call.region)

    def _copy_expiry(self, named: dict[str, Any], source: str, target: str) -> None:
        """TTL is one setting of all replicas (dr-primitives 1.4)."""
        found = self._upstream.call("dynamodb", "DescribeTimeToLive", source, named)["TimeToLiveDescription"]
        if found.get("TimeToLiveStatus") == "ENABLED":
            wish = {"Enabled": True, "AttributeName": found["AttributeName"]}
            self._upstream.call("dynamodb", "UpdateTimeToLive", target, {**named, "TimeToLiveSpecification": wish})

    def _stranger(self, name: str, region: str) -> bool:
        with contextlib.suppress(ApiError):
            self._upstream.call("dynamodb", "DescribeTable", region, {"TableName": name})
            return True
        return False

    def _delete(self, name: str, group: Group, region: str) -> None:
        if region not in group.members:
            raise _invalid(f"Replica specified in the Replica Update or Replica Delete action was not found: {region}")
        self.refuse_source(group, region)
        if self._is_protected(name, region):
            raise _invalid(PROTECTION_RULE)
        with contextlib.suppress(ApiError):
            self._upstream.call("dynamodb", "DeleteTable", region, {"TableName": name})
        self._groups.leave(group, region)
        self._replication.leave(name, region)

    def _is_protected(self, name: str, region: str) -> bool:
        with contextlib.suppress(ApiError):
            found = self._upstream.call("dynamodb", "DescribeTable", region, {"TableName": name})["Table"]
            return bool(found.get("DeletionProtectionEnabled"))
        return False

    def refuse_source(self, group: Group, region: str) -> None:
        """A table from which living replicas were made stays while these exist (the 24 hours are not simulated)."""
        if any(member.source == region for name, member in group.members.items() if name != region):
            raise _invalid(SOURCE_RULE)

    def described(self, group: Group, region: str) -> list[dict[str, Any]]:
        """The replicas as a member region's DescribeTable lists them: never the local region."""
        now = self._clock.seconds()
        return [
            _entry(name, member, now)
            for name, member in sorted(group.members.items(), reverse=True)
            if name != region and member.exists(now)
        ]


def _entry(name: str, member: Member, now: float) -> dict[str, Any]:
    status = member.status(now)
    why = {"ReplicaStatusDescription": member.failure} if status == "CREATION_FAILED" else {}
    return {"RegionName": name, "ReplicaStatus": status, **why}


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)
