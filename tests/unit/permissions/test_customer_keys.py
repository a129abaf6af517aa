"""Customers' KMS keys in policies of callers: those that the config names, and no statement where it names none."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.kinds.discover import discover
from sbctl.core.kinds.resource import Kind
from sbctl.core.state import State
from sbctl.desired.config.sections import KeyAttribute, StorageItem, TableItem
from sbctl.permissions.actions import dependent_actions
from sbctl.permissions.policies import statements
from sbctl.permissions.purposes import Use
from sbctl.permissions.scopes import estate
from tests.unit.resources.aws.projects import project

SHELF: dict[str, Kind[Any, Any]] = discover("sbctl.resources", "RESOURCE")
EAST = "arn:aws:kms:us-east-1:123456789012:key/1"
WEST = "arn:aws:kms:us-west-2:123456789012:alias/calls"
KEYS: dict[str, dict[str, Any]] = {"us-east-1": {"key": EAST}, "us-west-2": {"key": WEST}}
ITEMS: dict[str, Any] = {
    "storage": (StorageItem(name="call-recordings", overrides=KEYS),),
    "tables": (TableItem(name="customers", partition_key=KeyAttribute(name="Id"), overrides=KEYS),),
}


def about_keys(call: str, **items: Any) -> list[Any]:
    """The statements on keys that a call leads to: actions and resources."""
    also = dependent_actions(SHELF.values()).get(call, ())
    found = statements([Use(call, also=also)], estate(project(items=items), (), State()))
    return [
        (one["Action"], one["Resource"]) for one in found if any(action.startswith("kms:") for action in one["Action"])
    ]


@pytest.mark.parametrize(
    ("call", "actions"),
    [
        ("s3:PutObject", ["kms:Decrypt", "kms:GenerateDataKey"]),
        ("dynamodb:PutItem", ["kms:Decrypt"]),
        ("connect:AssociateInstanceStorageConfig", ["kms:CreateGrant", "kms:DescribeKey"]),
        ("kms:DescribeKey", ["kms:DescribeKey"]),
        ("s3:ListBuckets", None),
    ],
)
def test_a_call_may_use_the_keys_that_the_config_names(call: str, actions: list[str] | None) -> None:
    """An alias stands for any key of its region, since a policy names none."""
    any_in_west = "arn:aws:kms:us-west-2:123456789012:key/*"
    assert about_keys(call, **ITEMS) == ([(actions, [EAST, any_in_west])] if actions else [])
    assert about_keys(call) == []
