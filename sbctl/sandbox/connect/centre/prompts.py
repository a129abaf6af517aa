"""Prompts: audio that Connect copies out of a bucket when a prompt is made or changed, and hands out by a signed address.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreatePrompt.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.centre.audio import Objects, audio_at
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import ConnectResource, ResourceStore
from sbctl.sandbox.http.presigned import AUDIO, address
from sbctl.sandbox.service import Answer, Call, Operation

KIND = "prompt"
EXPIRES_SECONDS = 300


class Prompts:
    """The operations on prompts. `endpoint` is where this world is served, known only while it is."""

    def __init__(self, store: ResourceStore, objects: Objects, endpoint: Any) -> None:
        self._store = store
        self._objects = objects
        self._endpoint = endpoint

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreatePrompt": self.create,
            "DescribePrompt": self.describe,
            "UpdatePrompt": self.update,
            "DeletePrompt": self.delete,
            "ListPrompts": self.list_all,
            "SearchPrompts": self.search,
            "GetPromptFile": self.file,
        }

    def create(self, call: Call) -> Answer:
        instance, params = self._store.active(call), call.params
        self._store.unique(instance, KIND, params["Name"])
        audio = audio_at(self._objects, call.region, params["S3Uri"])
        values = {"Name": params["Name"], "Description": params.get("Description"), "Audio": audio}
        return _ids(self._store.add(instance, KIND, values, params.get("Tags") or {}))

    def describe(self, call: Call) -> Answer:
        return {"Prompt": _shown(self._store.resource(call, KIND, "PromptId"))}

    def update(self, call: Call) -> Answer:
        resource, params = self._store.resource(call, KIND, "PromptId"), call.params
        if params.get("Name"):
            self._store.unique(self._store.active(call), KIND, params["Name"], resource.id)
        audio = audio_at(self._objects, call.region, params["S3Uri"]) if params.get("S3Uri") else None
        self._store.change(resource, Name=params.get("Name"), Description=params.get("Description"), Audio=audio)
        return _ids(resource)

    def delete(self, call: Call) -> Answer:
        """AWS models no ResourceInUseException here, and no page says that flows keep a prompt."""
        self._store.remove(self._store.active(call), self._store.resource(call, KIND, "PromptId"))
        return {}

    def list_all(self, call: Call) -> Answer:
        every = list(self._store.active(call).all(KIND).values())
        found, rest = page(every, call.params, 1000, 100)
        rows = [
            {
                "Id": resource.id,
                "Arn": resource.arn,
                "Name": resource.values["Name"],
                "LastModifiedTime": resource.changed,
            }
            for resource in found
        ]
        return {"PromptSummaryList": rows, **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._store.searched(self._store.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        return {"Prompts": [_shown(resource) for resource in found], "ApproximateTotalCount": len(every), **rest}

    def file(self, call: Call) -> Answer:
        resource, instance = self._store.resource(call, KIND, "PromptId"), self._store.active(call)
        name = f"{instance.id}/{resource.id}.wav"
        signed = address(self._endpoint(), AUDIO, call.region, name, EXPIRES_SECONDS)
        return {"PromptPresignedUrl": signed, "LastModifiedTime": resource.changed}


def _ids(resource: ConnectResource) -> Answer:
    return {"PromptId": resource.id, "PromptARN": resource.arn}


def _shown(resource: ConnectResource) -> dict[str, Any]:
    return {
        **_ids(resource),
        "Name": resource.values["Name"],
        "Description": resource.values.get("Description"),
        "Tags": dict(resource.tags),
        "LastModifiedTime": resource.changed,
    }


PART = ConnectPart(
    lambda site: Prompts(site.store, site.objects, site.endpoint),
    quotas={KIND: 500},
)
