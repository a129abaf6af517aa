"""A world that is kept is the same after a restart: what it answers, what was on its way, what was broken, what time it is."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sbctl.sandbox.dynamodb.service import DynamoDbService
from sbctl.sandbox.faults.control import add_fault
from tests.sandbox.conftest import Sandbox
from tests.sandbox.kept_world import answers, kept

EAST, WEST = "us-east-1", "us-west-2"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": ["lambda.amazonaws.com", "s3.amazonaws.com"]},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
COPY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
ROLE = "arn:aws:iam::123456789012:role/runs"
CODE = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'here'}\n"


def fill(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    """Something in every service; the parameters with which it can be asked about."""
    make_roles(sandbox)
    pass_time(sandbox, 60)
    instance = make_contact_centre(sandbox)
    make_table(sandbox)
    make_buckets(sandbox)
    function = make_function(sandbox)
    check, zone = make_dns(sandbox)
    small = make_small_things(sandbox)
    pass_time(sandbox, 700)
    return {
        "connect": {"InstanceId": instance, "ResourceType": "CHAT_TRANSCRIPTS", "AttributeType": "INBOUND_CALLS"},
        "dynamodb": {"TableName": "customers", "Key": {"id": {"S": "7"}}},
        "iam": {"RoleName": "runs", "PolicyName": "copy", "UserName": "nobody"},
        "lambda": {"FunctionName": "health", "Name": "live", "Resource": function},
        "route53": {"HealthCheckId": check, "HostedZoneId": zone, "Id": zone},
        "s3": {"Bucket": "calls-use1", "Key": "a/1.wav"},
        "cloudwatch": {"DashboardName": "all"},
        **small,
    }


def make_roles(sandbox: Sandbox) -> None:
    iam = sandbox.client("iam")
    iam.create_role(RoleName="runs", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="runs", PolicyName="copy", PolicyDocument=json.dumps(COPY))


def make_contact_centre(sandbox: Sandbox) -> str:
    connect = sandbox.client("connect")
    made = connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="kept",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    return str(made["Id"])


def make_table(sandbox: Sandbox) -> None:
    client = sandbox.client("dynamodb", EAST)
    client.create_table(
        TableName="customers",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    pass_time(sandbox, 5)
    client.update_table(TableName="customers", ReplicaUpdates=[{"Create": {"RegionName": WEST}}])
    pass_time(sandbox, 30)
    for number in range(20):
        put(sandbox, EAST, str(number))
    pass_time(sandbox, 30)


def make_buckets(sandbox: Sandbox) -> None:
    for bucket, region in (("calls-use1", EAST), ("calls-usw2", WEST)):
        client = sandbox.client("s3", region)
        where: dict[str, Any] = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region != EAST else {}
        client.create_bucket(Bucket=bucket, **where)
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ID": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": "arn:aws:s3:::calls-usw2"},
    }
    client = sandbox.client("s3")
    client.put_bucket_replication(Bucket="calls-use1", ReplicationConfiguration={"Role": ROLE, "Rules": [rule]})
    client.put_object(Bucket="calls-use1", Key="a/1.wav", Body=b"one", Metadata={"call": "1"}, Tagging="team=blue")
    client.put_object(Bucket="calls-use1", Key="a/1.wav", Body=b"two")
    client.put_object(Bucket="calls-use1", Key="gone", Body=b"x")
    client.delete_object(Bucket="calls-use1", Key="gone")


def make_function(sandbox: Sandbox) -> str:
    client, package = sandbox.client("lambda"), io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", CODE)
    client.create_function(
        FunctionName="health",
        Runtime="python3.12",
        Role=ROLE,
        Handler="app.handler",
        Code={"ZipFile": package.getvalue()},
    )
    pass_time(sandbox, 10)
    version = client.publish_version(FunctionName="health")["Version"]
    client.create_alias(FunctionName="health", Name="live", FunctionVersion=version)
    client.create_function_url_config(FunctionName="health", AuthType="NONE")
    for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
        client.add_permission(
            FunctionName="health", StatementId=action.rpartition(":")[2], Action=action, Principal="*"
        )
    return str(client.get_function_configuration(FunctionName="health")["FunctionArn"])


def make_dns(sandbox: Sandbox) -> tuple[str, str]:
    route53 = sandbox.client("route53")
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": "nothing.example.com", "FailureThreshold": 3}
    check = route53.create_health_check(CallerReference="one", HealthCheckConfig=config)["HealthCheck"]["Id"]
    zone = route53.list_hosted_zones()["HostedZones"][0]["Id"].rpartition("/")[2]
    record = {"Name": "a.example.com", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "192.0.2.7"}]}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    return check, zone


def make_small_things(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    cloudwatch = sandbox.client("cloudwatch")
    cloudwatch.put_metric_data(Namespace="own", MetricData=[{"MetricName": "calls", "Value": 4.0}])
    cloudwatch.put_metric_alarm(
        AlarmName="many",
        Namespace="own",
        MetricName="calls",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=3.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    widget = {"type": "text", "width": 6, "height": 3, "x": 0, "y": 0, "properties": {"markdown": "calls"}}
    cloudwatch.put_dashboard(DashboardName="all", DashboardBody=json.dumps({"widgets": [widget]}))
    logs = sandbox.client("logs")
    logs.create_log_group(logGroupName="/calls")
    logs.create_log_stream(logGroupName="/calls", logStreamName="one")
    logs.put_log_events(logGroupName="/calls", logStreamName="one", logEvents=[{"timestamp": 1, "message": "hello"}])
    topic = sandbox.client("sns").create_topic(Name="told")["TopicArn"]
    queue = sandbox.client("sqs").create_queue(QueueName="waits")["QueueUrl"]
    sandbox.client("sqs").send_message(QueueUrl=queue, MessageBody="later")
    sandbox.client("events").put_rule(Name="hourly", EventPattern='{"source": ["own"]}')
    secret = sandbox.client("secretsmanager").create_secret(Name="word", SecretString="hush")["ARN"]
    sandbox.client("ssm").put_parameter(Name="/colour", Value="blue", Type="String")
    key = sandbox.client("kms").create_key(Description="ours")["KeyMetadata"]["KeyId"]
    return {
        "logs": {"logGroupName": "/calls", "logStreamName": "one"},
        "sns": {"TopicArn": topic},
        "sqs": {"QueueUrl": queue},
        "events": {"Name": "hourly", "Rule": "hourly"},
        "secretsmanager": {"SecretId": secret},
        "ssm": {"Name": "/colour", "Names": ["/colour"], "Path": "/"},
        "kms": {"KeyId": key},
        "sts": {},
    }


def put(sandbox: Sandbox, region: str, number: str) -> None:
    sandbox.client("dynamodb", region).put_item(TableName="customers", Item={"id": {"S": number}, "n": {"N": number}})


def items(sandbox: Sandbox, region: str) -> list[str]:
    found = sandbox.client("dynamodb", region).scan(TableName="customers")["Items"]
    return sorted(item["id"]["S"] for item in found)


def pass_time(sandbox: Sandbox, seconds: float) -> None:
    sandbox.world.scheduler.advance(seconds)


@pytest.fixture
def folder(tmp_path: Path, sandbox: Sandbox) -> Path:  # noqa: ARG001
    """A folder of its own; the world of the other tests is emptied, because moto has one state a process."""
    return tmp_path / "world"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a world with something of everything, made once and served by nobody."""
    folder = tmp_path_factory.mktemp("full") / "world"
    with kept(folder) as sandbox:
        fill(sandbox)
    return folder


@pytest.fixture
def filled(full: Path, folder: Path) -> Path:
    """A copy of it, for the test alone."""
    shutil.copytree(full, folder)
    return folder


def test_every_question_has_the_same_answer_after_a_restart(folder: Path) -> None:
    """All that can be listed, described and got of every service is as it was, ports and the hosts of function URLs too."""
    with kept(folder) as sandbox:
        known = fill(sandbox)
        before, endpoint = answers(sandbox, known, (EAST, WEST)), sandbox.endpoint
    with kept(folder) as sandbox:
        after = answers(sandbox, known, (EAST, WEST))
        assert sandbox.endpoint == endpoint
    assert len(before) > 300
    assert sum(isinstance(answer, dict) for answer in before.values()) > 100
    differ = [name for name in before if after[name] != before[name]]
    assert [(before[name], after[name]) for name in differ] == []


def test_what_was_kept_is_used_as_before(filled: Path) -> None:
    """After a restart functions run, items and objects can be written, and what is written replicates."""
    with kept(filled) as sandbox:
        ran = sandbox.client("lambda").invoke(FunctionName="health")
        assert json.loads(ran["Payload"].read())["body"] == "here"
        put(sandbox, WEST, "99")
        sandbox.client("s3").put_object(Bucket="calls-use1", Key="new", Body=b"three")
        pass_time(sandbox, 60)
        assert "99" in items(sandbox, EAST)
        copy = sandbox.client("s3", WEST).get_object(Bucket="calls-usw2", Key="new")
        assert (copy["Body"].read(), copy["ReplicationStatus"]) == (b"three", "REPLICA")


def test_what_was_on_its_way_arrives_after_the_restart(filled: Path) -> None:
    """Items and objects that had not reached the other region when the server stopped get there afterwards, once."""
    with kept(filled) as sandbox:
        put(sandbox, EAST, "50")
        sandbox.client("dynamodb", EAST).delete_item(TableName="customers", Key={"id": {"S": "7"}})
        sandbox.client("s3").put_object(Bucket="calls-use1", Key="late", Body=b"late")
        assert "50" not in items(sandbox, WEST)
    with kept(filled) as sandbox:
        assert "50" not in items(sandbox, WEST)
        assert sandbox.client("s3").head_object(Bucket="calls-use1", Key="late")["ReplicationStatus"] == "PENDING"
        pass_time(sandbox, 60)
        assert items(sandbox, WEST) == items(sandbox, EAST)
        assert "50" in items(sandbox, WEST)
        assert "7" not in items(sandbox, WEST)
        assert sandbox.client("s3").head_object(Bucket="calls-use1", Key="late")["ReplicationStatus"] == "COMPLETED"
        assert sandbox.client("s3", WEST).list_object_versions(Bucket="calls-usw2", Prefix="late")["Versions"]


def test_a_lost_region_is_still_lost_and_catches_up_when_healed(folder: Path) -> None:
    """A fault outlives the restart, with its end; what waited for the region still waits, and arrives after it."""
    with kept(folder) as sandbox:
        make_table(sandbox)
        lost = {"kind": "down", "region": WEST, "seconds": 300}
        add_fault(sandbox.world.faults, lost)
        put(sandbox, EAST, "50")
        pass_time(sandbox, 60)
    with kept(folder) as sandbox:
        assert [fault.region for fault in sandbox.world.faults.all()] == [WEST]
        replication = sandbox.world.services["dynamodb"]
        assert isinstance(replication, DynamoDbService)
        assert [way.pending for way in replication.replication.backlog()] == [1]
        pass_time(sandbox, 250)
        assert sandbox.world.faults.all() == []
        assert "50" in items(sandbox, WEST)


def test_a_transaction_that_is_sent_again_after_the_restart_is_done_once(folder: Path) -> None:
    """The ClientRequestToken of a transaction is remembered with its answer."""
    update = {
        "TableName": "customers",
        "Key": {"id": {"S": "sum"}},
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    request: dict[str, Any] = {"TransactItems": [{"Update": update}], "ClientRequestToken": "again"}
    with kept(folder) as sandbox:
        make_table(sandbox)
        sandbox.client("dynamodb").transact_write_items(**request)
    with kept(folder) as sandbox:
        client = sandbox.client("dynamodb")
        client.transact_write_items(**request)
        assert client.get_item(TableName="customers", Key={"id": {"S": "sum"}})["Item"]["n"] == {"N": "1"}


def test_a_health_check_goes_on_counting(folder: Path) -> None:
    """An endpoint that failed twice before the restart turns unhealthy at the third failure after it."""
    with kept(folder) as sandbox:
        config = {"Type": "HTTPS", "FullyQualifiedDomainName": "nothing.example.com", "FailureThreshold": 3}
        made = sandbox.client("route53").create_health_check(CallerReference="x", HealthCheckConfig=config)
        check = made["HealthCheck"]["Id"]
        pass_time(sandbox, 40)
        assert sandbox.world.route53.is_healthy(check)
    with kept(folder) as sandbox:
        assert sandbox.world.route53.is_healthy(check)
        pass_time(sandbox, 35)
        assert not sandbox.world.route53.is_healthy(check)


def test_time_stands_still_while_nobody_serves(folder: Path) -> None:
    """The clock goes on from where it stood, at its former speed, also when that is a day ahead of the real time."""
    with kept(folder) as sandbox:
        pass_time(sandbox, 86400)
        stood = sandbox.world.clock.seconds()
    with kept(folder, speed=None) as sandbox:
        assert sandbox.world.clock.seconds() == stood
        assert sandbox.world.clock.speed == 0.0


def test_a_reset_empties_what_is_kept(filled: Path) -> None:
    """After a reset the next server has an empty account with its zone, and nothing of the old one is in the folder."""
    with kept(filled) as sandbox:
        sandbox.client("s3").put_object(Bucket="calls-use1", Key="secret", Body=b"very-secret-recording" * 50)
        sandbox.world.keep()
        assert b"very-secret-recording" in (filled / "world.db").read_bytes()
        sandbox.running.reset()
        sandbox.world.keep()
        assert b"very-secret-recording" not in (filled / "world.db").read_bytes()
    with kept(filled) as sandbox:
        assert sandbox.client("dynamodb").list_tables()["TableNames"] == []
        assert sandbox.client("s3").list_buckets()["Buckets"] == []
        assert sandbox.client("connect").list_instances()["InstanceSummaryList"] == []
        assert [zone["Name"] for zone in sandbox.client("route53").list_hosted_zones()["HostedZones"]] == [
            "example.com."
        ]
