"""What an account and a zone may have. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.route53.store import ZoneStore
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

QUOTAS: Mapping[str, int] = {
    "MAX_HEALTH_CHECKS_BY_OWNER": 200,
    "MAX_HOSTED_ZONES_BY_OWNER": 500,
    "MAX_REUSABLE_DELEGATION_SETS_BY_OWNER": 100,
    "MAX_TRAFFIC_POLICIES_BY_OWNER": 50,
    "MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER": 5,
    "MAX_RRSETS_BY_ZONE": 10_000,
    "MAX_VPCS_ASSOCIATED_BY_ZONE": 300,
}


def refuse_more(kind: str, count: int, code: str) -> None:
    """Raise an error of this code when a quota is reached."""
    if count >= QUOTAS[kind]:
        raise ApiError(code, f"Limits Exceeded: {kind} is {QUOTAS[kind]}")


class Quotas:
    """The operations that tell quotas and how much of them is used."""

    def __init__(self, store: ZoneStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {"GetAccountLimit": self.of_account, "GetHostedZoneLimit": self.of_zone}

    def of_account(self, call: Call) -> Answer:
        kind = call.params["Type"]
        used = {
            "MAX_HEALTH_CHECKS_BY_OWNER": len(self._store.checks),
            "MAX_HOSTED_ZONES_BY_OWNER": len(self._store.zones),
        }
        return {"Limit": {"Type": kind, "Value": QUOTAS[kind]}, "Count": used.get(kind, 0)}

    def of_zone(self, call: Call) -> Answer:
        zone, kind = self._store.zone(call.params["HostedZoneId"]), call.params["Type"]
        if kind == "MAX_VPCS_ASSOCIATED_BY_ZONE" and not zone.is_private:
            raise ApiError("HostedZoneNotPrivate", f"The hosted zone {zone.id} is public")
        used = len(zone.records) if kind == "MAX_RRSETS_BY_ZONE" else len(zone.vpcs)
        return {"Limit": {"Type": kind, "Value": QUOTAS[kind]}, "Count": used}
