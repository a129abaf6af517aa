"""Canary items: written in one replica of a table, read in the others, deleted in all.

The key is made of the table's own key attributes with values that nobody else uses; the item must be new. Reads are
consistent, since a replica may have an item and an eventually consistent read still miss it.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sbctl.checks.lag.routes import Replicated
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.moving.canary import EXPIRY, EXPIRY_SECONDS, MARK, Canary, CanaryPlace, key_value

CALLS: frozenset[str] = frozenset(
    f"dynamodb:{operation}" for operation in ("DeleteItem", "DescribeTable", "DescribeTimeToLive", "GetItem", "PutItem")
)
GONE = "ResourceNotFoundException"
PAUSED = (
    "Look for what pauses replication: an FIS experiment (aws fis list-experiments --region {source}), a table policy that"
    " refuses AWSServiceRoleForDynamoDBReplication, AWS Health; in the sandbox: sbctl sandbox heal"
)


class CanaryItem:
    """How canaries run_canary through tables."""

    check = "canary-item"

    def prepare(self, aws: AwsCalls, thing: Replicated, source: str) -> Canary:
        """A canary for a table as it is in `source`, not written yet. Raises AwsError."""
        place = thing.place(source)
        table = aws.call("dynamodb", "DescribeTable", source, TableName=place.resource)["Table"]
        types = {entry["AttributeName"]: entry["AttributeType"] for entry in table["AttributeDefinitions"]}
        # the partition key first: it is the one that must be new
        parts = sorted(table["KeySchema"], key=lambda part: str(part["KeyType"]))
        token = uuid4().hex
        return Canary(
            id=token,
            kind="item",
            name=thing.name,
            key={part["AttributeName"]: key_value(types[part["AttributeName"]], token) for part in parts},
            places=(place, *(other for other in thing.places if other != place)),
        )

    def write(self, aws: AwsCalls, canary: Canary, now: datetime) -> None:
        """Put it where it begins. Raises AwsError."""
        place = canary.places[0]
        expiry = {"N": str(int(now.timestamp()) + EXPIRY_SECONDS)}
        mark = {MARK: {"S": canary.id}} if MARK not in canary.key else {}
        aws.call(
            "dynamodb",
            "PutItem",
            place.region,
            TableName=place.resource,
            Item={_expiry_attribute(aws, place): expiry, **mark, **canary.key},
            ConditionExpression="attribute_not_exists(#key)",
            ExpressionAttributeNames={"#key": next(iter(canary.key))},
        )

    def arrived(self, aws: AwsCalls, canary: Canary, place: CanaryPlace) -> bool:
        """Whether one replica has it. Raises AwsError."""
        name = place.resource
        answer = aws.call("dynamodb", "GetItem", place.region, TableName=name, Key=canary.key, ConsistentRead=True)
        return "Item" in answer

    def outlook(self, aws: AwsCalls, canary: Canary) -> str:  # noqa: ARG002
        """Tables do not tell what became of an item on its way."""
        return ""

    def remove(self, aws: AwsCalls, canary: Canary, place: CanaryPlace) -> bool:
        """Delete it in one replica. True: it cannot come back, since of two writes the later one wins everywhere."""
        try:
            aws.call("dynamodb", "DeleteItem", place.region, TableName=place.resource, Key=canary.key)
        except AwsError as error:
            if error.code != GONE:
                raise
        return True

    def lost(self, source: str, target: str) -> str:
        """What to do when one does not arrive."""
        return PAUSED.format(source=source, target=target)


def _expiry_attribute(aws: AwsCalls, place: CanaryPlace) -> str:
    """The table's TTL attribute where it has one, so that DynamoDB itself removes what we should forget."""
    answer = aws.call("dynamodb", "DescribeTimeToLive", place.region, TableName=place.resource)
    found = answer.get("TimeToLiveDescription", {})
    return str(found.get("AttributeName") or EXPIRY)
