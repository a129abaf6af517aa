"""Customers' KMS keys, one a region: recordings and items arrive, verify-replication proves it, and finds what breaks it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sbctl.sandbox.replication_control import set_replication
from tests.sandbox.encrypted import EAST, REGIONS, ROLE, TABLE, WEST, Estate, encrypted, rewrite, sections
from tests.sandbox.shapes import Witness


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    with encrypted(tmp_path_factory.mktemp("project") / "small") as found:
        witness = Witness()
        found.small.running.world.witness = witness
        yield found
        assert sorted(witness.faults) == []


def test_recordings_and_items_arrive_and_are_encrypted_there(estate: Estate) -> None:
    """Both ways, with the key of the region in which they arrive; the next plan is empty and everything verifies."""
    for source, target in (REGIONS, REGIONS[::-1]):
        estate.record(source, f"calls/{source}.wav")
        estate.client("dynamodb", source).put_item(TableName=TABLE, Item={"Id": {"S": source}})
        estate.pass_time()
        head = estate.client("s3", target).head_object(Bucket=estate.bucket(target), Key=f"calls/{source}.wav")
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", estate.keys[target])
        assert "Item" in estate.client("dynamodb", target).get_item(TableName=TABLE, Key={"Id": {"S": source}})
    for region in REGIONS:
        described = estate.client("dynamodb", region).describe_table(TableName=TABLE)["Table"]
        assert described["SSEDescription"]["KMSMasterKeyArn"] == estate.keys[region]
        assert described["DeletionProtectionEnabled"]
    with pytest.raises(ClientError, match=r"[Dd]eletion"):
        estate.client("dynamodb", WEST).delete_table(TableName=TABLE)
    assert estate.small.run("plan", "--exit-code")[0] == 0
    assert estate.verify() == {}
    witness = estate.small.running.world.witness
    assert isinstance(witness, Witness)
    assert "kms:DescribeKey" in witness.answered


def _without_criteria(estate: Estate) -> None:
    client, bucket = estate.client("s3"), estate.bucket(EAST)
    found = client.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    for rule in found["Rules"]:
        del rule["SourceSelectionCriteria"], rule["Destination"]["EncryptionConfiguration"]
    client.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=found)


def _with_key_of_the_source(estate: Estate) -> None:
    client, bucket = estate.client("s3"), estate.bucket(EAST)
    found = client.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    found["Rules"][0]["Destination"]["EncryptionConfiguration"]["ReplicaKmsKeyID"] = estate.keys[EAST]
    client.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=found)


def _without(action: str, region: str) -> Any:
    def take_away(estate: Estate) -> None:
        iam = estate.client("iam")
        document = iam.get_role_policy(RoleName=ROLE, PolicyName="access")["PolicyDocument"]
        for statement in document["Statement"]:
            if estate.keys[region] in statement["Resource"]:
                statement["Action"] = [one for one in statement["Action"] if one != action]
        iam.put_role_policy(RoleName=ROLE, PolicyName="access", PolicyDocument=json.dumps(document))

    return take_away


def _disabled(region: str) -> Any:
    return lambda estate: estate.client("kms", region).disable_key(KeyId=estate.keys[region])


def _enabled(region: str) -> Any:
    return lambda estate: estate.client("kms", region).enable_key(KeyId=estate.keys[region])


LONG = pytest.mark.long
BREAKING: list[Any] = [
    pytest.param(_without_criteria, ("replication-rule", EAST, WEST), " replication apply", id="rule"),
    pytest.param(
        _with_key_of_the_source, ("replication-rule", EAST, WEST), " replication apply", id="replica-key", marks=LONG
    ),
    pytest.param(_without("kms:Decrypt", EAST), ("replication-role", EAST, WEST), " role apply", id="open", marks=LONG),
    pytest.param(
        _without("kms:Encrypt", WEST), ("replication-role", EAST, WEST), " role apply", id="close", marks=LONG
    ),
    pytest.param(_disabled(WEST), ("kms-key", WEST, ""), "aws kms enable-key", id="key"),
]


@pytest.mark.parametrize(("breaks", "reading", "fix"), BREAKING)
def test_each_way_of_breaking_it_is_found(estate: Estate, breaks: Any, reading: tuple[str, str, str], fix: str) -> None:
    """A recording does not arrive, the check says which part is broken, and its remedy mends it."""
    breaks(estate)
    estate.record(EAST, "calls/lost.wav")
    estate.pass_time()
    with pytest.raises(ClientError, match="404"):
        estate.client("s3", WEST).head_object(Bucket=estate.bucket(WEST), Key="calls/lost.wav")
    found = estate.verify()
    assert reading in found
    assert ("canary-object", EAST, WEST) in found
    said = found[reading]["fix"]
    assert fix in said
    if said.startswith("sbctl"):
        code, envelope = estate.small.call("--yes", "--output", "json", *shlex.split(said)[1:])
        assert code == 0, envelope["problems"]
    else:
        assert said == f"aws kms enable-key --region {WEST} --key-id {estate.keys[WEST]}"
        _enabled(WEST)(estate)
    estate.client("s3").delete_object(Bucket=estate.bucket(EAST), Key="calls/lost.wav")
    estate.pass_time()
    assert estate.verify() == {}


def test_a_table_with_another_key_is_found(estate: Estate) -> None:
    """A key that others gave a replica is not the one that the team watches; the remedy puts it back."""
    other = estate.client("kms", WEST).create_key()["KeyMetadata"]["Arn"]
    how = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": other}
    estate.client("dynamodb", WEST).update_table(TableName=TABLE, SSESpecification=how)
    found = estate.verify()
    assert set(found) == {("table-key", WEST, "")}
    code, envelope = estate.small.call(
        "--yes", "--output", "json", *shlex.split(found["table-key", WEST, ""]["fix"])[1:]
    )
    assert (code, envelope["problems"]) == (0, [])
    assert estate.verify() == {}


def test_a_key_of_another_region_is_refused_before_the_first_call(estate: Estate) -> None:
    """One region's key for all regions, of recordings and of tables: the field is named, and AWS is not asked."""
    one = dict.fromkeys(REGIONS, estate.keys[EAST])
    rewrite(estate.small, sections(one))
    code, envelope = estate.small.run("config", "check")
    rewrite(estate.small, sections(estate.keys))
    found = [(problem["at"].rpartition("→ ")[2], problem["detail"]) for problem in envelope["problems"]]
    assert code == 2
    assert len(found) == 2, found
    assert all(f"the KMS key is in {EAST}, and {WEST} can use its own keys only" in detail for _, detail in found)


def test_a_key_that_others_gave_recordings_is_taken_into_the_config(estate: Estate) -> None:
    """As the override of the storage in this region, which the next plan agrees with. Then all is as it was."""
    connect = estate.client("connect", WEST)
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    where = {"InstanceId": instance, "ResourceType": "CALL_RECORDINGS"}
    (found,) = connect.list_instance_storage_configs(**where)["StorageConfigs"]
    other = estate.client("kms", WEST).create_key()["KeyMetadata"]["Arn"]
    found["S3Config"]["EncryptionConfig"]["KeyId"] = other
    connect.update_instance_storage_config(**where, AssociationId=found["AssociationId"], StorageConfig=found)
    code, envelope = estate.small.run("drift", "--accept")
    assert (code, envelope["problems"]) == (0, [])
    storage = json.loads((estate.small.folder / "config/regions.json").read_text())["storage"]
    assert storage[0]["overrides"][WEST]["key"] == other
    addresses = {step["address"] for step in estate.small.run("plan")[1]["data"]["steps"] if step["action"] != "none"}
    rewrite(estate.small, sections(estate.keys))
    code, envelope = estate.small.run("deploy")
    assert (code, envelope["problems"]) == (0, [])
    assert "connect_storage.us-west-2.call-recordings" not in addresses


def test_what_is_pending_when_the_key_changes_arrives(estate: Estate) -> None:
    """With the former key: the plan says that the role keeps it. The next plan is empty, and so it is where no key is named."""
    set_replication(estate.small.running.world.services, {"service": "s3", "lag_seconds": 3600.0})
    estate.record(EAST, "calls/pending.wav")
    other = estate.client("kms").create_key()["KeyMetadata"]["Arn"]
    rewrite(estate.small, sections({**estate.keys, EAST: other}))
    notes = [
        note
        for step in estate.small.run("plan")[1]["data"]["steps"]
        for one in step["changes"]
        for note in one["notes"]
    ]
    assert [note for note in notes if estate.keys[EAST] in note and "may still decrypt" in note], notes
    code, envelope = estate.small.run("deploy", "--region", "all")
    assert (code, envelope["problems"]) == (0, [])
    assert estate.small.run("plan", "--exit-code")[0] == 0
    rewrite(estate.small, {"storage": [{"name": "call-recordings"}]})
    code, envelope = estate.small.run("deploy", "--region", "all")
    assert (code, envelope["problems"]) == (0, [])
    assert estate.small.run("plan", "--exit-code")[0] == 0
    estate.pass_time(7200.0)
    set_replication(estate.small.running.world.services, {"service": "s3", "lag_seconds": 1.0})
    head = estate.client("s3", WEST).head_object(Bucket=estate.bucket(WEST), Key="calls/pending.wav")
    assert head["SSEKMSKeyId"] == estate.keys[WEST]
    estate.client("s3").delete_object(Bucket=estate.bucket(EAST), Key="calls/pending.wav")
    rewrite(estate.small, sections(estate.keys))
    code, envelope = estate.small.run("deploy", "--region", "all")
    assert (code, envelope["problems"]) == (0, [])
    estate.pass_time()
    assert estate.verify() == {}
