"""Prompts: audio that Connect copies out of a bucket when a prompt is made or changed, and hands out by a signed address.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreatePrompt.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.connect.audio import Objects, audio_at
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.search import chosen
from sbctl.sandbox.connect.store import Estate, Thing
from sbctl.sandbox.http.handouts import AUDIO, address
from sbctl.sandbox.service import Answer, Call, Operation

KIND = "prompt"
EXPIRES_SECONDS = 300


class Prompts:
    """The operations on prompts. `endpoint` is where this world is served, known only while it is."""

    def __init__(self, estate: Estate, objects: Objects, endpoint: Any) -> None:
        self._estate = estate
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
        instance, params = self._estate.active(call), call.params
        self._estate.unique(instance, KIND, params["Name"])
        audio = audio_at(self._objects, call.region, params["S3Uri"])
        values = {"Name": params["Name"], "Description": params.get("Description"), "Audio": audio}
        return _ids(self._estate.add(instance, KIND, values, params.get("Tags") or {}))

    def describe(self, call: Call) -> Answer:
        return {"Prompt": _shown(self._estate.thing(call, KIND, "PromptId"))}

    def update(self, call: Call) -> Answer:
        thing, params = self._estate.thing(call, KIND, "PromptId"), call.params
        if params.get("Name"):
            self._estate.unique(self._estate.active(call), KIND, params["Name"], thing.id)
        audio = audio_at(self._objects, call.region, params["S3Uri"]) if params.get("S3Uri") else None
        self._estate.change(thing, Name=params.get("Name"), Description=params.get("Description"), Audio=audio)
        return _ids(thing)

    def delete(self, call: Call) -> Answer:
        """AWS models no ResourceInUseException here, and no page says that flows keep a prompt."""
        self._estate.remove(self._estate.active(call), self._estate.thing(call, KIND, "PromptId"))
        return {}

    def list_all(self, call: Call) -> Answer:
        every = list(self._estate.active(call).all(KIND).values())
        found, rest = page(every, call.params, 1000, 100)
        rows = [
            {"Id": thing.id, "Arn": thing.arn, "Name": thing.values["Name"], "LastModifiedTime": thing.changed}
            for thing in found
        ]
        return {"PromptSummaryList": rows, **rest}

    def search(self, call: Call) -> Answer:
        every = chosen(self._estate.searched(self._estate.active(call), KIND), call.params)
        found, rest = page(every, call.params, 100)
        return {"Prompts": [_shown(thing) for thing in found], "ApproximateTotalCount": len(every), **rest}

    def file(self, call: Call) -> Answer:
        thing, instance = self._estate.thing(call, KIND, "PromptId"), self._estate.active(call)
        name = f"{instance.id}/{thing.id}.wav"
        signed = address(self._endpoint(), AUDIO, call.region, name, EXPIRES_SECONDS)
        return {"PromptPresignedUrl": signed, "LastModifiedTime": thing.changed}


def _ids(thing: Thing) -> Answer:
    return {"PromptId": thing.id, "PromptARN": thing.arn}


def _shown(thing: Thing) -> dict[str, Any]:
    return {
        **_ids(thing),
        "Name": thing.values["Name"],
        "Description": thing.values.get("Description"),
        "Tags": dict(thing.tags),
        "LastModifiedTime": thing.changed,
    }


PART = ConnectPart(
    lambda site: Prompts(site.estate, site.objects, site.endpoint),
    quotas={KIND: 500},
)
