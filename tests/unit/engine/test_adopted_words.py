"""What adopting says of functions, buckets and names: secrets never, days that mean the same, each name once."""

from __future__ import annotations

from typing import Any

import pytest

from sbctl.core.kinds.resource import NotSayable
from sbctl.desired.config.sections import BucketItem
from sbctl.engine.adoption.functions import Function, environment, settings
from sbctl.engine.adoption.names import NamesById
from sbctl.engine.adoption.role_policies import may_write
from sbctl.resources.data.bucket_settings import days_of, lifecycle_rules
from sbctl.resources.functions.function import FunctionSpec, made_by_others
from sbctl.resources.s3_bucket import RESOURCE as BUCKET
from tests.unit.resources.aws.projects import EAST, WEST, project

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/callers"


def function(**members: Any) -> Function:
    base = {"FunctionName": "lookup", "Runtime": "nodejs22.x", "Handler": "index.handler", "Architectures": ["x86_64"]}
    return Function("lookup", {**base, **members}, zipped=members.get("PackageType") != "Image")


def test_only_known_names_and_harmless_values_of_variables_are_written() -> None:
    """Everything else is named and left out, unless its variable was allowed; what looks like a placeholder always is."""
    held = {"T": "callers", "ON": "True", "PIN": "4711", "KEY": "abc", "ODD": "${table:x}", "COLOUR": "blue"}
    words = {"callers": "${table:callers}"}
    found = environment(function(Environment={"Variables": held}), words, frozenset({"COLOUR", "ODD"}))
    assert found.said == {"T": "${table:callers}", "ON": "True", "COLOUR": "blue"}
    assert found.unsaid == ("KEY", "ODD", "PIN")


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"PackageType": "Image"}, "container image"),
        ({"Runtime": "provided.al2023"}, "provided.al2023"),
        ({"Runtime": "python3.8"}, "python3.8"),
        ({"Layers": [{"Arn": "arn"}]}, "layers"),
        ({"VpcConfig": {"VpcId": "vpc-1"}}, "VPC"),
        ({"FileSystemConfigs": [{"Arn": "arn"}]}, "file system"),
        ({"Architectures": ["arm64"]}, "arm64"),
    ],
)
def test_a_function_that_would_be_another_elsewhere_is_not_said(members: dict[str, Any], why: str) -> None:
    """The reason is told; one that has VPC settings without a VPC is said."""
    with pytest.raises(NotSayable, match=why):
        settings(function(**members))
    assert settings(function(VpcConfig={"VpcId": ""}))["handler"] == "index.handler"


def test_days_of_life_cycle_rules_say_the_same_elsewhere() -> None:
    """Rules of sbctl's own and simple ones of others; none for rules of a part of the bucket, or with parts without words."""
    item = BucketItem(name="any", glacier_after_days=7, expire_after_days=None, noncurrent_expire_after_days=3)
    assert days_of(lifecycle_rules(item)) == {
        "glacier_after_days": 7,
        "expire_after_days": None,
        "noncurrent_expire_after_days": 3,
    }
    rule: dict[str, Any] = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 9}}
    assert days_of([rule]) == {"glacier_after_days": None, "expire_after_days": 9}
    for part in (
        {"Filter": {"Prefix": "calls/"}},
        {"Status": "Disabled"},
        {"Expiration": {"Date": "2030-01-01"}},
        {"Transitions": [{"Days": 1, "StorageClass": "STANDARD_IA"}]},
        {"NoncurrentVersionTransitions": [{"NoncurrentDays": 1, "StorageClass": "GLACIER"}]},
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 2}},
    ):
        assert days_of([{**rule, **part}]) is None
    assert days_of([rule, {**rule, "Expiration": {"Days": 10}}]) is None


def test_a_bucket_of_others_is_called_by_its_name_in_its_region_alone() -> None:
    """What it keeps is neither compared nor changed; a name that two regions would share is a problem."""
    item = BucketItem.model_validate(
        {"name": "calls", "overrides": {"us-east-1": {"bucket": "acme-calls", "keep": ["policy", "versioning"]}}}
    )
    found = project(EAST, WEST, items={"buckets": (item,)})
    names = [found.bucket_name("calls", region.region) for region in (EAST, WEST)]
    assert names == ["acme-calls", "example-calls-123456789012-us-west-2"]
    local = item.in_region("us-east-1")
    assert local is not None
    [desired] = BUCKET.expand(local, found, "us-east-1")
    values = desired.values
    assert (values["policy"], values["versioning"], values["encryption"]) == (None, None, "AES256")
    shared = BucketItem(name="calls", bucket="acme-calls")
    assert [field for field, *_ in BUCKET.check(shared, project(EAST, WEST, items={"buckets": (shared,)}))] == [
        "bucket"
    ]


def test_rights_to_write_are_read_off_inline_policies() -> None:
    """By patterns of actions, in any case, on the table or a pattern of it; a denial allows nothing."""
    allow: dict[str, Any] = {"Effect": "Allow", "Action": "dynamodb:put*", "Resource": [TABLE]}
    assert may_write([{"Statement": allow}], TABLE)
    assert may_write([{"Statement": [{**allow, "Action": ["*"], "Resource": "*"}]}], TABLE)
    assert not may_write([{"Statement": [{**allow, "Action": "dynamodb:Get*"}]}], TABLE)
    assert not may_write([{"Statement": [{**allow, "Effect": "Deny"}]}], TABLE)
    assert not may_write([{"Statement": [{**allow, "Resource": f"{TABLE}-other"}]}], TABLE)


def test_names_are_cut_and_numbered_until_they_are_free() -> None:
    """Two buckets whose names begin alike are two items."""
    names = NamesById()
    for number, wanted in ((1, "acme-calls"), (2, "acme-cal-2"), (3, "acme-cal-3")):
        name = names.free("s3_bucket", "us-east-1", "acme-calls-of-the-east", 10)
        names.take("s3_bucket", "us-east-1", name, {"name": f"real-{number}"})
        assert name == wanted


def test_what_a_function_of_others_holds_is_not_told() -> None:
    """Its environment goes into no plan, unless the config wants one of its own."""
    live = {"name": "lookup", "environment": {"KEY": "abc"}}
    assert FunctionSpec.told(live, made_by_others("lookup").model_dump()) == {"name": "lookup", "environment": None}
    assert FunctionSpec.told(live, {"environment": {"KEY": "abc"}}) == live
