"""Which rules of a replication configuration want a version of an object. No state, no calls.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Rule = Mapping[str, Any]
Configuration = Mapping[str, Any]


@dataclass(frozen=True)
class WantedRule:
    """One copy that a rule asks for. `destination` is the bucket's name, `role` an ARN, `kms_key` that of encrypted objects."""

    destination: str
    role: str
    rule: str = ""
    storage_class: str = ""
    metrics: bool = False
    kms_key: str = ""


def for_object(configuration: Configuration, key: str, tags: Mapping[str, str], encryption: str) -> list[WantedRule]:
    """The copies of a new object. Of several rules to one destination, that with the highest priority decides."""
    return _best(configuration, [rule for rule in _enabled(configuration) if _takes(rule, key, tags, encryption)])


def for_marker(configuration: Configuration, key: str) -> list[WantedRule]:
    """The copies of a new delete marker. A rule without Filter (the first version of the format) copies them always."""
    deciding = _highest([rule for rule in _enabled(configuration) if _matches(rule, key, {})])
    return _best(configuration, [rule for rule in deciding if "Filter" not in rule or is_on(rule, *MARKERS)])


def for_changes(configuration: Configuration, key: str, *, is_replica: bool) -> list[WantedRule]:
    """Where changes of the tags, ACL or locks of a version go, whatever its tags are now.

    Those of a replica go anywhere only with replica modification sync.
    """
    rules = [rule for rule in _enabled(configuration) if key.startswith(_filter(rule)[0])]
    return _best(configuration, [rule for rule in rules if not is_replica or is_on(rule, *MODIFICATIONS)])


def rules_with_metrics(configuration: Configuration) -> list[WantedRule]:
    """The enabled rules of which metrics are published."""
    return [wanted for rule in _enabled(configuration) if (wanted := _wanted(configuration, rule)).metrics]


MARKERS = ("DeleteMarkerReplication",)
MODIFICATIONS = ("SourceSelectionCriteria", "ReplicaModifications")
KMS_OBJECTS = ("SourceSelectionCriteria", "SseKmsEncryptedObjects")


def is_on(rule: Rule, *path: str) -> bool:
    """Whether a part of a rule has the status Enabled."""
    part: Any = rule
    for name in path:
        part = part.get(name) or {}
    return bool(part.get("Status") == "Enabled")


def bucket_of(rule: Rule) -> str:
    """The name of the destination bucket."""
    return str(rule["Destination"]["Bucket"]).rpartition(":::")[2]


def _enabled(configuration: Configuration) -> list[Rule]:
    return [rule for rule in configuration.get("Rules", ()) if is_on(rule)]


def _takes(rule: Rule, key: str, tags: Mapping[str, str], encryption: str) -> bool:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
    return _matches(rule, key, tags) and (not encryption.startswith("aws:kms") or is_on(rule, *KMS_OBJECTS))


def _matches(rule: Rule, key: str, tags: Mapping[str, str]) -> bool:
    prefix, wanted = _filter(rule)
    return key.startswith(prefix) and wanted.items() <= tags.items()


def _filter(rule: Rule) -> tuple[str, dict[str, str]]:
    """The prefix and the tags of a rule; the first version of the format has the prefix beside the other members."""
    given = rule.get("Filter", rule)
    both = given.get("And") or {}
    tags = [*both.get("Tags", ()), *([given["Tag"]] if given.get("Tag") else ())]
    return str(both.get("Prefix") or given.get("Prefix") or ""), {tag["Key"]: tag["Value"] for tag in tags}


def _highest(rules: Iterable[Rule]) -> list[Rule]:
    """For each destination the rule with the highest priority."""
    return list({bucket_of(rule): rule for rule in sorted(rules, key=lambda rule: rule.get("Priority", 0))}.values())


def _best(configuration: Configuration, rules: Iterable[Rule]) -> list[WantedRule]:
    return [_wanted(configuration, rule) for rule in _highest(rules)]


def _wanted(configuration: Configuration, rule: Rule) -> WantedRule:
    return WantedRule(
        destination=bucket_of(rule),
        role=str(configuration["Role"]),
        rule=str(rule.get("ID", "")),
        storage_class=str(rule["Destination"].get("StorageClass", "")),
        metrics=is_on(rule, "Destination", "Metrics"),
        kms_key=str((rule["Destination"].get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID", "")),
    )
