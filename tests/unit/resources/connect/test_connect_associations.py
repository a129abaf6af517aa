"""Storage and Lambda associations: what hangs on an instance without being a thing of its own."""

from __future__ import annotations

from typing import Any

from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.values import Unknown
from sbctl.desired.config.sections import BucketItem, LambdaItem, StorageItem
from sbctl.resources import connect_lambda, connect_storage
from sbctl.resources.connect_lambda import LambdaAssociationSpec
from sbctl.resources.connect_storage import StorageSpec
from tests.unit.resources.connect.script import Script, project, refused

IDS = {"instance": "i", "id": "a", "type": "CALL_RECORDINGS"}


def storage(**changed: Any) -> StorageSpec:
    """Storage of call recordings."""
    values = {"instance": "i", "resource_type": "CALL_RECORDINGS", "bucket": "b", "prefix": "p"}
    return StorageSpec(**{**values, **changed})


def test_recordings_go_to_the_regions_own_bucket_by_default() -> None:
    """Without a section, call recordings are stored in the bucket "recordings" of the instance's region."""
    (item,) = connect_storage.RESOURCE.defaults(project())
    (wanted,) = connect_storage.RESOURCE.expand(item, project(), "us-west-2")
    assert str(wanted.address) == "connect_storage.us-west-2.call-recordings"
    assert str(wanted.values["bucket"]) == "s3_bucket.us-west-2.recordings#name"
    assert "connect_instance.us-west-2.acme#alias" in str(wanted.values["prefix"])


def test_an_unknown_bucket_is_a_finding() -> None:
    """Storage in a bucket that the config does not have is reported before any call."""
    known = project(buckets=(BucketItem(name="recordings"),))
    assert list(connect_storage.RESOURCE.check(StorageItem(name="call-recordings"), known)) == []
    wrong = StorageItem(name="call-recordings", bucket="gone")
    assert [field for field, _, _ in connect_storage.RESOURCE.check(wrong, known)] == ["bucket"]


def test_only_wanted_types_of_storage_are_read() -> None:
    """AWS lists one type a call, so a plan pays for the types that it has."""
    row = {"AssociationId": "a", "StorageType": "S3", "S3Config": {"BucketName": "b", "BucketPrefix": "p"}}
    aws = Script({"ListInstanceStorageConfigs": [{"StorageConfigs": [row]}]})
    (live,) = connect_storage.RESOURCE.find(aws, "us-east-1", "i", Sought(frozenset({"CALL_RECORDINGS"})))
    assert live.spec == storage()
    assert dict(live.ids) == IDS
    assert len(aws.made) == 1


def test_a_new_prefix_keeps_the_encryption() -> None:
    """A key that sbctl does not manage stays when the prefix changes."""
    aws = Script()
    connect_storage.RESOURCE.update(aws, "us-east-1", IDS, storage(key_arn="arn:key"), storage(prefix="new"), {})
    (sent,) = aws.params("UpdateInstanceStorageConfig")
    assert sent["StorageConfig"]["S3Config"] == {
        "BucketName": "b",
        "BucketPrefix": "new",
        "EncryptionConfig": {"EncryptionType": "KMS", "KeyId": "arn:key"},
    }


def test_functions_for_flows_are_associated_in_every_connect_region() -> None:
    """A function is associated where it and an instance are, and after the permission to call it."""
    items = (
        LambdaItem(name="lookup", regions=["us-east-1", "eu-west-1"]),
        LambdaItem(name="health", connect=False),
        LambdaItem(name="greet"),
    )
    wanted = {str(found.address): found for found in connect_lambda.RESOURCE.derive(project(lambdas=items))}
    assert sorted(wanted) == [
        "connect_lambda.us-east-1.greet",
        "connect_lambda.us-east-1.lookup",
        "connect_lambda.us-west-2.greet",
    ]
    lookup = wanted["connect_lambda.us-east-1.lookup"]
    assert str(lookup.values["function_arn"]) == "lambda_function.us-east-1.lookup#arn"
    assert {str(address) for address in lookup.needs} == {"lambda_permission.us-east-1.lookup.connect"}


def test_a_function_that_does_not_exist_yet_is_an_unknown_key() -> None:
    """The engine recognises by an Unknown key that there is nothing to look for yet."""
    (wanted,) = connect_lambda.RESOURCE.derive(
        project(lambdas=(LambdaItem(name="lookup", regions=["us-east-1"]),)),
    )
    unknown = Unknown(wanted.values["function_arn"])
    assert connect_lambda.RESOURCE.key(LambdaAssociationSpec.model_construct(function_arn=unknown)) is unknown  # type: ignore[comparison-overlap]


def test_an_association_is_read_from_the_list() -> None:
    """There is no operation for one association; a missing instance has none."""
    ids = {"instance": "i", "function": "arn:f2"}
    aws = Script(
        {"ListLambdaFunctions": [{"LambdaFunctions": ["arn:f1"], "NextToken": "2"}, {"LambdaFunctions": ["arn:f2"]}]}
    )
    live = connect_lambda.RESOURCE.read(aws, "us-east-1", ids)
    assert live is not None
    assert dict(live.ids) == ids
    gone = Script({"ListLambdaFunctions": [refused("ResourceNotFoundException")]})
    assert connect_lambda.RESOURCE.read(gone, "us-east-1", ids) is None
