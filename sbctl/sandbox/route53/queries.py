"""Queries: TestDNSAnswer, and what a DNS server would ask of the same zones.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_TestDNSAnswer.html
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from sbctl.sandbox.route53 import answers
from sbctl.sandbox.route53.names import fault, is_inside, normal
from sbctl.sandbox.route53.store import Zone, ZoneStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

NEAR = "us-east-1"
"""Where TestDNSAnswer's resolver is taken to be, whatever its address: the sandbox has no map of addresses."""


class Queries:
    """The operation that asks a zone's name servers."""

    def __init__(self, store: ZoneStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {"TestDNSAnswer": self.test}

    def test(self, call: Call) -> Answer:
        zone, name = self._store.zone(call.params["HostedZoneId"]), normal(call.params["RecordName"])
        if zone.is_private:
            raise ApiError("InvalidInput", "TestDNSAnswer is not supported for private hosted zones")
        if fault(call.params["RecordName"]) or not is_inside(name, zone.name):
            raise ApiError("InvalidInput", f"The record name {name} is not in the hosted zone {zone.name}")
        found = _ask(self._store, zone, name, call.params["RecordType"], NEAR)
        first = found.records[0] if found.records else None
        return {
            "Nameserver": zone.name_servers[0],
            "RecordName": name,
            "RecordType": call.params["RecordType"],
            "RecordData": list(first.values) if first else [],
            "ResponseCode": found.code,
            "Protocol": "UDP",
        }


def resolve(store: ZoneStore, name: str, type_: str, region: str) -> answers.Answer | None:
    """What the public zone nearest to a name answers to a resolver near a region; None where no zone has the name."""
    wanted = normal(name)
    zones = [zone for zone in store.zones.values() if not zone.is_private and is_inside(wanted, zone.name)]
    if not zones:
        return None
    return _ask(store, max(zones, key=lambda zone: len(zone.name)), wanted, type_, region)


def _ask(store: ZoneStore, zone: Zone, name: str, type_: str, region: str) -> answers.Answer:
    return answers.answer(zone.sorted_records(), name, type_, region, store.is_healthy, Random())
