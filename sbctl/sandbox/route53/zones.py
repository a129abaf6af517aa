"""Operations on hosted zones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.route53.names import canonical, sort_key
from sbctl.sandbox.route53.store import Book, Zone, new_id, page
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

LABEL = re.compile(r"(\\[0-7]{3}|[a-z0-9_-]){1,63}")
LONGEST_NAME = 255
HOST_TTL = 172_800


class Zones:
    """Hosted zones of an account."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateHostedZone": self.create,
            "GetHostedZone": self.get,
            "ListHostedZones": self.list,
            "ListHostedZonesByName": self.list_by_name,
            "GetHostedZoneCount": lambda _: {"HostedZoneCount": len(self._book.zones)},
            "UpdateHostedZoneComment": self.comment,
            "DeleteHostedZone": self.delete,
        }

    def create(self, call: Call) -> Answer:
        name, reference = canonical(str(call.params["Name"])), str(call.params["CallerReference"])
        labels = name.rstrip(".").split(".")
        if len(name) > LONGEST_NAME or not all(LABEL.fullmatch(label) for label in labels):
            raise ApiError("InvalidDomainName", f"{call.params['Name']} is not a valid domain name", 400)
        if any(zone.reference == reference for zone in self._book.zones.values()):
            text = f"A hosted zone has already been created with the specified caller reference: {reference}"
            raise ApiError("HostedZoneAlreadyExists", text, 409)
        given = dict(call.params.get("HostedZoneConfig") or {})
        config = {"PrivateZone": False, **given}
        if config["PrivateZone"] or call.params.get("VPC"):
            raise ApiError("NotModelled", "The sandbox has public zones only.", 501)
        zone = Zone(new_id("Z"), name, reference, config, _servers(len(self._book.zones)))
        zone.records.update({(name, record["Type"], ""): record for record in _born_with(zone)})
        self._book.zones[zone.id] = zone
        return {
            "HostedZone": shown(zone),
            "ChangeInfo": self._book.change(),
            "DelegationSet": {"NameServers": list(zone.servers)},
            "Location": f"https://route53.amazonaws.com/2013-04-01/hostedzone/{zone.id}",
        }

    def get(self, call: Call) -> Answer:
        zone = self._book.zone(str(call.params["Id"]))
        return {"HostedZone": shown(zone), "DelegationSet": {"NameServers": list(zone.servers)}}

    def list(self, call: Call) -> Answer:
        rows = sorted(self._book.zones)
        marker = str(call.params.get("Marker") or "")
        if marker and marker not in rows:
            raise ApiError("InvalidInput", f"The marker {marker} is not known", 400)
        found, after = page([row for row in rows if row >= marker], call.params.get("MaxItems"))
        answer: Answer = {
            "HostedZones": [shown(self._book.zones[row]) for row in found],
            "IsTruncated": after is not None,
            "MaxItems": str(call.params.get("MaxItems") or 100),
            "Marker": marker,
        }
        return {**answer, "NextMarker": after} if after else answer

    def list_by_name(self, call: Call) -> Answer:
        """DNSName is where the list begins, and no filter."""
        dns, after_id = call.params.get("DNSName"), str(call.params.get("HostedZoneId") or "").rpartition("/")[2]
        start = (sort_key(str(dns)), after_id) if dns else ((), "")
        rows = sorted(self._book.zones.values(), key=lambda zone: (sort_key(zone.name), zone.id))
        later = [zone for zone in rows if (sort_key(zone.name), zone.id) >= start]
        found, after = page(later, call.params.get("MaxItems"))
        answer: Answer = {
            "HostedZones": [shown(zone) for zone in found],
            "IsTruncated": after is not None,
            "MaxItems": str(call.params.get("MaxItems") or 100),
        }
        if dns:
            answer["DNSName"] = str(dns)
        if after_id:
            answer["HostedZoneId"] = after_id
        return {**answer, "NextDNSName": after.name, "NextHostedZoneId": after.id} if after else answer

    def comment(self, call: Call) -> Answer:
        zone = self._book.zone(str(call.params["Id"]))
        zone.config["Comment"] = call.params.get("Comment", "")
        return {"HostedZone": shown(zone)}

    def delete(self, call: Call) -> Answer:
        zone = self._book.zone(str(call.params["Id"]))
        if len(zone.records) > len(_born_with(zone)):
            text = "The specified hosted zone contains non-required resource record sets and so cannot be deleted."
            raise ApiError("HostedZoneNotEmpty", text, 400)
        del self._book.zones[zone.id]
        self._book.tags.pop(("hostedzone", zone.id), None)
        return {"ChangeInfo": self._book.change()}


def shown(zone: Zone) -> dict[str, Any]:
    """A zone as answers have it."""
    return {
        "Id": f"/hostedzone/{zone.id}",
        "Name": zone.name,
        "CallerReference": zone.reference,
        "Config": zone.config,
        "ResourceRecordSetCount": len(zone.records),
    }


def _servers(number: int) -> tuple[str, ...]:
    start = 2048 + number % 512
    tops = ("com", "net", "org", "co.uk")
    return tuple(f"ns-{start + place}.awsdns-{start % 64 + place:02}.{top}" for place, top in enumerate(tops))


def _born_with(zone: Zone) -> list[dict[str, Any]]:
    """The records that every zone has, and cannot do without."""
    start = f"{zone.servers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
    hosts = [{"Value": f"{server}."} for server in zone.servers]
    return [
        {"Name": zone.name, "Type": "NS", "TTL": HOST_TTL, "ResourceRecords": hosts},
        {"Name": zone.name, "Type": "SOA", "TTL": 900, "ResourceRecords": [{"Value": start}]},
    ]
