"""How much data a deployment writes, keeps and copies: tables, buckets, and what travels between regions."""

from __future__ import annotations

from collections.abc import Iterator

from sbctl.core.address import Ref
from sbctl.cost.estimate import Quantity, Scene
from sbctl.cost.usage import DAYS_A_MONTH
from sbctl.resources.dynamodb_replica import ReplicaSpec
from sbctl.resources.s3_bucket import BucketSpec
from sbctl.resources.s3_replication import ReplicationSpec


def tables(scene: Scene) -> Iterator[Quantity]:
    """A write is paid in every region that keeps the item; reads where they are made; data and backups everywhere.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/global-tables-billing.html
    """
    usage = scene.usage
    places = _places(scene)
    for regions in places.values():
        kind = "dynamodb.write" if len(regions) == 1 else "dynamodb.replicated-write"
        for region, backed in regions.items():
            load = usage.loads(scene.project).get(region, 0.0)
            size = usage.table_gb / len(places)
            writes, reads = usage.table_writes / len(places), usage.table_reads * load / len(places)
            yield Quantity("DynamoDB", "writes", kind, writes * _units(usage.item_kb, 1), region)
            yield Quantity("DynamoDB", "reads", "dynamodb.read", reads * _units(usage.item_kb, 4), region)
            yield Quantity("DynamoDB", "data", "dynamodb.gb-month", size, region)
            yield Quantity("DynamoDB", "backups", "dynamodb.pitr-gb-month", size if backed else 0.0, region)


def _units(size: float, unit: float) -> int:
    return max(1, int(-(-size // unit)))


def _places(scene: Scene) -> dict[str, dict[str, bool]]:
    """Table → region → whether it is backed up there."""
    found: dict[str, dict[str, bool]] = {}
    for desired in scene.of_kind("dynamodb_replica"):
        if isinstance(desired.spec, ReplicaSpec):
            found.setdefault(desired.address.name, {})[desired.address.region] = bool(desired.spec.pitr)
    return found


def buckets(scene: Scene) -> Iterator[Quantity]:
    """Recordings where they are made and where they are copied; they move to Glacier and expire by the bucket's rules."""
    usage = scene.usage
    for desired in scene.of_kind("s3_bucket"):
        if not isinstance(desired.spec, BucketSpec):
            continue
        region = desired.address.region
        sources = _copied_from(scene, region, desired.address.name) | {region}
        minutes = sum(usage.voice_minutes * usage.loads(scene.project).get(source, 0.0) for source in sources)
        minutes /= max(1, len(scene.project.names("buckets")))
        size, objects = minutes * usage.recording_mb_per_minute / 1000, minutes / usage.minutes_per_call
        standard, glacier = _months(desired.spec, usage.months_kept)
        yield Quantity("S3", "recordings", "s3.gb-month", size * standard, region)
        yield Quantity("S3", "recordings in Glacier", "s3.glacier-gb-month", size * glacier, region)
        yield Quantity("S3", "requests", "s3.put", objects, region)
        yield Quantity("S3", "moves to Glacier", "s3.glacier-transition", objects if glacier else 0.0, region)


def _months(spec: BucketSpec, kept: float) -> tuple[float, float]:
    """How many months' recordings lie in the standard class and in Glacier, once the first have expired."""
    days = kept * DAYS_A_MONTH
    moved = days
    for rule in spec.lifecycle or ():
        days = min(days, rule.get("Expiration", {}).get("Days", days))
        moved = min([moved, *(move["Days"] for move in rule.get("Transitions", ()))])
    standard = min(days, moved)
    return standard / DAYS_A_MONTH, (days - standard) / DAYS_A_MONTH


def _copied_from(scene: Scene, region: str, name: str) -> set[str]:
    return {source for source, target, _ in _copies(scene, name) if target == region}


def _copies(scene: Scene, name: str) -> Iterator[tuple[str, str, bool]]:
    """(source, destination, with time control) of a bucket's replication."""
    for desired in scene.of_kind("s3_replication"):
        if desired.address.name == name and isinstance(desired.spec, ReplicationSpec):
            for rule in desired.spec.rules:
                if isinstance(rule.destination, Ref):
                    yield desired.address.region, rule.destination.address.region, rule.time_control


def transfer(scene: Scene) -> Iterator[Quantity]:
    """What leaves a region for another: recordings to each copy, and each written item to each replica.

    Items are counted as written in the primary region.
    """
    usage = scene.usage
    loads = usage.loads(scene.project)
    share = usage.voice_minutes * usage.recording_mb_per_minute / 1000 / max(1, len(scene.project.names("buckets")))
    for name in sorted({desired.address.name for desired in scene.of_kind("s3_bucket")}):
        for source, target, timed in _copies(scene, name):
            size = share * loads.get(source, 0.0)
            yield Quantity("Data transfer", f"recordings to {target}", "transfer.inter-region-gb", size, source)
            yield Quantity("S3", "replication time control", "s3.rtc-gb", size if timed else 0.0, source)
    places = _places(scene)
    for regions in places.values():
        size = usage.table_writes / len(places) * usage.item_kb / 1e6 * (len(regions) - 1)
        yield Quantity("Data transfer", "items", "transfer.inter-region-gb", size, scene.project.primary.region)
