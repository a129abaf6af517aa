"""Instances: made asynchronously, named uniquely over all regions, gone only after a while.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateInstance.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sbctl.sandbox.connect.centre.defaults import furnish
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import Instance, ResourceStore
from sbctl.sandbox.quotas.quota import Quota
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

CREATION_SECONDS = 30.0
DELETION_SECONDS = 10.0
# In the order of the API's model.
ATTRIBUTES = {
    "INBOUND_CALLS": "false",
    "OUTBOUND_CALLS": "false",
    "CONTACTFLOW_LOGS": "false",
    "CONTACT_LENS": "true",
    "AUTO_RESOLVE_BEST_VOICES": "true",
    "USE_CUSTOM_TTS_VOICES": "false",
    "EARLY_MEDIA": "true",
    "MULTI_PARTY_CONFERENCE": "false",
    "AUTO_MUTE_AGENT_ON_HOLD": "false",
    "HIGH_VOLUME_OUTBOUND": "false",
    "ENHANCED_CONTACT_MONITORING": "false",
    "ENHANCED_CHAT_MONITORING": "false",
    "MULTI_PARTY_CHAT_CONFERENCE": "false",
    "MESSAGE_STREAMING": "false",
}


class Instances:
    """The operations on instances and their attributes."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateInstance": self.create,
            "DescribeInstance": self.describe,
            "ListInstances": self.list_all,
            "DeleteInstance": self.delete,
            "UpdateInstanceAttribute": self.update_attribute,
            "DescribeInstanceAttribute": self.describe_attribute,
            "ListInstanceAttributes": self.list_attributes,
        }

    def create(self, call: Call) -> Answer:
        params = dict(call.params)
        token = params.pop("ClientToken", None)
        known = self._store.tokens.get(f"{call.region}:{token}") if token else None
        if known is not None:
            if known[0] != params:
                raise ApiError("InvalidRequestException", "The ClientToken was used with other parameters", 400)
            made = self._store.instances[known[1]]
            return {"Id": made.id, "Arn": made.arn}
        self._refuse(call, params)
        instance = self._make(call, params)
        if token:
            self._store.tokens[f"{call.region}:{token}"] = (params, instance.id)
        return {"Id": instance.id, "Arn": instance.arn}

    def _refuse(self, call: Call, params: Mapping[str, Any]) -> None:
        alias = params.get("InstanceAlias")
        if params["IdentityManagementType"] != "EXISTING_DIRECTORY" and not alias:
            raise ApiError(
                "InvalidRequestException", "InstanceAlias is required for this identity management type", 400
            )
        regions = {instance.region for instance in self._store.instances.values()}
        living = [instance for region in regions for instance in self._store.living(region)]
        if any(instance.values.get("InstanceAlias") == alias for instance in living):
            raise ApiError("InvalidRequestException", f"The instance alias {alias} is taken", 400)
        if len(self._store.living(call.region)) >= self._store.most("instance"):
            raise ApiError("ServiceQuotaExceededException", "The quota of instances in this region is reached", 402)

    def _make(self, call: Call, params: Mapping[str, Any]) -> Instance:
        identity = str(uuid4())
        attributes = {
            **ATTRIBUTES,
            "INBOUND_CALLS": str(params["InboundCallsEnabled"]).lower(),
            "OUTBOUND_CALLS": str(params["OutboundCallsEnabled"]).lower(),
        }
        instance = Instance(
            id=identity,
            arn=call.arn(f"instance/{identity}"),
            region=call.region,
            values={name: value for name, value in params.items() if name != "Tags"},
            tags=dict(params.get("Tags") or {}),
            created=self._store.clock.now(),
            ready_at=self._store.clock.seconds() + CREATION_SECONDS,
            attributes=attributes,
            failure=self._store.refused(call.region),
        )
        self._store.instances[identity] = instance
        furnish(self._store, instance)
        return instance

    def describe(self, call: Call) -> Answer:
        instance = self._store.instance(call)
        shown = {**self._summary(instance), "Tags": dict(instance.tags)}
        if shown["InstanceStatus"] == "CREATION_FAILED":
            shown["StatusReason"] = {"Message": instance.failure}
        return {"Instance": shown}

    def list_all(self, call: Call) -> Answer:
        found, rest = page(self._store.living(call.region), call.params, 10)
        return {"InstanceSummaryList": [self._summary(instance) for instance in found], **rest}

    def _summary(self, instance: Instance) -> dict[str, Any]:
        made = "CREATION_FAILED" if instance.failure else "ACTIVE"
        ready = instance.ready_at <= self._store.clock.seconds()
        alias = instance.values.get("InstanceAlias", "")
        return {
            "Id": instance.id,
            "Arn": instance.arn,
            "IdentityManagementType": instance.values["IdentityManagementType"],
            "InstanceAlias": alias,
            "CreatedTime": instance.created,
            "ServiceRole": f"arn:aws:iam::{self._store.account}:role/aws-service-role/connect.amazonaws.com/"
            "AWSServiceRoleForAmazonConnect_sandbox",
            "InstanceStatus": made if ready else "CREATION_IN_PROGRESS",
            "InboundCallsEnabled": instance.attributes["INBOUND_CALLS"] == "true",
            "OutboundCallsEnabled": instance.attributes["OUTBOUND_CALLS"] == "true",
            "InstanceAccessUrl": f"https://{alias}.my.connect.aws",
        }

    def delete(self, call: Call) -> Answer:
        instance = self._store.instance(call)
        if instance.gone_at is None:
            instance.gone_at = self._store.clock.seconds() + DELETION_SECONDS
        return {}

    def update_attribute(self, call: Call) -> Answer:
        self._store.active(call).attributes[call.params["AttributeType"]] = call.params["Value"]
        return {}

    def describe_attribute(self, call: Call) -> Answer:
        kind = call.params["AttributeType"]
        return {"Attribute": {"AttributeType": kind, "Value": self._store.instance(call).attributes[kind]}}

    def list_attributes(self, call: Call) -> Answer:
        known = self._store.instance(call).attributes
        every = [
            (kind, known[kind]) for kind in (*ATTRIBUTES, *sorted(known.keys() - ATTRIBUTES.keys())) if kind in known
        ]
        found, rest = page(every, call.params, 7)
        return {"Attributes": [{"AttributeType": kind, "Value": value} for kind, value in found], **rest}


PART = ConnectPart(
    lambda site: Instances(site.store),
    quotas={"instance": 2, "call": 10},
    told=(
        Quota("connect", "L-12AB7C57", "Concurrent active calls per instance", 10.0, "AWS::Connect::Instance", "call"),
    ),
)
