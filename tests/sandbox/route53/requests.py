"""A Route 53 as the tests ask it: one client, one zone, and record sets made of few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

DOMAIN = "example.com"
WEB: Mapping[str, Any] = {"Type": "HTTPS", "FullyQualifiedDomainName": "status.example.com", "ResourcePath": "/health"}


@dataclass(frozen=True)
class Dns:
    """A client and the id of a zone of its own."""

    client: Any
    zone: str

    def change(self, *changes: tuple[str, dict[str, Any]]) -> dict[str, Any]:
        """Send one batch; its ChangeInfo."""
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": one} for action, one in changes]}
        answer = self.client.change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch=batch)
        return dict(answer["ChangeInfo"])

    def create(self, *records: dict[str, Any]) -> None:
        self.change(*(("CREATE", one) for one in records))

    def refusal(self, *changes: tuple[str, dict[str, Any]]) -> str:
        """The message with which AWS would refuse a batch, after its code."""
        with pytest.raises(ClientError) as refused:
            self.change(*changes)
        error = refused.value.response["Error"]
        return f"{error['Code']}: {error['Message']}"

    def records(self, **start: str) -> list[dict[str, Any]]:
        return list(self.client.list_resource_record_sets(HostedZoneId=self.zone, **start)["ResourceRecordSets"])

    def own(self) -> list[str]:
        """Name and set identifier of all record sets but the zone's own two."""
        return [f"{one['Name']} {one.get('SetIdentifier', '')}" for one in self.records()[2:]]

    def check(self, reference: str = "one", **config: Any) -> str:
        """A new health check's id."""
        answer = self.client.create_health_check(CallerReference=reference, HealthCheckConfig={**WEB, **config})
        return str(answer["HealthCheck"]["Id"])

    def alias(self, name: str, target: str, type_: str = "A", evaluate: bool = True, **members: Any) -> dict[str, Any]:
        """An alias to another name of the zone."""
        leads_to = {"HostedZoneId": self.zone, "DNSName": target, "EvaluateTargetHealth": evaluate}
        return {"Name": name, "Type": type_, "AliasTarget": leads_to, **members}


def record(name: str, *values: str, type_: str = "A", ttl: int | None = 60, **members: Any) -> dict[str, Any]:
    """A record set with values; without a TTL where `ttl` is None."""
    entries = [{"Value": value} for value in values or ("192.0.2.1",)]
    timed = {} if ttl is None else {"TTL": ttl}
    return {"Name": name, "Type": type_, **timed, "ResourceRecords": entries, **members}


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = refused.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]
