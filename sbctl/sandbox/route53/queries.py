"""TestDNSAnswer, tags and limits: operations that ask about zones and checks as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.route53.answers import answer
from sbctl.sandbox.route53.store import Book, bare
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

MOST_TAGS = 50


class Queries:
    """What is answered, tagged and allowed."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def operations(self) -> Mapping[str, Operation]:
        return {
            "TestDNSAnswer": self.test_answer,
            "ChangeTagsForResource": self.change_tags,
            "ListTagsForResource": self.list_tags,
            "ListTagsForResources": self.list_many_tags,
            "GetAccountLimit": self.limit,
        }

    def test_answer(self, call: Call) -> Answer:
        zone = self._book.zone(str(call.params["HostedZoneId"]))
        name, kind = str(call.params["RecordName"]), str(call.params["RecordType"])
        found = answer(zone, name, kind, self._book.health.is_healthy)
        data = [value for one in found or () for value in one.values]
        return {
            "Nameserver": zone.servers[0],
            "RecordName": name,
            "RecordType": kind,
            "RecordData": data,
            "ResponseCode": "NXDOMAIN" if found is None else "NOERROR",
            "Protocol": "UDP",
        }

    def change_tags(self, call: Call) -> Answer:
        tags = dict(self._tags(call.params, str(call.params["ResourceId"])))
        tags.update({str(tag["Key"]): str(tag.get("Value") or "") for tag in call.params.get("AddTags") or ()})
        for key in call.params.get("RemoveTagKeys") or ():
            tags.pop(str(key), None)
        if len(tags) > MOST_TAGS:
            raise ApiError("InvalidInput", f"A resource has at most {MOST_TAGS} tags", 400)
        self._book.tags[_of(call.params, str(call.params["ResourceId"]))] = tags
        return {}

    def list_tags(self, call: Call) -> Answer:
        return {"ResourceTagSet": self._tag_set(call.params, str(call.params["ResourceId"]))}

    def list_many_tags(self, call: Call) -> Answer:
        sets = [self._tag_set(call.params, str(named)) for named in call.params["ResourceIds"]]
        return {"ResourceTagSets": sets}

    def limit(self, call: Call) -> Answer:
        kind = str(call.params["Type"])
        counts = {
            "MAX_HEALTH_CHECKS_BY_OWNER": (200, len(self._book.checks)),
            "MAX_HOSTED_ZONES_BY_OWNER": (500, len(self._book.zones)),
        }
        if kind not in counts:
            raise ApiError("NotModelled", f"The sandbox does not model the limit {kind}.", 501)
        value, count = counts[kind]
        return {"Limit": {"Type": kind, "Value": value}, "Count": count}

    def _tags(self, params: Mapping[str, Any], named: str) -> Mapping[str, str]:
        """Raises the service's own error when the resource does not exist."""
        if params["ResourceType"] == "hostedzone":
            self._book.zone(named)
        else:
            self._book.check(named)
        return self._book.tags.get(_of(params, named), {})

    def _tag_set(self, params: Mapping[str, Any], named: str) -> dict[str, Any]:
        tags = [{"Key": key, "Value": value} for key, value in self._tags(params, named).items()]
        return {"ResourceType": params["ResourceType"], "ResourceId": bare(named), "Tags": tags}


def _of(params: Mapping[str, Any], named: str) -> tuple[str, str]:
    return str(params["ResourceType"]), bare(named)
