"""Programs that know nothing of sbctl do all of it through AWS_ENDPOINT_URL: the AWS CLI, plain boto3, and dig's questions."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dnslib import DNSRecord

from sbctl.sandbox.faults.control import add_fault, heal
from sbctl.sandbox.http.server import Running
from tests.waits import PATIENCE_SECONDS
from tests.worlds import empty_world, still

EAST, WEST = "us-east-1", "us-west-2"
AWS = shutil.which("aws", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
DIG = shutil.which("dig")
pytestmark = pytest.mark.skipif(AWS is None, reason="the AWS CLI is not installed")
ROLE = "arn:aws:iam::123456789012:role/any"
HANDLER = """
import os
def handler(event, context):
    return {"statusCode": 200, "body": os.environ["AWS_REGION"]}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["s3.amazonaws.com", "lambda.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}
MAY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


TERMINAL = """
import contextlib, io, json, sys, traceback
from awscli.clidriver import create_clidriver
names = {}
for line in sys.stdin:
    asked, said, failed = json.loads(line), io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(failed):
        try:
            code = create_clidriver().main(asked["aws"]) if "aws" in asked else exec(asked["python"], names) or 0
        except Exception:
            code = 1
            traceback.print_exc()
    print(json.dumps({"code": code, "said": said.getvalue(), "failed": failed.getvalue()}), flush=True)
"""
"""A terminal in which the AWS CLI is called, as its own `aws` does that, and Python is typed: each is loaded only once."""


class Foreigner:
    """Somebody with the AWS CLI and Python, and the sandbox's address in the environment."""

    def __init__(self, running: Running, folder: Path) -> None:
        self.running = running
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AWS_ENDPOINT_URL": running.endpoint,
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
            "AWS_PAGER": "",
            "NO_PROXY": "127.0.0.1",
        }
        self._terminal = subprocess.Popen(
            [sys.executable, "-c", TERMINAL],
            env=self.environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def aws(self, region: str, *words: str) -> Any:
        """What the AWS CLI prints."""
        said = self._typed(aws=["--region", region, "--output", "json", *words])
        return json.loads(said) if said.strip() else None

    def python(self, program: str) -> str:
        """What a program prints. It knows the names of those before it."""
        return self._typed(python=program).strip()

    def _typed(self, **asked: Any) -> str:
        assert self._terminal.stdin is not None
        assert self._terminal.stdout is not None
        self._terminal.stdin.write(json.dumps(asked) + "\n")
        self._terminal.stdin.flush()
        found = json.loads(self._terminal.stdout.readline())
        assert found["code"] == 0, f"{asked}: {found['failed']}"
        return str(found["said"])

    def run(self, *command: str) -> str:
        """What a process prints."""
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command[:8]}: {done.stderr}"
        return done.stdout

    def leave(self) -> None:
        """Close the terminal."""
        self._terminal.communicate()

    def advance(self, seconds: float) -> None:
        self.running.world.scheduler.advance(seconds)

    def dig(self, name: str) -> str:
        """The answer's value, as dig prints it, or where there is no dig as a stub resolver gets it."""
        if DIG is not None:
            where = ["@127.0.0.1", "-p", str(self.running.dns_port)]
            return self.run(DIG, *where, "+short", "+tries=1", "+time=60", name, "CNAME").strip().rstrip(".")
        question = DNSRecord.question(name, "CNAME")
        reply = DNSRecord.parse(question.send("127.0.0.1", self.running.dns_port, timeout=PATIENCE_SECONDS))
        return str(reply.short()).rstrip(".")


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with empty_world(still(zone="example.com"), dns_port=0) as running:
        yield running


@pytest.fixture
def foreigner(served: Running, tmp_path: Path) -> Iterator[Foreigner]:
    served.reset()
    found = Foreigner(served, tmp_path)
    yield found
    found.leave()


def test_items_reach_the_other_region(foreigner: Foreigner) -> None:
    """By the CLI: a table, a replica, an item; paused it does not arrive, and after healing it does. boto3 reads it."""
    table = ["--table-name", "customers"]
    foreigner.aws(
        EAST,
        *("dynamodb", "create-table", *table, "--billing-mode", "PAY_PER_REQUEST"),
        *("--attribute-definitions", "AttributeName=id,AttributeType=S"),
        *("--key-schema", "AttributeName=id,KeyType=HASH"),
        *("--stream-specification", "StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES"),
    )
    foreigner.advance(60)
    foreigner.aws(EAST, "dynamodb", "update-table", *table, "--replica-updates", f"Create={{RegionName={WEST}}}")
    foreigner.advance(120)
    put = ("dynamodb", "put-item", *table, "--item")
    get = ("dynamodb", "get-item", *table, "--key")
    foreigner.aws(EAST, *put, '{"id": {"S": "1"}}')
    foreigner.advance(10)
    assert foreigner.aws(WEST, *get, '{"id": {"S": "1"}}')["Item"] == {"id": {"S": "1"}}
    assert json.loads(foreigner.run(str(AWS), "--region", WEST, *get, '{"id": {"S": "1"}}', "--output", "json"))["Item"]
    paused = add_fault(foreigner.running.world.faults, {"kind": "replication-paused", "target": WEST})
    foreigner.aws(EAST, *put, '{"id": {"S": "2"}}')
    foreigner.advance(60)
    assert not foreigner.aws(WEST, *get, '{"id": {"S": "2"}}')
    heal(foreigner.running.world.faults, {"id": paused["id"]})
    foreigner.advance(10)
    program = (
        "import boto3; t = boto3.resource('dynamodb', region_name='us-west-2').Table('customers');"
        "print(sorted(i['id'] for i in t.scan()['Items']))"
    )
    assert foreigner.python(program) == "['1', '2']"


def test_a_recording_reaches_the_other_region(foreigner: Foreigner) -> None:
    """By the CLI: buckets, a role, a rule, objects; a copy says REPLICA and its source COMPLETED, paused it waits for healing."""
    trust, may = foreigner.folder / "trust.json", foreigner.folder / "may.json"
    trust.write_text(json.dumps(TRUST))
    may.write_text(json.dumps(MAY))
    foreigner.aws(EAST, "iam", "create-role", "--role-name", "any", "--assume-role-policy-document", f"file://{trust}")
    sequential = ("--role-name", "any", "--policy-name", "may", "--policy-document", f"file://{may}")
    foreigner.aws(EAST, "iam", "put-role-policy", *sequential)
    for bucket, region in (("calls-e", EAST), ("calls-w", WEST)):
        where = [] if region == EAST else ["--create-bucket-configuration", f"LocationConstraint={region}"]
        foreigner.aws(region, "s3api", "create-bucket", "--bucket", bucket, *where)
        status = "Status=Enabled"
        foreigner.aws(
            region, "s3api", "put-bucket-versioning", "--bucket", bucket, "--versioning-configuration", status
        )
    foreigner.advance(30)
    rule = {
        "ID": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::calls-w"},
    }
    rules = json.dumps({"Role": ROLE, "Rules": [rule]})
    foreigner.aws(EAST, "s3api", "put-bucket-replication", "--bucket", "calls-e", "--replication-configuration", rules)
    voice = foreigner.folder / "voice.wav"
    voice.write_bytes(b"voice")
    foreigner.python(
        f"import boto3; boto3.client('s3', region_name='us-east-1').upload_file('{voice}', 'calls-e', 'a')"
    )
    foreigner.advance(120)
    head = ("s3api", "head-object", "--key", "a", "--bucket")
    assert foreigner.aws(WEST, *head, "calls-w")["ReplicationStatus"] == "REPLICA"
    assert foreigner.aws(EAST, *head, "calls-e")["ReplicationStatus"] == "COMPLETED"
    paused = add_fault(foreigner.running.world.faults, {"kind": "replication-paused", "target": WEST})
    foreigner.aws(EAST, "s3api", "put-object", "--bucket", "calls-e", "--key", "b", "--body", str(voice))
    foreigner.advance(600)
    listed = ("s3api", "list-objects-v2", "--bucket", "calls-w", "--query", "Contents[].Key")
    assert foreigner.aws(WEST, *listed) == ["a"]
    heal(foreigner.running.world.faults, {"id": paused["id"]})
    foreigner.advance(120)
    assert foreigner.aws(WEST, *listed) == ["a", "b"]


@pytest.mark.long
def test_a_lost_region_moves_dns(foreigner: Foreigner) -> None:
    """By boto3: functions with URLs, health checks and failover records; DNS leaves a lost region and returns to it."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", HANDLER)
    (foreigner.folder / "app.zip").write_bytes(package.getvalue())
    for program in PROGRAMS:
        made = foreigner.python(program)
        foreigner.advance(30)
    assert made == "200 us-west-2"
    foreigner.advance(120)
    assert foreigner.dig("app.example.com") == "east.example.org"
    lost = add_fault(foreigner.running.world.faults, {"kind": "down", "region": EAST})
    foreigner.advance(60)
    assert foreigner.dig("app.example.com") == "west.example.org"
    both = add_fault(foreigner.running.world.faults, {"kind": "down", "region": WEST})
    foreigner.advance(60)
    assert foreigner.dig("app.example.com") == "east.example.org"
    for fault in (lost, both):
        heal(foreigner.running.world.faults, {"id": fault["id"]})
    foreigner.advance(60)
    assert foreigner.dig("app.example.com") == "east.example.org"
    told = foreigner.aws(EAST, "route53", "list-health-checks")
    statuses = foreigner.aws(
        EAST, "route53", "get-health-check-status", "--health-check-id", told["HealthChecks"][0]["Id"]
    )
    assert "Success" in statuses["HealthCheckObservations"][0]["StatusReport"]["Status"]


PROGRAMS = (
    """
import boto3, json, urllib.parse
trust = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
role = boto3.client("iam", region_name="us-east-1").create_role(
    RoleName="app", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
""",
    """
code = open("app.zip", "rb").read()
places = {kind: boto3.client("lambda", region_name=region)
          for region, kind in (("us-east-1", "PRIMARY"), ("us-west-2", "SECONDARY"))}
for functions in places.values():
    functions.create_function(FunctionName="app", Runtime="python3.13", Role=role, Handler="app.handler",
                              Code={"ZipFile": code})
""",
    """
dns = boto3.client("route53", region_name="us-east-1")
zone = dns.list_hosted_zones()["HostedZones"][0]["Id"]
changes = []
for (kind, functions), value in zip(places.items(), ["east.example.org", "west.example.org"]):
    functions.get_waiter("function_active_v2").wait(FunctionName="app")
    url = functions.create_function_url_config(FunctionName="app", AuthType="NONE")["FunctionUrl"]
    for action, more in (("lambda:InvokeFunctionUrl", {"FunctionUrlAuthType": "NONE"}),
                         ("lambda:InvokeFunction", {"InvokedViaFunctionUrl": True})):
        functions.add_permission(FunctionName="app", StatementId=action.split(":")[1], Action=action, Principal="*", **more)
    answer = functions.invoke(FunctionName="app", Payload=b"{}")
    host = urllib.parse.urlsplit(url).hostname
    check = dns.create_health_check(CallerReference=kind, HealthCheckConfig={
        "Type": "HTTPS", "FullyQualifiedDomainName": host, "Port": 443, "ResourcePath": "/",
        "RequestInterval": 10, "FailureThreshold": 3})["HealthCheck"]["Id"]
    changes.append({"Action": "CREATE", "ResourceRecordSet": {
        "Name": "app.example.com", "Type": "CNAME", "SetIdentifier": kind, "Failover": kind, "TTL": 60,
        "HealthCheckId": check, "ResourceRecords": [{"Value": value}]}})
dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
print(answer["StatusCode"], json.loads(answer["Payload"].read())["body"])
""",
)
