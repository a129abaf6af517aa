"""Rules of a replication configuration, between sbctl's words and S3's. A put writes all of it, so the rest is kept.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.kinds.spec import Frozen

RTC_MINUTES = 15
"""The only value that S3 takes, for replication time control and for its threshold event."""
CRITERIA = "SourceSelectionCriteria"
KMS_OBJECTS = "SseKmsEncryptedObjects"
ENCRYPTION = "EncryptionConfiguration"


class ReplicationRule(Frozen):
    """Everything in the bucket goes to one destination; `destination` is the other bucket's ARN."""

    id: str = Field(min_length=1, max_length=255)
    priority: int = Field(ge=0)
    destination: Link
    enabled: bool = True
    prefix: str = ""
    delete_markers: bool = True
    metrics: bool = True
    time_control: bool = False


def by_id(rules: Iterable[ReplicationRule]) -> dict[str, ReplicationRule]:
    """The rules by their ids."""
    return {rule.id: rule for rule in rules}


def rule_of(answer: Mapping[str, Any]) -> ReplicationRule:
    """A rule as S3 tells it."""
    destination = answer["Destination"]
    return ReplicationRule(
        id=id_of(answer),
        priority=answer.get("Priority", 0),
        destination=destination["Bucket"],
        enabled=answer["Status"] == "Enabled",
        prefix=_prefix(answer.get("Filter") or answer),
        delete_markers=_is_on(answer.get("DeleteMarkerReplication")),
        metrics=_is_on(destination.get("Metrics")),
        time_control=_is_on(destination.get("ReplicationTime")),
    )


def _prefix(given: Mapping[str, Any]) -> str:
    """The prefix; of a filter by tags or size, which no rule of sbctl has, all of it as text."""
    others = {name: value for name, value in given.items() if name in ("And", "Tag") and value}
    return json.dumps(others, sort_keys=True) if others else str(given.get("Prefix", ""))


def id_of(answer: Mapping[str, Any]) -> str:
    """The id of a rule that S3 tells."""
    return str(answer.get("ID") or "unnamed")


def key_of(answer: Mapping[str, Any]) -> str:
    """The key of the copies of encrypted objects; "" where the rule leaves these out."""
    takes = _is_on((answer.get(CRITERIA) or {}).get(KMS_OBJECTS))
    return str((answer["Destination"].get(ENCRYPTION) or {}).get("ReplicaKmsKeyID", "")) if takes else ""


def shaped(rule: ReplicationRule, there: Mapping[str, Any], key: str | None) -> dict[str, Any]:
    """A rule as S3 takes it. A filter makes priority, status and the word on delete markers mandatory.

    What of the rule that is `there` no field speaks of stays. `key` encrypts the copies of encrypted objects, "" takes
    these out again, and None leaves them as they are.
    """
    wanted = {
        "ID": rule.id,
        "Priority": rule.priority,
        "Status": _word(rule.enabled),
        "Filter": {"Prefix": rule.prefix},
        "DeleteMarkerReplication": {"Status": _word(rule.delete_markers)},
    }
    kept = {name: value for name, value in there.items() if name != "Prefix"}  # beside a Filter it is refused
    rest = {
        name: value for name, value in kept.get("Destination", {}).items() if name not in ("Metrics", "ReplicationTime")
    }
    destination = {**rest, "Bucket": rule.destination, **_metrics(rule)}
    criteria = dict(kept.pop(CRITERIA, {}))
    if key is not None:
        criteria.pop(KMS_OBJECTS, None)
        destination.pop(ENCRYPTION, None)
    if key:
        criteria[KMS_OBJECTS] = {"Status": "Enabled"}
        destination[ENCRYPTION] = {"ReplicaKmsKeyID": key}
    return {**kept, **wanted, **({CRITERIA: criteria} if criteria else {}), "Destination": destination}


def _metrics(rule: ReplicationRule) -> dict[str, Any]:
    limit = {"Minutes": RTC_MINUTES}
    if rule.time_control:
        return {
            "ReplicationTime": {"Status": "Enabled", "Time": limit},
            "Metrics": {"Status": "Enabled", "EventThreshold": limit},
        }
    return {"Metrics": {"Status": "Enabled"}} if rule.metrics else {}


def _word(enabled: bool) -> str:
    return "Enabled" if enabled else "Disabled"


def _is_on(setting: Mapping[str, Any] | None) -> bool:
    return (setting or {}).get("Status") == "Enabled"
