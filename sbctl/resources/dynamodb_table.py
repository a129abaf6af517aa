"""DynamoDB tables of which every region gets a replica (dynamodb_replica). Made in one home region, on demand.

The stream is set at creation and never sent again: once a replica exists even the same setting is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from sbctl.core.address import GLOBAL, Address
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.dependent_actions import OF_A_TABLE
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Kind, Live, Named, NotReady, NotSayable
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Desired, Spec
from sbctl.core.project import Project
from sbctl.desired.config import keys
from sbctl.desired.config.sections import KeyAttribute, TableItem
from sbctl.resources.calls.tags import as_pairs, example_tags, owner
from sbctl.resources.calls.waiting import wait_until
from sbctl.resources.data.dynamodb import (
    GONE,
    LOCAL_CALLS,
    POLL_SECONDS,
    REPLICATING,
    RETRY,
    TagsBy,
    describe,
    elsewhere,
    encryption,
    expiry_of,
    home_of,
    key_of,
    lost,
    paged_tags_of,
    recent_source,
    replicas,
    same_key,
    set_expiry,
    set_key,
    table_names,
    tags_of,
    wait_active,
)

ON_DEMAND: Literal["PAY_PER_REQUEST"] = "PAY_PER_REQUEST"
OLD_VERSION = "2017.11.29"
"""Of global tables: replicas of it are tables of their own, which only DynamoDB's own conversion joins."""


class TableKey(Spec):
    """One key attribute: `type` is S, N or B."""

    name: str
    type: Literal["S", "N", "B"] = "S"


class TableSpec(Spec):
    """A table in its home region. Its tags are set at once, so that it is known as ours, and kept by the replicas."""

    replace_on = frozenset({"name", "partition_key", "sort_key"})
    taken_back: ClassVar[Mapping[str, Any]] = {"key": ""}
    as_is = frozenset({"billing"})
    create_only = frozenset({"home", "stream", "tags"})

    name: str = Field(min_length=3, max_length=255, pattern=r"^[A-Za-z0-9_.-]+$")
    home: str = Field(min_length=1, description="The region in which the table is made and its replicas are asked for.")
    partition_key: TableKey
    sort_key: TableKey | None = None
    billing: Literal["PAY_PER_REQUEST", "PROVISIONED"] | None = Field(
        default="PAY_PER_REQUEST", description="None: it stays as it is."
    )
    stream: str = "NEW_AND_OLD_IMAGES"
    deletion_protection: bool = False
    key: str | None = Field(
        default=None, description="ARN of the customer's KMS key; empty: AWS's own. None: as it is."
    )
    ttl: str = Field(default="", description="Attribute by which items expire; empty: none do.")
    tags: dict[str, str] = {}


class DynamodbTable(Kind[TableSpec, TableItem]):
    """Tables. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.html"""

    name = "dynamodb_table"
    section = "tables"
    title = "table"
    scope = "global"
    spec = TableSpec
    item = TableItem
    connect_only = False
    resiliency = "global"
    adoption = Adoption("table")
    dependent_actions = {**REPLICATING, "dynamodb:CreateTable": OF_A_TABLE}
    quotas = ()
    impact_rank = 29
    impacts = (
        Impact("high", "items would expire at another time, or never", field="ttl"),
        Impact("high", "the home's data could be deleted by mistake", field="deletion_protection"),
        Impact("critical", "data would not reach the other regions"),
    )
    singly = frozenset({"dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"})
    docs = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html"
    calls = LOCAL_CALLS | {
        "dynamodb:CreateTable",
        "dynamodb:DeleteTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTimeToLive",
    }
    within = "home"
    protected = True
    retry = RETRY
    config_paths = {
        "deletion_protection": "deletionProtection",
        "ttl": "ttl",
    }
    examples = (
        TableSpec(
            name="example-customers",
            home="us-east-1",
            partition_key=TableKey(name="CustomerId"),
            tags=example_tags("dynamodb_table.global.example-customers"),
        ),
        TableSpec(
            name="example-customers",
            home="us-east-1",
            partition_key=TableKey(name="CustomerId"),
            deletion_protection=True,
            tags=example_tags("dynamodb_table.global.example-customers"),
        ),
    )

    def defaults(self, project: Project) -> Iterable[TableItem]:  # noqa: ARG002
        return (
            TableItem(
                name="connect-config-global",
                partition_key=KeyAttribute(name="PK"),
                sort_key=KeyAttribute(name="SK"),
            ),
            TableItem(name="customers-global", partition_key=KeyAttribute(name="CustomerId")),
        )

    def expand(self, item: TableItem, project: Project, region: str) -> Iterable[Desired]:  # noqa: ARG002
        address = self.address(GLOBAL, item.name)
        home = home_of(item, project)
        item = item.in_region(home) or item
        spec = TableSpec(
            name=item.name,
            home=home,
            partition_key=TableKey(name=item.partition_key.name, type=item.partition_key.type),
            sort_key=TableKey(name=item.sort_key.name, type=item.sort_key.type) if item.sort_key else None,
            billing=None if "billing" in item.keep else ON_DEMAND,
            deletion_protection=item.deletion_protection,
            key=item.key,
            ttl=item.ttl or "",
            tags=project.owned(address),
        )
        return (Desired(address=address, spec=spec),)

    def check(self, item: TableItem, project: Project) -> Iterable[tuple[str, str, str]]:
        yield from keys.elsewhere(item, project.by_priority)
        yield from keys.keyless_replicas(item, project)

    def to_config(self, spec: TableSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        """The table; what each region has of its own is the replica's to say."""
        sort = {"sortKey": spec.sort_key.model_dump()} if spec.sort_key else {}
        billing = {} if spec.billing == ON_DEMAND else {"keep": ["billing"], "regions": [region]}
        key = {"overrides": {region: {"key": spec.key}}} if spec.key else {}
        return {
            "name": spec.name,
            "partitionKey": spec.partition_key.model_dump(),
            **sort,
            "deletionProtection": spec.deletion_protection,
            **({"ttl": spec.ttl} if spec.ttl else {}),
            **billing,
            **key,
        }

    def unmanaged(self, aws: AwsCalls, region: str, live: Live[TableSpec]) -> Iterable[str]:
        """Indexes go to replicas with the table; copies elsewhere are found by a deploy."""
        table = describe(aws, region, live.spec.name) or {}
        if table.get("GlobalTableVersion") == OLD_VERSION:
            raise NotSayable(f"it is a global table of version {OLD_VERSION}, which DynamoDB has to convert first")
        others = sorted(replicas(table))
        if others:
            yield f"has copies in {', '.join(others)}, which a deploy finds when these are regions of the project"
        local = [name for name in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes") if table.get(name)]
        names = [index["IndexName"] for name in local for index in table[name]]
        if names:
            yield f"keeps its indexes {', '.join(names)}, of which the config does not speak"
        if live.spec.billing != ON_DEMAND:
            yield f"stays in {region} alone, with its provisioned capacity: without keep and regions it is on demand, and copied"

    def key(self, spec: TableSpec) -> str:
        return spec.name

    def names(self, aws: AwsCalls, region: str) -> Iterable[str]:
        return table_names(aws, region)

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[TableSpec]]:
        return self._existing(aws, region, within or region, table_names(aws, within or region))

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[TableSpec]]:
        return self._existing(aws, region, within or region, sorted(sought.keys))

    def _existing(self, aws: AwsCalls, region: str, home: str, names: Iterable[str]) -> Iterable[Live[TableSpec]]:
        found = (self._seen(aws, region, {"name": name, "home": home}, paged_tags_of) for name in names)
        return [live for live in found if live is not None]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[TableSpec] | None:
        return self._seen(aws, region, ids, tags_of)

    def _seen(
        self,
        aws: AwsCalls,
        region: str,  # noqa: ARG002
        ids: Mapping[str, str],
        tags_by: TagsBy,
    ) -> Live[TableSpec] | None:
        home = ids["home"]
        table = describe(aws, home, ids["name"])
        if table is None or table["TableStatus"] == "DELETING":
            return None
        tags = tags_by(aws, home, table["TableArn"])
        return Live(
            spec=_spec(table, home, tags, expiry_of(aws, home, ids["name"])),
            ids={"name": ids["name"], "home": home},
            outputs={"name": ids["name"], "arn": table["TableArn"], "home": home},
            owner=_owner(ids["name"], home, tags),
            failed=lost(table, home),
            also=elsewhere(table, home),
        )

    def create(self, aws: AwsCalls, region: str, spec: TableSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        keys = [(spec.partition_key, "HASH"), *([(spec.sort_key, "RANGE")] if spec.sort_key else [])]
        aws.call(
            "dynamodb",
            "CreateTable",
            spec.home,
            TableName=spec.name,
            AttributeDefinitions=[{"AttributeName": key.name, "AttributeType": key.type} for key, _ in keys],
            KeySchema=[{"AttributeName": key.name, "KeyType": role} for key, role in keys],
            BillingMode=spec.billing or ON_DEMAND,
            StreamSpecification={"StreamEnabled": True, "StreamViewType": spec.stream},
            DeletionProtectionEnabled=spec.deletion_protection,
            Tags=as_pairs(spec.tags),
            **({"SSESpecification": encryption(spec.key)} if spec.key else {}),
        )
        if spec.ttl:
            wait_active(aws, spec.home, spec.name, "table being made")
            set_expiry(aws, spec.home, spec.name, "", spec.ttl)
        return {"name": spec.name, "home": spec.home}

    def ready(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[TableSpec]:
        table = describe(aws, ids["home"], ids["name"])
        if table is None or (table["TableStatus"] != "ACTIVE" and lost(table, ids["home"]) is None):
            raise NotReady(f"table is {table['TableStatus'].lower() if table else 'not visible yet'}")
        return super().ready(aws, region, ids)

    def update(
        self,
        aws: AwsCalls,
        region: str,  # noqa: ARG002
        ids: Mapping[str, str],
        live: TableSpec,
        wanted: TableSpec,
        owned: Mapping[str, Any],
    ) -> None:
        name, home = ids["name"], ids["home"]
        # DynamoDB takes each of these only as the one change of its call.
        if wanted.billing not in (None, live.billing):
            aws.call("dynamodb", "UpdateTable", home, TableName=name, BillingMode=wanted.billing)
            wait_active(aws, home, name, "billing mode being changed")
        if wanted.deletion_protection != live.deletion_protection:
            protect = wanted.deletion_protection
            aws.call("dynamodb", "UpdateTable", home, TableName=name, DeletionProtectionEnabled=protect)
            wait_active(aws, home, name, "deletion protection being changed")
        set_key(aws, home, name, live.key, "" if given_up("key", live, wanted, owned) else wanted.key)
        set_expiry(aws, home, name, live.ttl, wanted.ttl)

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        return same_key(wanted, live) if field == "key" else super().same(field, wanted, live)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:  # noqa: ARG002
        name, home = ids["name"], ids["home"]
        table = describe(aws, home, name)
        if table is not None and table.get("DeletionProtectionEnabled"):
            aws.call("dynamodb", "UpdateTable", home, TableName=name, DeletionProtectionEnabled=False)
            wait_active(aws, home, name, "deletion protection being switched off")
        if table is not None and table["TableStatus"] != "DELETING":
            try:
                aws.call("dynamodb", "DeleteTable", home, TableName=name)
            except AwsError as error:
                if error.code not in GONE:
                    raise recent_source(error, f"{self.name}.{GLOBAL}.{name}") or error from error
        at = f"{self.name}.{GLOBAL}.{name}"
        wait_until(aws, lambda: describe(aws, home, name) is None, POLL_SECONDS, "table being deleted", at)


def _owner(name: str, home: str, tags: Mapping[str, str]) -> str:
    """The tags in the home are the table's at first, and those of the home's replica as soon as that is put right."""
    table = str(Address.of("dynamodb_table", GLOBAL, name))
    replica = str(Address.of("dynamodb_replica", home, name))
    return table if owner(tags) in (table, replica) else owner(tags)


def _spec(table: Mapping[str, Any], home: str, tags: dict[str, str], ttl: str) -> TableSpec:
    types = {entry["AttributeName"]: entry["AttributeType"] for entry in table["AttributeDefinitions"]}
    keys = {entry["KeyType"]: entry["AttributeName"] for entry in table["KeySchema"]}
    sort = keys.get("RANGE")
    return TableSpec(
        name=table["TableName"],
        home=home,
        partition_key=TableKey(name=keys["HASH"], type=types[keys["HASH"]]),
        sort_key=TableKey(name=sort, type=types[sort]) if sort else None,
        billing=(table.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED"),
        stream=(table.get("StreamSpecification") or {}).get("StreamViewType", ""),
        deletion_protection=table.get("DeletionProtectionEnabled", False),
        key=key_of(table),
        ttl=ttl,
        tags=tags,
    )


RESOURCE = DynamodbTable()
