"""Hosted zones: made with their NS and SOA records, known by a caller reference, deleted only when nothing else is in them.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sbctl.sandbox.route53.names import fault, normal, sort_key
from sbctl.sandbox.route53.paging import marked_page, max_items
from sbctl.sandbox.route53.quotas import refuse_more
from sbctl.sandbox.route53.store import ZONE_PREFIX, Record, Zone, ZoneStore, key_of, new_id
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

REQUIRED = ("NS", "SOA")
TOP_LEVELS = ("com", "net", "org", "co.uk")
"""Name servers of a zone lie under four top-level domains."""


class Zones:
    """The operations on hosted zones."""

    def __init__(self, store: ZoneStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "CreateHostedZone": self.create,
            "GetHostedZone": self.get,
            "ListHostedZones": self.list_all,
            "ListHostedZonesByName": self.list_by_name,
            "DeleteHostedZone": self.delete,
            "UpdateHostedZoneComment": self.update_comment,
            "GetHostedZoneCount": self.count,
        }

    def create(self, call: Call) -> Answer:
        params = call.params
        config = params.get("HostedZoneConfig") or {}
        self._refuse(params, config)
        zone = Zone(
            id=new_id("Z"),
            name=normal(params["Name"]),
            reference=params["CallerReference"],
            comment=config.get("Comment"),
            name_servers=_name_servers(),
            vpcs=[dict(params["VPC"])] if params.get("VPC") else [],
        )
        zone.records = {key_of(record): record for record in _required_records(zone)}
        self._store.zones[zone.id] = zone
        answer = {
            "HostedZone": _shown(zone),
            "ChangeInfo": self._store.changed(),
            "Location": f"https://route53.amazonaws.com/2013-04-01/hostedzone/{zone.id}",
        }
        return answer | _where(zone)

    def _refuse(self, params: Mapping[str, Any], config: Mapping[str, Any]) -> None:
        name, reference = params["Name"], params["CallerReference"]
        if fault(name) or "." not in normal(name).removesuffix("."):
            raise ApiError("InvalidDomainName", f"The domain name {name} is not valid for a hosted zone", 400)
        if params.get("DelegationSetId"):
            raise ApiError("NoSuchDelegationSet", f"No delegation set found with ID: {params['DelegationSetId']}", 400)
        if config.get("PrivateZone") and not params.get("VPC"):
            raise ApiError("InvalidInput", "When you're creating a private hosted zone, you must specify a VPC")
        if any(zone.reference == reference for zone in self._store.zones.values()):
            message = f"A hosted zone has already been created with the specified caller reference: {reference}"
            raise ApiError("HostedZoneAlreadyExists", message, 409)
        refuse_more("MAX_HOSTED_ZONES_BY_OWNER", len(self._store.zones), "TooManyHostedZones")

    def get(self, call: Call) -> Answer:
        zone = self._store.zone(call.params["Id"])
        where = {"VPCs": zone.vpcs} if zone.is_private else _where(zone)
        return {"HostedZone": _shown(zone), **where}

    def list_all(self, call: Call) -> Answer:
        private_only = call.params.get("HostedZoneType") == "PrivateHostedZone"
        every = [zone for zone in self._store.zones.values() if zone.is_private or not private_only]
        found, members = marked_page(every, lambda zone: zone.id, call.params)
        return {"HostedZones": [_shown(zone) for zone in found], **members}

    def list_by_name(self, call: Call) -> Answer:
        """Sorted by name with labels reversed; DNSName says where to begin and is no filter."""
        params, size = call.params, max_items(call.params)
        start_name, start_id = params.get("DNSName") or "", params.get("HostedZoneId") or ""
        if start_id and not start_name:
            raise ApiError("InvalidInput", "HostedZoneId cannot be specified without DNSName")
        start = (sort_key(normal(start_name)) if start_name else "", start_id.removeprefix(ZONE_PREFIX))
        every = sorted(self._store.zones.values(), key=_place)
        found = [zone for zone in every if _place(zone) >= start]
        members: dict[str, Any] = {"IsTruncated": len(found) > size, "MaxItems": str(size)}
        members |= {name: params[name] for name in ("DNSName", "HostedZoneId") if params.get(name)}
        if len(found) > size:
            members |= {"NextDNSName": found[size].name, "NextHostedZoneId": found[size].id}
        return {"HostedZones": [_shown(zone) for zone in found[:size]], **members}

    def delete(self, call: Call) -> Answer:
        zone = self._store.zone(call.params["Id"])
        if any(not is_required(zone, record) for record in zone.records.values()):
            message = "The specified hosted zone contains non-required resource record sets and so cannot be deleted."
            raise ApiError("HostedZoneNotEmpty", message)
        del self._store.zones[zone.id]
        return {"ChangeInfo": self._store.changed()}

    def update_comment(self, call: Call) -> Answer:
        zone = self._store.zone(call.params["Id"])
        zone.comment = call.params.get("Comment")
        return {"HostedZone": _shown(zone)}

    def count(self, call: Call) -> Answer:  # noqa: ARG002
        return {"HostedZoneCount": len(self._store.zones)}


def is_required(zone: Zone, record: Record) -> bool:
    """Whether this is one of the two record sets without which there is no zone."""
    return record["Name"] == zone.name and record["Type"] in REQUIRED


def _place(zone: Zone) -> tuple[str, str]:
    return sort_key(zone.name), zone.id


def _shown(zone: Zone) -> dict[str, Any]:
    return {
        "Id": ZONE_PREFIX + zone.id,
        "Name": zone.name,
        "CallerReference": zone.reference,
        "Config": {"Comment": zone.comment, "PrivateZone": zone.is_private},
        "ResourceRecordSetCount": len(zone.records),
    }


def _where(zone: Zone) -> dict[str, Any]:
    if zone.is_private:
        return {"VPC": zone.vpcs[0]}
    return {"DelegationSet": {"NameServers": list(zone.name_servers)}}


def _name_servers() -> tuple[str, ...]:
    """Four names as Route 53 gives them: 512 servers under each top-level domain, eight to a domain."""
    numbers = [512 * place + secrets.randbelow(512) for place in range(len(TOP_LEVELS))]
    pairs = zip(numbers, TOP_LEVELS, strict=True)
    return tuple(f"ns-{number}.awsdns-{number % 512 // 8:02}.{top}" for number, top in pairs)


def _required_records(zone: Zone) -> tuple[Record, ...]:
    servers = [f"{server}." for server in zone.name_servers]
    start = f"{servers[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
    return (
        {"Name": zone.name, "Type": "NS", "TTL": 172800, "ResourceRecords": [{"Value": name} for name in servers]},
        {"Name": zone.name, "Type": "SOA", "TTL": 900, "ResourceRecords": [{"Value": start}]},
    )
