"""A global table on the sandbox, and a hand on the world's time, for the tests of replication."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sbctl.sandbox.dynamodb.service import DynamoDbService
from sbctl.sandbox.faults.fault import Fault
from sbctl.sandbox.world import World
from tests.sandbox.conftest import Sandbox

EAST, WEST, EUROPE = "us-east-1", "us-west-2", "eu-west-1"
TABLE = "customers"
SETTLED_SECONDS = 30.0
"""Longer than any lag that is drawn."""
MINUTES = 700.0
"""Longer than filling a replica takes."""


@dataclass(frozen=True)
class GlobalTable:
    """A table with the string key `id` in several regions, the first of which is its home."""

    sandbox: Sandbox
    regions: tuple[str, ...]
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def service(self) -> DynamoDbService:
        found = self.world.services["dynamodb"]
        assert isinstance(found, DynamoDbService)
        return found

    def create(self) -> GlobalTable:
        """Make the table and its replicas, empty, and wait until they are there."""
        self.client(self.regions[0]).create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.pass_time(5)
        for region in self.regions[1:]:
            self.add_replica(region)
            self.pass_time(30)
        return self

    def add_replica(self, region: str) -> None:
        """Ask for a replica; it takes its time."""
        self.client(self.regions[0]).update_table(TableName=TABLE, ReplicaUpdates=[{"Create": {"RegionName": region}}])

    def client(self, region: str, service: str = "dynamodb") -> Any:
        if (service, region) not in self.clients:
            self.clients[(service, region)] = self.sandbox.client(service, region)
        return self.clients[(service, region)]

    def lose(self, region: str) -> None:
        """Let nothing out of a region nor in. Its own callers still reach it, which these tests need."""
        self.world.faults.add(Fault("", "replication-paused", region))
        self.world.faults.add(Fault("", "replication-paused", target=region))

    def heal(self) -> None:
        """Bring every region back."""
        self.world.faults.heal()

    def pass_time(self, seconds: float = SETTLED_SECONDS) -> None:
        self.world.scheduler.advance(seconds)

    def slow(self, seconds: float) -> None:
        """Give every change from now on exactly this lag."""
        self.service.replication.lag.mean, self.service.replication.lag.jitter = seconds, 0.0

    def put(self, region: str, key: str, value: str, **further: Any) -> None:
        self.client(region).put_item(TableName=TABLE, Item={"id": {"S": key}, "value": {"S": value}}, **further)

    def delete(self, region: str, key: str, **further: Any) -> None:
        self.client(region).delete_item(TableName=TABLE, Key={"id": {"S": key}}, **further)

    def value(self, region: str, key: str) -> str | None:
        """The value of an item in one region; None where there is no such item."""
        item = self.client(region).get_item(TableName=TABLE, Key={"id": {"S": key}}).get("Item")
        return item["value"]["S"] if item else None

    def values(self, key: str) -> list[str | None]:
        """The value of an item in all regions."""
        return [self.value(region, key) for region in self.regions]

    def events(self, region: str) -> list[str]:
        """What the stream of one region tells, oldest first: "INSERT a"."""
        streams = self.client(region, "dynamodbstreams")
        arn = streams.list_streams(TableName=TABLE)["Streams"][0]["StreamArn"]
        shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
        start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        records: list[Any] = []
        page = streams.get_records(ShardIterator=start["ShardIterator"])
        while page["Records"]:
            records += page["Records"]
            page = streams.get_records(ShardIterator=page["NextShardIterator"])
        assert all(record["awsRegion"] == region for record in records)
        return [f"{record['eventName']} {record['dynamodb']['Keys']['id']['S']}" for record in records]

    def waiting(self) -> int:
        """How many changes are on their way."""
        return sum(entry.pending for entry in self.service.replication.backlog())
