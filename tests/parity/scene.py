"""The default project, deployed by the command line into a sandbox in this process, to be changed behind sbctl's back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from click.testing import CliRunner

from sbctl.main import cli
from sbctl.sandbox.http.server import Running
from tests.sandbox.deployed import BETWEEN_SECONDS
from tests.sandbox.deployed import deployed as deployed_project

ROOT = Path(__file__).parents[2]
EAST, WEST, LONDON = "us-east-1", "us-west-2", "eu-west-2"
FLOW, TABLE, FUNCTION = "salesinbound", "customers-global", "enterprise-customer_lookup"
OLD_CODE = "def handler(event, context):\n    return {}\n"


@dataclass(frozen=True)
class Scene:
    """A deployed project. `folder` holds its config, flows, functions and state."""

    running: Running
    folder: Path
    touched: set[str] = field(default_factory=set)
    """Addresses that may have been changed in AWS."""

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit code and JSON envelope of a command, typed some seconds after the last change."""
        self.running.world.scheduler.advance(BETWEEN_SECONDS)
        options = ["--config", str(self.folder / "config"), "--sandbox", "--yes", "--output", "json"]
        done = CliRunner().invoke(cli, [*options, *arguments], catch_exceptions=False)
        return done.exit_code, json.loads(done.stdout)

    def client(self, service: str, region: str = WEST) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.running.endpoint,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
        )

    def ids(self, address: str) -> dict[str, str]:
        """The ids of a deployed resource, which somebody will change now."""
        self.touched.add(address)
        return self.known(address)

    def known(self, address: str) -> dict[str, str]:
        """The ids of a deployed resource, which stays as it is in the end."""
        kept = json.loads((self.folder / "state" / "sbctl.json").read_text(encoding="utf-8"))
        found: dict[str, str] = kept["state"]["records"][address]["ids"]
        return found

    @contextmanager
    def broken(self, *fault: str) -> Iterator[None]:
        """The world with a fault, by the sandbox's own words, until the end of the block."""
        code, envelope = self.run("sandbox", "fault", "add", *fault)
        assert code == 0, envelope["problems"]
        try:
            yield
        finally:
            self.run("sandbox", "heal")

    def say(self, text: str, region: str = WEST, flow: str = FLOW) -> None:
        """Change what a flow says first, as somebody does in the console."""
        ids = self.ids(f"connect_flow.{region}.{flow}")
        place = {"InstanceId": ids["instance"], "ContactFlowId": ids["id"]}
        connect = self.client("connect", region)
        content = json.loads(connect.describe_contact_flow(**place)["ContactFlow"]["Content"])
        spoken = next(action for action in content["Actions"] if "Text" in action["Parameters"])
        spoken["Parameters"]["Text"] = text
        connect.update_contact_flow_content(**place, Content=json.dumps(content))

    def line_up(self, contacts: int, region: str = WEST, queue: str = "sales") -> None:
        """Change how many contacts may wait in a queue."""
        ids = self.ids(f"connect_queue.{region}.{queue}")
        place = {"InstanceId": ids["instance"], "QueueId": ids["id"]}
        self.client("connect", region).update_queue_max_contacts(**place, MaxContacts=contacts)

    def drop_queue(self, queue: str = "vip-sales") -> None:
        """Delete a queue; AWS wants it out of the routing profile first."""
        ids = self.ids(f"connect_queue.{WEST}.{queue}")
        profile = self.ids(f"connect_routing_profile.{WEST}.basic-agents")["id"]
        connect, instance = self.client("connect"), ids["instance"]
        connect.disassociate_routing_profile_queues(
            InstanceId=instance,
            RoutingProfileId=profile,
            QueueReferences=[{"QueueId": ids["id"], "Channel": "VOICE"}],
        )
        connect.delete_queue(InstanceId=instance, QueueId=ids["id"])

    def deploy_old_code(self, function: str = FUNCTION) -> None:
        package = io.BytesIO()
        self.touched.add(function)
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("handler.py", OLD_CODE)
        self.client("lambda").update_function_code(FunctionName=function, ZipFile=package.getvalue())

    def switch_pitr(self, *, on: bool) -> None:
        self.touched.add(TABLE)
        setting = {"PointInTimeRecoveryEnabled": on}
        self.client("dynamodb").update_continuous_backups(TableName=TABLE, PointInTimeRecoverySpecification=setting)

    def check_path(self, path: str, region: str = WEST) -> None:
        """Let a health check ask for another path."""
        check = self.ids(f"route53_health_check.global.{region}")["id"]
        self.client("route53").update_health_check(HealthCheckId=check, ResourcePath=path)

    def set_ttl(self, seconds: int, region: str = WEST, ending: str = "") -> None:
        """Change the TTL of a region's own record: that of its endpoint, or with "-order" that of its word for an order."""
        route53, zone = self.client("route53"), self.ids("route53_zone.global.example.com")["id"]
        records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        own = [one for one in records if one.get("SetIdentifier") == f"{region}{ending}" and "TTL" in one]
        changes = [{"Action": "UPSERT", "ResourceRecordSet": {**record, "TTL": seconds}} for record in own]
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


@contextmanager
def deployed(folder: Path) -> Iterator[Scene]:
    """The default project over its three regions."""
    with deployed_project(folder) as found:
        yield Scene(found.running, folder)
