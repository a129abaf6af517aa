"""The configuration behind a global table: replicas as each side sees them, streams, backups, TTL.

Backups (PITR) are each replica's own and are never copied, so every region is asked.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sbctl.checks.lag.measuring import Found, Measuring, absent, reading, unasked
from sbctl.checks.lag.routes import Replicated
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.reading import Reading
from sbctl.desired.config.sections import TableItem

CALLS: frozenset[str] = frozenset(
    {"dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"}
)
BOTH_WAYS = "replica-status"
"""The check that is made from both sides, whichever way a pair is asked for."""
GONE = ("ResourceNotFoundException", "TableNotFoundException")


@dataclass(frozen=True)
class ReplicaView:
    """A table as one region sees it. `status` "" means that it does not exist there; `ttl` is "" where TTL is off,
    `key` where DynamoDB's own key encrypts.

    `replicas`: region → status of the others; AWS never lists the region that is asked.
    """

    status: str = ""
    replicas: Mapping[str, str] | None = None
    stream: str = ""
    pitr: bool = False
    ttl: str = ""
    key: str = ""


View = ReplicaView | AwsError


def look_at_replica(aws: AwsCalls, name: str, region: str) -> View:
    """The table in one region, or why it could not be seen."""
    try:
        table = aws.call("dynamodb", "DescribeTable", region, TableName=name)["Table"]
        listed = {entry["RegionName"]: entry.get("ReplicaStatus", "ACTIVE") for entry in table.get("Replicas") or ()}
        stream = table.get("StreamSpecification") or {}
        backups = aws.call("dynamodb", "DescribeContinuousBackups", region, TableName=name)
        recovery = backups["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription") or {}
        expiry = aws.call("dynamodb", "DescribeTimeToLive", region, TableName=name).get("TimeToLiveDescription", {})
    except AwsError as error:
        return ReplicaView() if error.code in GONE else error
    return ReplicaView(
        status=table["TableStatus"],
        replicas=listed,
        stream=stream.get("StreamViewType", "") if stream.get("StreamEnabled") else "",
        pitr=recovery.get("PointInTimeRecoveryStatus") == "ENABLED",
        ttl=expiry.get("AttributeName", "") if expiry.get("TimeToLiveStatus") == "ENABLED" else "",
        key=str((table.get("SSEDescription") or {}).get("KMSMasterKeyArn", "")),
    )


def judge_replicas(on: Measuring, thing: Replicated, views: Mapping[str, View]) -> Iterator[Reading]:
    """Readings of one table from its views, by region: of each region, and of each region as every other sees it."""
    known = [view for view in views.values() if isinstance(view, ReplicaView) and view.status]
    ttl = known[0].ttl if known else ""
    for region, view in views.items():
        for check, found in _of_region(thing, region, view, ttl).items():
            yield reading(on, check, found, thing.name, region)
        for other in thing.regions:
            if other != region:
                yield reading(on, BOTH_WAYS, _listed(view, region, other), thing.name, region, other)


def _of_region(thing: Replicated, region: str, view: View, ttl: str) -> dict[str, Found]:
    if isinstance(view, AwsError):
        return dict.fromkeys(("table-status", "stream", "pitr", "ttl"), unasked(view))
    if not view.status:
        return {"table-status": absent("replica", region)}
    return {
        "table-status": _status(region, view),
        "stream": _stream(region, view),
        "pitr": _pitr(thing, region, view),
        "ttl": _ttl(thing, region, view, ttl),
        **({"table-key": _key(thing.keys[region][0], region, view)} if region in thing.keys else {}),
    }


def _key(wanted: str, region: str, view: ReplicaView) -> Found:
    """The key behind an alias is not told here."""
    if view.key == wanted or (":alias/" in wanted and view.key):
        return Found(view.key, "ok")
    detail = f"the table in {region} is encrypted with {view.key or 'a key of DynamoDB'}, and the config names {wanted}"
    return Found(view.key or "none", "bad", detail, f"sbctl deploy --region {region}")


def _status(region: str, view: ReplicaView) -> Found:
    if view.status == "ACTIVE":
        return Found("ACTIVE", "ok")
    fix = "Wait until it is ACTIVE; any other state than CREATING or UPDATING needs AWS Support."
    return Found(view.status, "bad", f"the table in {region} is {view.status}", fix)


def _stream(region: str, view: ReplicaView) -> Found:
    """Any stream will do: DynamoDB copies by one of its own when it finds another kind (dr-primitives 1.2)."""
    if view.stream:
        return Found(view.stream, "ok")
    fix = "Ask AWS Support: while a table has replicas its stream cannot be switched off."
    return Found("off", "bad", f"the stream in {region} is off, and replication needs it", fix)


def _pitr(thing: Replicated, region: str, view: ReplicaView) -> Found:
    local = thing.item.in_region(region)
    wanted = isinstance(local, TableItem) and local.point_in_time_recovery
    value = "on" if view.pitr else "off"
    if view.pitr or not wanted:
        return Found(value, "ok")
    detail = f"point-in-time recovery is off in {region}, and the config wants it on"
    return Found(value, "bad", detail, f"sbctl replica apply --region {region}")


def _ttl(thing: Replicated, region: str, view: ReplicaView, wanted: str) -> Found:
    value = view.ttl or "off"
    if view.ttl == wanted:
        return Found(value, "ok")
    detail = f"TTL in {region} is {value}, in {thing.regions[0]} it is {wanted or 'off'}; replicas share one setting"
    setting = f"Enabled={str(bool(wanted)).lower()},AttributeName={wanted or view.ttl}"
    command = f"aws dynamodb update-time-to-live --region {region} --table-name {thing.name}"
    return Found(value, "bad", detail, f"{command} --time-to-live-specification {setting}")


def _listed(view: View, region: str, other: str) -> Found:
    if isinstance(view, AwsError):
        return unasked(view)
    if not view.status:
        return absent("replica", region)
    status = (view.replicas or {}).get(other, "")
    if status == "ACTIVE":
        return Found(status, "ok")
    if not status:
        detail = f"{region} knows of no replica in {other}"
        return Found("missing", "bad", detail, f"sbctl deploy --region {other}")
    fix = "See ReplicaStatusDescription: aws dynamodb describe-table; CREATING passes within 15 minutes."
    return Found(status, "bad", f"{region} sees the replica in {other} as {status}", fix)
