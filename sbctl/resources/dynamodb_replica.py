"""Replicas of global tables (version 2019.11.21): one a region, the home included, for what each region has of its own.

In the home there is nothing to add. Elsewhere one UpdateTable in the home asks for one replica, alone in its call.
An empty table takes half a minute; one with a single item about ten minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from pydantic import Field

from sbctl.core.address import GLOBAL, Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Kind, Live, Named, NotReady, Retry
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project
from sbctl.desired.config.sections import TableItem
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.calls.tags import example_tags, owner
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
    home_of,
    key_of,
    lost,
    lost_replica,
    paged_tags_of,
    recent_source,
    replicas,
    retag,
    same_key,
    set_key,
    table_names,
    tags_of,
    wait_active,
)


class ReplicaSpec(Spec):
    """What one region has of a table. Backups and tags are put right once the replica is there."""

    replace_on = frozenset({"name"})
    taken_back: ClassVar[Mapping[str, Any]] = {"key": ""}
    as_is = frozenset({"pitr", "recovery_days", "deletion_protection"})
    owned_maps = frozenset({"tags"})
    create_only = frozenset({"home"})
    deferred = frozenset({"pitr", "recovery_days", "deletion_protection", "tags"})

    name: Link
    home: Link = Field(description="The region through which the replica is asked for.")
    pitr: bool | None = None
    recovery_days: int | None = Field(default=None, ge=1, le=35)
    deletion_protection: bool | None = Field(default=None, description="None in the home, where the table says it.")
    key: str | None = Field(default=None, description="ARN of the region's KMS key; None in the home, and as it is.")
    tags: dict[str, str] = {}


_TABLE = Address.of("dynamodb_table", GLOBAL, "example-customers")
_EXAMPLE = ReplicaSpec(
    name=_TABLE.ref("name"),
    home=_TABLE.ref("home"),
    pitr=True,
    recovery_days=35,
    tags=example_tags("dynamodb_replica.us-east-1.example-customers"),
)


class DynamodbReplica(Kind[ReplicaSpec, ConfigItem]):
    """Replicas. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html"""

    name = "dynamodb_replica"
    section = ""
    title = "table replica"
    spec = ReplicaSpec
    item = ConfigItem
    connect_only = False
    resiliency = "regional"
    adoption = Adoption("replica")
    dependent_actions = REPLICATING
    quotas = ()
    impact_rank = 33
    impacts = (
        Impact("high", "what is deleted or overwritten by mistake could not be recovered", field="pitr"),
        Impact("medium", "recovery would reach back less far", field="recovery_days"),
        Impact("high", "the region's data could be deleted by mistake", field="deletion_protection"),
        Impact("critical", "the region would have no data to serve"),
    )
    singly = frozenset({"dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable"})
    docs = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ReplicationGroupUpdate.html"
    calls = LOCAL_CALLS | {
        "dynamodb:DeleteTable",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable",
    }
    within = "home"
    protected = True
    retry = (
        *RETRY,
        # A table of somebody else is told apart before the call, so this text means a replica on its way out.
        Retry("ValidationException", "already existed as tables", "the earlier replica is being deleted"),
    )
    config_paths = {
        "deletion_protection": "tables:deletionProtection",
        "key": "tables:key",
        "pitr": "tables:pointInTimeRecovery",
        "recovery_days": "tables:recoveryDays",
    }
    examples = (_EXAMPLE, _EXAMPLE.model_copy(update={"recovery_days": 7}))

    def derive(self, project: Project) -> Iterable[Desired]:
        for item in (one for one in project.items.get("tables", ()) if isinstance(one, TableItem)):
            for region in project.by_priority:
                local = item.in_region(region.region)
                if isinstance(local, TableItem):
                    yield self._desired(local, project, region.region, home_of(item, project))

    def _desired(self, item: TableItem, project: Project, region: str, home: str) -> Desired:
        address = self.address(region, item.name)
        table = Address.of("dynamodb_table", GLOBAL, item.name)
        away = region != home
        spec = ReplicaSpec(
            name=table.ref("name"),
            home=table.ref("home"),
            pitr=item.point_in_time_recovery,
            recovery_days=item.recovery_days if item.point_in_time_recovery else None,
            deletion_protection=item.deletion_protection if away else None,
            key=item.key if away else None,
            tags=project.owned(address),
        )
        return Desired(address=address, spec=spec)

    def to_config(self, spec: ReplicaSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        """The fields of the table's item that are about recovery."""
        days = {"recoveryDays": spec.recovery_days} if spec.recovery_days else {}
        return {"pointInTimeRecovery": bool(spec.pitr), **days}

    def key(self, spec: ReplicaSpec) -> str:
        return str(spec.name)

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[ReplicaSpec]]:
        return self._existing(aws, region, within or region, table_names(aws, region))

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[ReplicaSpec]]:
        return self._existing(aws, region, within or region, sorted(sought.keys))

    def _existing(self, aws: AwsCalls, region: str, home: str, names: Iterable[str]) -> Iterable[Live[ReplicaSpec]]:
        found = (self._seen(aws, region, {"name": name, "home": home}, paged_tags_of) for name in names)
        return [live for live in found if live is not None]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[ReplicaSpec] | None:
        return self._seen(aws, region, ids, tags_of)

    def _seen(self, aws: AwsCalls, region: str, ids: Mapping[str, str], tags_by: TagsBy) -> Live[ReplicaSpec] | None:
        name, home = ids["name"], ids["home"]
        table = describe(aws, region, name)
        if table is None:
            return _never_made(aws, region, name, home)
        if table["TableStatus"] == "DELETING" or not _belongs(aws, region, table, home):
            return None
        # While a replica is being created, only DescribeTable knows it in its own region.
        there = table["TableStatus"] != "CREATING"
        tags = tags_by(aws, region, table["TableArn"]) if there else {}
        pitr, days = _recovery(aws, region, name) if there else (False, None)
        return Live(
            spec=ReplicaSpec(
                name=name,
                home=home,
                pitr=pitr,
                recovery_days=days,
                deletion_protection=table.get("DeletionProtectionEnabled", False),
                key=key_of(table),
                tags=tags,
            ),
            ids={"name": name, "home": home},
            outputs={"name": name, "arn": table["TableArn"]},
            owner=_owner(name, region, home, tags),
            failed=lost(table, region),
            also=elsewhere(table, home, region),
        )

    def refused(self, aws: AwsCalls, region: str, wanted: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """A customer's key of the table makes one a duty here, and DynamoDB's own a fault."""
        name, home, key = wanted["name"], wanted["home"], wanted.get("key")
        source = describe(aws, home, name) if region != home else None
        there = key_of(source) if source is not None else ""
        if there and not key:
            yield (
                f"the table {name} is encrypted with {there} in {home}, and DynamoDB makes no replica without a KMS key",
                f'Name a key of each region: "overrides": {{"{region}": {{"key": "arn:…"}}}} of the table in regions.json.',
            )

    def create(self, aws: AwsCalls, region: str, spec: ReplicaSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        name, home = str(spec.name), str(spec.home)
        if region != home:
            table = describe(aws, region, name)
            if table is None or table["TableStatus"] == "DELETING":
                _ask_for(aws, region, name, home, spec.key or "")
            elif not _belongs(aws, region, table, home):
                raise SbctlError(_foreign(str(self.address(region, name)), name, region))
        return {"name": name, "home": home, **({"key": spec.key} if spec.key else {})}

    def ready(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[ReplicaSpec]:
        if region != ids["home"]:
            self._check_both_views(aws, region, ids)
        live = self.read(aws, region, ids)
        if live is None:
            raise NotReady("replica not visible in its region yet")
        if live.failed is not None:
            raise SbctlError(live.failed)
        return live

    def _check_both_views(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        """Both sides must agree; the home flips to ACTIVE and back while a replica is still being filled."""
        name, home = ids["name"], ids["home"]
        source = describe(aws, home, name)
        failed = lost_replica(source, region) if source else None
        if failed is not None:
            raise SbctlError(failed)
        if source is None or source["TableStatus"] != "ACTIVE":
            raise NotReady("replica being created: the table is being updated")
        status = replicas(source).get(region)
        if status is None:
            # AWS may drop an accepted replica without a word when its creation fails later.
            _ask_for(aws, region, name, home, ids.get("key", ""))
            raise NotReady("replica asked for again")
        if status != "ACTIVE":
            raise NotReady(f"replica is {status.lower()}")
        target = describe(aws, region, name)
        if target is None or target["TableStatus"] != "ACTIVE":
            raise NotReady("replica not active in its region yet")

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: ReplicaSpec,
        wanted: ReplicaSpec,
        owned: Mapping[str, Any],
    ) -> None:
        name = ids["name"]
        if wanted.pitr is not None and (wanted.pitr, wanted.recovery_days) != (live.pitr, live.recovery_days):
            setting: dict[str, Any] = {"PointInTimeRecoveryEnabled": wanted.pitr}
            if wanted.pitr and wanted.recovery_days is not None:
                setting["RecoveryPeriodInDays"] = wanted.recovery_days
            aws.call(
                "dynamodb",
                "UpdateContinuousBackups",
                region,
                TableName=name,
                PointInTimeRecoverySpecification=setting,
            )
        self._protect(aws, region, name, live, wanted)
        if given_up("key", live, wanted, owned):
            # by then the table may have taken its replicas along
            set_key(aws, region, name, key_of(describe(aws, region, name) or {}), "")
        set_key(aws, region, name, live.key, wanted.key)
        if wanted.tags != live.tags and (table := describe(aws, region, name)) is not None:
            retag(aws, region, table["TableArn"], live.tags, wanted.tags, owned)

    def _protect(self, aws: AwsCalls, region: str, name: str, live: ReplicaSpec, wanted: ReplicaSpec) -> None:
        if wanted.deletion_protection in (None, live.deletion_protection):
            return
        protect = wanted.deletion_protection
        aws.call("dynamodb", "UpdateTable", region, TableName=name, DeletionProtectionEnabled=protect)
        wait_active(aws, region, name, "deletion protection being changed")

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        return same_key(wanted, live) if field == "key" else super().same(field, wanted, live)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        name, home = ids["name"], ids["home"]
        if region == home:
            return
        _unprotect(aws, region, name)
        source = describe(aws, home, name)
        try:
            if source is None:
                call_or_none(aws, GONE, "dynamodb", "DeleteTable", region, TableName=name)
            elif replicas(source).get(region, "DELETING") != "DELETING":
                gone = [{"Delete": {"RegionName": region}}]
                aws.call("dynamodb", "UpdateTable", home, TableName=name, ReplicaUpdates=gone)
        except AwsError as error:
            raise recent_source(error, str(self.address(region, name))) or error from error
        at = str(self.address(region, name))
        wait_until(aws, lambda: not _still_there(aws, region, name, home), POLL_SECONDS, "replica being deleted", at)


def _never_made(aws: AwsCalls, region: str, name: str, home: str) -> Live[ReplicaSpec] | None:
    """A replica that its own region does not know, and of which the home says why; None when there is none."""
    source = describe(aws, home, name) if region != home else None
    failed = lost_replica(source, region) if source is not None else None
    if failed is None:
        return None
    ids = {"name": name, "home": home}
    return Live(spec=ReplicaSpec(name=name, home=home), ids=ids, outputs={"name": name}, failed=failed)


def _ask_for(aws: AwsCalls, region: str, name: str, home: str, key: str) -> None:
    wish = [{"Create": {"RegionName": region, **({"KMSMasterKeyId": key} if key else {})}}]
    aws.call("dynamodb", "UpdateTable", home, TableName=name, ReplicaUpdates=wish)


def _belongs(aws: AwsCalls, region: str, table: Mapping[str, Any], home: str) -> bool:
    """Whether the table of this name in the region is the home's: itself, or one that knows of replicas."""
    if region == home or table.get("Replicas") or table.get("GlobalTableVersion"):
        return True
    source = describe(aws, home, table["TableName"])
    return source is not None and region in replicas(source)


def _still_there(aws: AwsCalls, region: str, name: str, home: str) -> bool:
    source = describe(aws, home, name)
    if source is not None and region in replicas(source):
        return True
    table = describe(aws, region, name)
    return table is not None and table["TableStatus"] == "DELETING"


def _unprotect(aws: AwsCalls, region: str, name: str) -> None:
    table = describe(aws, region, name)
    if table is not None and table.get("DeletionProtectionEnabled"):
        aws.call("dynamodb", "UpdateTable", region, TableName=name, DeletionProtectionEnabled=False)
        wait_active(aws, region, name, "deletion protection being switched off")


def _recovery(aws: AwsCalls, region: str, name: str) -> tuple[bool, int | None]:
    answer = call_or_none(aws, GONE, "dynamodb", "DescribeContinuousBackups", region, TableName=name)
    state = (answer or {}).get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription") or {}
    if state.get("PointInTimeRecoveryStatus") != "ENABLED":
        return False, None
    return True, int(state.get("RecoveryPeriodInDays", 35))


def _foreign(address: str, name: str, region: str) -> Problem:
    return Problem(
        code="foreign-table",
        summary="A table of the same name stands where the replica should be",
        detail=f"{name} in {region} is a table of its own, not a replica; sbctl does not touch it",
        at=address,
        fix="Rename or remove that table, or leave this region out with the table item's `regions`.",
        exit=Exit.REFUSED,
    )


def _owner(name: str, region: str, home: str, tags: Mapping[str, str]) -> str:
    """In the home, table and replica are one thing with one set of tags: the table's at first, then the replica's."""
    table = str(Address.of("dynamodb_table", GLOBAL, name))
    is_the_table = region == home and owner(tags) == table
    return str(Address.of("dynamodb_replica", home, name)) if is_the_table else owner(tags)


RESOURCE = DynamodbReplica()
