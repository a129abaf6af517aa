"""What the examples of kinds refer to, made by plain boto3 calls: so that a kind is tried without any other kind.

A new kind whose examples refer to something new adds one function to MAKERS.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from sbctl.core.address import Address, Ref
from sbctl.sandbox.world import World
from tests.waits import advanced_until

Client = Callable[[str, str], Any]
Outputs = dict[str, str]
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
KNOWN_SECONDS = 30.0
"""Of the world's time: until then Lambda knows a new role, and runs a new function."""


class Prerequisites:
    """Makes what references point to, each once, and answers with its outputs."""

    def __init__(self, client: Client, world: World) -> None:
        self._client = client
        self.world = world
        self._made: dict[Address, Outputs] = {}

    def lookup(self, ref: Ref) -> str:
        """The value of a reference; what it points to is made when it is asked for first."""
        if ref.address not in self._made:
            maker = MAKERS.get(ref.address.kind)
            assert maker is not None, f"add a function for {ref.address.kind} to MAKERS in {__name__}"
            self._made[ref.address] = maker(self, ref.address)
        return self._made[ref.address][ref.output]

    def client(self, service: str, address: Address) -> Any:
        """A boto3 client where the address lives; what is global lives in us-east-1."""
        return self._client(service, "us-east-1" if address.region == "global" else address.region)

    def plain(self, service: str, region: str) -> Any:
        """A boto3 client."""
        return self._client(service, region)

    def make_key(self, region: str) -> str:
        """The ARN of a new KMS key."""
        arn: str = self._client("kms", region).create_key()["KeyMetadata"]["Arn"]
        return arn

    def encrypt(self, table: str, region: str) -> None:
        """Encrypt a table with a key of its region."""
        how = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": self.make_key(region)}
        self._client("dynamodb", region).update_table(TableName=table, SSESpecification=how)

    def beside(self, kind: str, region: str) -> None:
        """Make what a kind's examples name without a reference."""
        make = BESIDE.get(kind)
        if make is not None:
            make(self, region)

    def instance(self, region: str) -> str:
        """The id of the instance in which the examples of Connect kinds live."""
        return self.lookup(Address.of("connect_instance", region, "example").ref("id"))


def _instance(made: Prerequisites, at: Address) -> Outputs:
    connect = made.client("connect", at)
    alias = f"{at.name}-{at.region}"
    answer = connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias=alias,
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    active = lambda: connect.describe_instance(InstanceId=answer["Id"])["Instance"]["InstanceStatus"] == "ACTIVE"  # noqa: E731
    advanced_until(made.world, active, "an active instance", step=10.0)
    return {"id": answer["Id"], "arn": answer["Arn"], "alias": alias}


def _hours(made: Prerequisites, at: Address) -> Outputs:
    answer = made.client("connect", at).create_hours_of_operation(
        InstanceId=made.instance(at.region), Name=f"needed {at.name}", TimeZone="UTC", Config=[]
    )
    return {"id": answer["HoursOfOperationId"], "arn": answer["HoursOfOperationArn"]}


def _queue(made: Prerequisites, at: Address) -> Outputs:
    hours = made.lookup(Address.of("connect_hours", at.region, "of-queues").ref("id"))
    answer = made.client("connect", at).create_queue(
        InstanceId=made.instance(at.region), Name=f"needed {at.name}", HoursOfOperationId=hours
    )
    return {"id": answer["QueueId"], "arn": answer["QueueArn"]}


def _flow(made: Prerequisites, at: Address) -> Outputs:
    """One that hangs up, or of the type that its name says: a whisper ends without."""
    whisper = at.name.startswith("whisper")
    last = "EndFlowExecution" if whisper else "DisconnectParticipant"
    ends = {"Identifier": "end", "Type": last, "Parameters": {}, "Transitions": {}}
    answer = made.client("connect", at).create_contact_flow(
        InstanceId=made.instance(at.region),
        Name=f"needed {at.name}",
        Type="OUTBOUND_WHISPER" if whisper else "CONTACT_FLOW",
        Content=json.dumps({"Version": "2019-10-30", "StartAction": "end", "Metadata": {}, "Actions": [ends]}),
    )
    return {"id": answer["ContactFlowId"], "arn": answer["ContactFlowArn"]}


def _number(made: Prerequisites, at: Address) -> Outputs:
    connect, instance = made.client("connect", at), made.instance(at.region)
    asked = {"InstanceId": instance, "PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
    number = connect.search_available_phone_numbers(**asked)["AvailableNumbersList"][0]["PhoneNumber"]
    answer = connect.claim_phone_number(InstanceId=instance, PhoneNumber=number)
    made.world.scheduler.advance(KNOWN_SECONDS)
    return {"id": answer["PhoneNumberId"], "arn": answer["PhoneNumberArn"], "number": number}


def _quick_connect(made: Prerequisites, at: Address) -> Outputs:
    config = {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "+12065550199"}}
    answer = made.client("connect", at).create_quick_connect(
        InstanceId=made.instance(at.region), Name=f"needed {at.name}", QuickConnectConfig=config
    )
    return {"id": answer["QuickConnectId"], "arn": answer["QuickConnectARN"]}


def _routing_profile(made: Prerequisites, at: Address) -> Outputs:
    queue = made.lookup(Address.of("connect_queue", at.region, "of-profiles").ref("id"))
    answer = made.client("connect", at).create_routing_profile(
        InstanceId=made.instance(at.region),
        Name=f"needed {at.name}",
        Description="needed",
        DefaultOutboundQueueId=queue,
        MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
    )
    return {"id": answer["RoutingProfileId"], "arn": answer["RoutingProfileArn"]}


def _security_profile(made: Prerequisites, at: Address) -> Outputs:
    answer = made.client("connect", at).create_security_profile(
        InstanceId=made.instance(at.region), SecurityProfileName=f"needed {at.name}"
    )
    return {"id": answer["SecurityProfileId"], "arn": answer["SecurityProfileArn"]}


def _levels(made: Prerequisites, region: str) -> None:
    structure = {"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
    made.plain("connect", region).update_user_hierarchy_structure(
        InstanceId=made.instance(region), HierarchyStructure=structure
    )


def _hierarchy_group(made: Prerequisites, at: Address) -> Outputs:
    _levels(made, at.region)
    answer = made.client("connect", at).create_user_hierarchy_group(
        InstanceId=made.instance(at.region), Name=f"needed {at.name}"
    )
    return {"id": answer["HierarchyGroupId"], "arn": answer["HierarchyGroupArn"]}


def _attributes(made: Prerequisites, region: str) -> None:
    made.plain("connect", region).create_predefined_attribute(
        InstanceId=made.instance(region), Name="Product", Values={"StringList": ["Loans", "Cards", "Savings"]}
    )


def _role(made: Prerequisites, at: Address) -> Outputs:
    answer = made.client("iam", at).create_role(RoleName=f"needed-{at.name}", AssumeRolePolicyDocument=TRUST)
    return {"name": answer["Role"]["RoleName"], "arn": answer["Role"]["Arn"]}


def _function(made: Prerequisites, at: Address) -> Outputs:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", "def handle(event, context):\n    return {}\n")
    functions = made.client("lambda", at)
    role = made.lookup(Address.of("iam_role", "global", "of-functions").ref("arn"))
    asked = {
        "FunctionName": f"needed-{at.name}",
        "Runtime": "python3.13",
        "Role": role,
        "Handler": "handler.handle",
        "Code": {"ZipFile": code.getvalue()},
    }
    made.world.scheduler.advance(KNOWN_SECONDS)
    answer = functions.create_function(**asked)
    made.world.scheduler.advance(KNOWN_SECONDS)
    return {"name": answer["FunctionName"], "arn": answer["FunctionArn"]}


def _bucket(made: Prerequisites, at: Address) -> Outputs:
    name = f"needed-{at.name}-{at.region}"
    place = {} if at.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": at.region}}
    s3 = made.client("s3", at)
    s3.create_bucket(Bucket=name, **place)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for key in ("hello.wav", "morning.wav"):
        s3.put_object(Bucket=name, Key=key, Body=b"RIFF\0\0\0\0WAVEfmt ")
    return {"name": name, "arn": f"arn:aws:s3:::{name}"}


def _zone(made: Prerequisites, at: Address) -> Outputs:
    answer = made.client("route53", at).create_hosted_zone(Name=f"{at.name}.", CallerReference=str(at))
    return {"id": answer["HostedZone"]["Id"].removeprefix("/hostedzone/"), "name": at.name}


def _health_check(made: Prerequisites, at: Address) -> Outputs:
    answer = made.client("route53", at).create_health_check(
        CallerReference=str(at),
        HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": "example.com", "Port": 443},
    )
    return {"id": answer["HealthCheck"]["Id"]}


def _table(made: Prerequisites, at: Address) -> Outputs:
    """A table whose home is another region than the replica's, so that the replica is a real one."""
    home = "us-west-2"
    dynamodb = made.client("dynamodb", Address.of(at.kind, home, at.name))
    dynamodb.create_table(
        TableName=at.name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    active = lambda: dynamodb.describe_table(TableName=at.name)["Table"]["TableStatus"] == "ACTIVE"  # noqa: E731
    advanced_until(made.world, active, "an active table")
    return {"name": at.name, "home": home}


def _alarm(made: Prerequisites, at: Address) -> Outputs:
    name = f"needed-{at.name}"
    made.client("cloudwatch", at).put_metric_alarm(
        AlarmName=name,
        Namespace="needed",
        MetricName="Needed",
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    return {"name": name}


MAKERS: dict[str, Callable[[Prerequisites, Address], Outputs]] = {
    "cloudwatch_alarm": _alarm,
    "connect_instance": _instance,
    "connect_hours": _hours,
    "connect_flow": _flow,
    "connect_hierarchy_group": _hierarchy_group,
    "connect_phone_number": _number,
    "connect_queue": _queue,
    "connect_quick_connect": _quick_connect,
    "connect_routing_profile": _routing_profile,
    "connect_security_profile": _security_profile,
    "dynamodb_table": _table,
    "iam_role": _role,
    "lambda_function": _function,
    "s3_bucket": _bucket,
    "route53_zone": _zone,
    "route53_health_check": _health_check,
}
BESIDE: dict[str, Callable[[Prerequisites, str], None]] = {
    "connect_hierarchy_group": _levels,
    "connect_user": _attributes,
}
"""What examples name without a reference, by kind."""
