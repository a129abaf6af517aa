"""What an instance is joined to: storage, Lambda functions; and the tags of everything in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sbctl.sandbox.connect.numbers.book import numbers
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.store import Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation


class Associations:
    """Storage configurations and Lambda functions of an instance."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "AssociateInstanceStorageConfig": self.add_storage,
            "DescribeInstanceStorageConfig": self.describe_storage,
            "ListInstanceStorageConfigs": self.list_storage,
            "UpdateInstanceStorageConfig": self.update_storage,
            "DisassociateInstanceStorageConfig": self.remove_storage,
            "AssociateLambdaFunction": self.add_function,
            "ListLambdaFunctions": self.list_functions,
            "DisassociateLambdaFunction": self.remove_function,
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTagsForResource": self.list_tags,
        }

    def add_storage(self, call: Call) -> Answer:
        instance, kind = self._store.active(call), call.params["ResourceType"]
        if any(found["kind"] == kind for found in instance.storage.values()):
            raise ApiError("ResourceConflictException", f"A storage configuration for {kind} exists already", 409)
        identity = str(uuid4())
        instance.storage[identity] = {"kind": kind, "config": dict(call.params["StorageConfig"])}
        return {"AssociationId": identity}

    def describe_storage(self, call: Call) -> Answer:
        identity = call.params["AssociationId"]
        return {"StorageConfig": {**self._storage(call)["config"], "AssociationId": identity}}

    def list_storage(self, call: Call) -> Answer:
        instance, kind = self._store.active(call), call.params["ResourceType"]
        every = [(name, item) for name, item in instance.storage.items() if item["kind"] == kind]
        found, rest = page(every, call.params, 10)
        return {"StorageConfigs": [{**item["config"], "AssociationId": name} for name, item in found], **rest}

    def update_storage(self, call: Call) -> Answer:
        config = {name: value for name, value in call.params["StorageConfig"].items() if name != "AssociationId"}
        self._storage(call)["config"] = config
        return {}

    def remove_storage(self, call: Call) -> Answer:
        self._storage(call)
        del self._store.active(call).storage[call.params["AssociationId"]]
        return {}

    def _storage(self, call: Call) -> dict[str, Any]:
        identity = call.params["AssociationId"]
        found = self._store.active(call).storage.get(identity)
        if found is None or found["kind"] != call.params["ResourceType"]:
            raise missing("storage configuration", identity)
        return found

    def add_function(self, call: Call) -> Answer:
        instance, arn = self._store.active(call), call.params["FunctionArn"]
        if arn in instance.functions:
            raise ApiError("ResourceConflictException", f"{arn} is associated already", 409)
        if len(instance.functions) >= 50:
            raise ApiError("ServiceQuotaExceededException", "The quota of Lambda functions is reached", 402)
        instance.functions.append(arn)
        return {}

    def list_functions(self, call: Call) -> Answer:
        found, rest = page(self._store.active(call).functions, call.params, 25)
        return {"LambdaFunctions": found, **rest}

    def remove_function(self, call: Call) -> Answer:
        functions = self._store.active(call).functions
        if call.params["FunctionArn"] not in functions:
            raise missing("Lambda function", call.params["FunctionArn"])
        functions.remove(call.params["FunctionArn"])
        return {}

    def tag(self, call: Call) -> Answer:
        tags = self._tags(call)
        if len({*tags, *call.params["tags"]}) > 50:
            raise ApiError("InvalidRequestException", "More than 50 tags", 400)
        tags.update(call.params["tags"])
        return {}

    def untag(self, call: Call) -> Answer:
        tags = self._tags(call)
        for key in call.params["tagKeys"]:
            tags.pop(key, None)
        return {}

    def list_tags(self, call: Call) -> Answer:
        return {"tags": dict(self._tags(call))}

    def _tags(self, call: Call) -> dict[str, str]:
        arn = call.params["resourceArn"]
        for instance in self._store.living(call.region):
            found = _tags_in(instance, arn)
            if found is not None:
                return found
        for number in numbers(self._store):
            if number.arn == arn and number.region == call.region:
                return number.tags
        raise missing("resource", arn)


def _tags_in(instance: Instance, arn: str) -> dict[str, str] | None:
    if arn == instance.arn:
        return instance.tags
    if not arn.startswith(instance.arn + "/"):
        return None
    for resources in instance.resources.values():
        found = resources.get(bare(arn))
        if found is not None and found.arn == arn:
            return found.tags
    return None


PART = ConnectPart(
    lambda site: Associations(site.store),
    quotas={},
)
