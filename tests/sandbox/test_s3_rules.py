"""Which rules of a replication configuration want a version."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.sandbox.s3.rules import for_changes, for_marker, for_object, rules_with_metrics

ROLE = "arn:aws:iam::123456789012:role/copy"


def rule(name: str, into: str = "b", **members: Any) -> dict[str, Any]:
    """An enabled rule for the whole bucket, with other members where given."""
    destination = {"Bucket": f"arn:aws:s3:::{into}", **members.pop("Destination", {})}
    markers = {"Status": "Disabled"}
    plain = {
        "ID": name,
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": markers,
    }
    return {**plain, **members, "Destination": destination}


def names(found: list[Any]) -> list[str]:
    """The ids of the rules that decide."""
    return sorted(wanted.rule for wanted in found)


def of(*rules: dict[str, Any]) -> dict[str, Any]:
    """A configuration."""
    return {"Role": ROLE, "Rules": list(rules)}


@pytest.mark.parametrize(
    ("given", "key", "tags", "takes"),
    [
        ({"Prefix": "calls/"}, "calls/1.wav", {}, True),
        ({"Prefix": "calls/"}, "chats/1.txt", {}, False),
        ({"Tag": {"Key": "dr", "Value": "yes"}}, "k", {"dr": "yes", "team": "blue"}, True),
        ({"Tag": {"Key": "dr", "Value": "yes"}}, "k", {"dr": "no"}, False),
        ({"And": {"Prefix": "c/", "Tags": [{"Key": "dr", "Value": "yes"}]}}, "c/1", {"dr": "yes"}, True),
        ({"And": {"Prefix": "c/", "Tags": [{"Key": "dr", "Value": "yes"}]}}, "d/1", {"dr": "yes"}, False),
        ({"And": {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}}, "k", {"a": "1"}, False),
        ({}, "anything", {}, True),
    ],
)
def test_a_filter_takes_by_prefix_and_tags(given: dict[str, Any], key: str, tags: dict[str, str], takes: bool) -> None:
    """An object is copied when its key and all the tags fit the filter."""
    assert bool(for_object(of(rule("r", Filter=given)), key, tags, "")) is takes


def test_a_disabled_rule_takes_nothing() -> None:
    """Neither objects nor markers are copied under it."""
    configuration = of(rule("r", Status="Disabled", DeleteMarkerReplication={"Status": "Enabled"}))
    assert for_object(configuration, "k", {}, "") == for_marker(configuration, "k") == []


def test_the_highest_priority_decides_for_each_destination() -> None:
    """Of two rules to one bucket one counts; a rule to another bucket is no rival."""
    low = rule("low", Priority=1, DeleteMarkerReplication={"Status": "Enabled"})
    configuration = of(rule("high", Priority=7), low, rule("other", into="c", Priority=3))
    assert names(for_object(configuration, "k", {}, "")) == ["high", "other"]
    assert for_marker(configuration, "k") == []


def test_a_rule_of_the_first_format_copies_delete_markers() -> None:
    """Without Filter there is no word on delete markers, and they go along."""
    first = {"ID": "old", "Prefix": "a/", "Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::b"}}
    assert names(for_marker(of(first), "a/1")) == ["old"]
    assert for_marker(of(first), "b/1") == []


def test_objects_under_kms_need_a_word_in_the_rule() -> None:
    """Objects encrypted with a KMS key are left out unless the rule selects them."""
    selects = rule("kms", SourceSelectionCriteria={"SseKmsEncryptedObjects": {"Status": "Enabled"}})
    assert for_object(of(rule("plain")), "k", {}, "aws:kms") == []
    assert names(for_object(of(selects), "k", {}, "aws:kms")) == ["kms"]
    assert names(for_object(of(rule("plain")), "k", {}, "AES256")) == ["plain"]


def test_changes_of_a_replica_go_back_only_with_modification_sync() -> None:
    """Changes follow an object to its copies; those of a copy go anywhere only where the rule says so."""
    synced = rule("sync", into="c", SourceSelectionCriteria={"ReplicaModifications": {"Status": "Enabled"}})
    configuration = of(rule("plain"), synced)
    assert names(for_changes(configuration, "k", is_replica=False)) == ["plain", "sync"]
    assert names(for_changes(configuration, "k", is_replica=True)) == ["sync"]


def test_metrics_are_for_rules_that_ask() -> None:
    """Only enabled rules with metrics enabled are measured."""
    measured = {"Metrics": {"Status": "Enabled"}}
    configuration = of(
        rule("yes", Destination=measured),
        rule("no", into="c"),
        rule("off", into="d", Destination=measured, Status="Disabled"),
    )
    assert names(rules_with_metrics(configuration)) == ["yes"]
