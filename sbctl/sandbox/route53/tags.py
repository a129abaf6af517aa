"""Tags of zones and health checks. https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.route53.store import ZONE_PREFIX, ZoneStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

QUOTA = 50


class Tags:
    """The operations on tags."""

    def __init__(self, store: ZoneStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "ChangeTagsForResource": self.change,
            "ListTagsForResource": self.list_one,
            "ListTagsForResources": self.list_several,
        }

    def change(self, call: Call) -> Answer:
        params = call.params
        tags = self._tags(params["ResourceType"], params["ResourceId"])
        added = {tag.get("Key") or "": tag.get("Value") or "" for tag in params.get("AddTags") or ()}
        removed = set(params.get("RemoveTagKeys") or ())
        if not added and not removed:
            raise ApiError("InvalidInput", "Either AddTags or RemoveTagKeys must be specified")
        if "" in added or any(key.lower().startswith("aws:") for key in added):
            raise ApiError("InvalidInput", "A tag needs a key that does not begin with aws:")
        wanted = {key: value for key, value in tags.items() if key not in removed} | added
        if len(wanted) > QUOTA:
            raise ApiError("InvalidInput", f"A resource can have {QUOTA} tags at most")
        tags.clear()
        tags.update(wanted)
        return {}

    def list_one(self, call: Call) -> Answer:
        return {"ResourceTagSet": self._tag_set(call.params["ResourceType"], call.params["ResourceId"])}

    def list_several(self, call: Call) -> Answer:
        kind = call.params["ResourceType"]
        return {"ResourceTagSets": [self._tag_set(kind, one) for one in call.params["ResourceIds"]]}

    def _tag_set(self, kind: str, named: str) -> dict[str, Any]:
        tags = [{"Key": key, "Value": value} for key, value in self._tags(kind, named).items()]
        return {"ResourceType": kind, "ResourceId": named.removeprefix(ZONE_PREFIX), "Tags": tags}

    def _tags(self, kind: str, named: str) -> dict[str, str]:
        return self._store.zone(named).tags if kind == "hostedzone" else self._store.check(named).tags
