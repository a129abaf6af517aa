"""What the foreign centre works with: functions, tables, buckets and storage, as their owners made them by boto3 alone."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

RECORDINGS, TRANSCRIPTS, REPORTS = "acme-call-recordings-of-the-east", "acme.transcripts", "acme-reports"
CALLERS, SETTINGS_TABLE, OTHER = "acme-callers", "acme-settings", "acme-other"
LOOKUP, NATIVE = "acme-lookup", "acme-native"
SECRET = "s3cr3t-of-acme"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/acme"
CODE = "from lib import answer\n\n\ndef main(event, context):\n    return answer()\n"
FILES = {"app.py": CODE, "lib/__init__.py": "def answer():\n    return {}\n", "tests/test_app.py": "assert True\n"}
Client = Callable[[str], Any]


@dataclass(frozen=True)
class Data:
    """The ARNs of the functions: one that can be made elsewhere, one that cannot."""

    function: str
    native: str


def build(client: Client, connect: Any, instance: str, advance: Callable[[float], object]) -> Data:
    """Make it all in us-east-1."""
    _buckets(client("s3"))
    _tables(client("dynamodb"), advance)
    _storage(connect, instance)
    role = _role(client("iam"))
    advance(60)
    functions = client("lambda")
    variables = {
        "TABLE": CALLERS,
        "SETTINGS": SETTINGS_TABLE,
        "REPORTS": REPORTS,
        "REGION": "us-east-1",
        "INSTANCE": instance,
        "LOG_LEVEL": "INFO",
        "FORMAT": "wide",
        "API_KEY": SECRET,
    }
    made = functions.create_function(
        FunctionName=LOOKUP,
        Description="Who calls",
        Runtime="python3.12",
        Role=role,
        Handler="app.main",
        Timeout=7,
        Environment={"Variables": variables},
        Code={"ZipFile": zipped(FILES)},
    )
    native = functions.create_function(
        FunctionName=NATIVE,
        Runtime="python3.13",
        Role=role,
        Handler="app.main",
        Architectures=["arm64"],
        Code={"ZipFile": zipped(FILES)},
    )
    advance(60)
    return Data(made["FunctionArn"], native["FunctionArn"])


def zipped(files: dict[str, str]) -> bytes:
    """A package of these files, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, text)
    return out.getvalue()


def _buckets(s3: Any) -> None:
    """One with nearly everything that sbctl's have, and a life cycle in its words; two bare ones."""
    for name in (RECORDINGS, TRANSCRIPTS, REPORTS, "acme-unrelated"):
        s3.create_bucket(Bucket=name)
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=RECORDINGS, PublicAccessBlockConfiguration=dict.fromkeys(names, True))
    s3.put_bucket_versioning(Bucket=RECORDINGS, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket=RECORDINGS, Tagging={"TagSet": [{"Key": "owner", "Value": "quality"}]})
    everywhere = {"Status": "Enabled", "Filter": {"Prefix": ""}}
    rules = [
        {
            "ID": "old",
            **everywhere,
            "Expiration": {"Days": 400},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 5},
        }
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=RECORDINGS, LifecycleConfiguration={"Rules": rules})
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:DeleteObject",
        "Resource": f"arn:aws:s3:::{RECORDINGS}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=RECORDINGS, Policy=policy)


def _tables(dynamodb: Any, advance: Callable[[float], object]) -> None:
    """One on demand with an index and a copy in another region, one with capacity and a sort key, one that nobody names."""
    dynamodb.create_table(
        TableName=CALLERS,
        KeySchema=[{"AttributeName": "Number", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "Number", "AttributeType": "S"},
            {"AttributeName": "Customer", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-customer",
                "KeySchema": [{"AttributeName": "Customer", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for name in (SETTINGS_TABLE, OTHER):
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "A", "KeyType": "HASH"}, {"AttributeName": "B", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "A", "AttributeType": "S"},
                {"AttributeName": "B", "AttributeType": "N"},
            ],
            BillingMode="PROVISIONED" if name == SETTINGS_TABLE else "PAY_PER_REQUEST",
            **(
                {"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}
                if name == SETTINGS_TABLE
                else {}
            ),
        )
    advance(60)
    dynamodb.update_continuous_backups(
        TableName=CALLERS,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 20},
    )
    dynamodb.update_table(TableName=CALLERS, ReplicaUpdates=[{"Create": {"RegionName": "us-west-2"}}])
    advance(900)


def _storage(connect: Any, instance: str) -> None:
    def store(kind: str, config: dict[str, Any]) -> None:
        connect.associate_instance_storage_config(InstanceId=instance, ResourceType=kind, StorageConfig=config)

    encryption = {"EncryptionType": "KMS", "KeyId": KEY}
    recordings = {"BucketName": RECORDINGS, "BucketPrefix": "connect/acme-prod/CallRecordings"}
    transcripts = {"BucketName": TRANSCRIPTS, "BucketPrefix": "chats", "EncryptionConfig": encryption}
    store("CALL_RECORDINGS", {"StorageType": "S3", "S3Config": recordings})
    store("CHAT_TRANSCRIPTS", {"StorageType": "S3", "S3Config": transcripts})
    records = {"StorageType": "KINESIS_STREAM", "KinesisStreamConfig": {"StreamArn": STREAM}}
    store("CONTACT_TRACE_RECORDS", records)


def _role(iam: Any) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    made = iam.create_role(RoleName=LOOKUP, AssumeRolePolicyDocument=document)["Role"]
    callers = f"arn:aws:dynamodb:us-east-1:123456789012:table/{CALLERS}"
    statement = {"Effect": "Allow", "Action": ["dynamodb:Get*", "dynamodb:Put*"], "Resource": callers}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    iam.put_role_policy(RoleName=LOOKUP, PolicyName="data", PolicyDocument=policy)
    return str(made["Arn"])
