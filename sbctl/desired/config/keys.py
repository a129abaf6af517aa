"""Customers' KMS keys: each stands in one region, and what a bucket holds is encrypted with those that the config names.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
"""

from __future__ import annotations

from collections.abc import Iterable

from sbctl.core.kinds.spec import ConfigItem
from sbctl.core.project import Project, Region
from sbctl.desired.config.sections import BucketItem, StorageItem, TableItem

SECTIONS = ("storage", "buckets", "tables")
"""Whose items may name a key."""
ORDER = ("call-recordings", "chat-transcripts", "scheduled-reports")
"""Whose key a bucket's replicas get where several are named."""


def region_of(key: str) -> str:
    """The region in an ARN."""
    return key.split(":")[3]


def elsewhere(item: ConfigItem, regions: Iterable[Region]) -> Iterable[tuple[str, str, str]]:
    """Those of the regions for which an item names a key of another region: (field, what is wrong, what to do)."""
    for region in regions:
        local = item.in_region(region.region)
        key = getattr(local, "key", None)
        if key and region_of(key) != region.region:
            own = item.overrides.get(region.region, {})
            field = f"overrides.{region.region}.key" if "key" in own else "key"
            wrong = f"the KMS key is in {region_of(key)}, and {region.region} can use its own keys only"
            yield (
                field,
                wrong,
                f'Name a key of {region.region}: "overrides": {{"{region.region}": {{"key": "arn:…"}}}}.',
            )


def own_key(bucket: BucketItem, region: str) -> str | None:
    """The key that the bucket's item itself names in a region."""
    local = bucket.in_region(region)
    return local.key if local is not None else None


def keys_in(bucket: BucketItem, project: Project, region: str) -> tuple[str, ...]:
    """Every key with which objects of the bucket are encrypted in a region; the first is that of its replicas."""
    found = [own_key(bucket, region), *_of_storage(bucket.name, project, region)]
    return tuple(dict.fromkeys(key for key in found if key))


def replica_key(bucket: BucketItem, project: Project, region: str) -> str:
    """The key of what is copied into the bucket in a region: AWS's own for S3 where the config names none there."""
    named = keys_in(bucket, project, region)
    return named[0] if named else f"arn:aws:kms:{region}:{project.account}:alias/aws/s3"


def is_encrypted(bucket: BucketItem, project: Project) -> bool:
    """Whether the bucket has a customer's key in any region, so that its rules have to take encrypted objects."""
    named = any(keys_in(bucket, project, region.region) for region in project.by_priority)
    return named or bool(former_keys(bucket, project))


def former_keys(bucket: BucketItem, project: Project) -> list[tuple[str, str]]:
    """Region and key of what the config says was encrypted before with keys that it no longer names."""
    here = [region.region for region in project.by_priority if bucket.in_region(region.region) is not None]
    found = [(region_of(key), key) for key in dict.fromkeys(bucket.former_keys or ())]
    return [(region, key) for region, key in found if region in here and key not in keys_in(bucket, project, region)]


def former_elsewhere(bucket: BucketItem, project: Project) -> Iterable[tuple[str, str, str]]:
    """Former keys of regions in which there is no such bucket: (field, what is wrong, what to do)."""
    here = [region.region for region in project.by_priority if bucket.in_region(region.region) is not None]
    for key in bucket.former_keys or ():
        if region_of(key) not in here:
            wrong = f"the KMS key {key} is in {region_of(key)}, where the bucket is not"
            yield "formerKeys", wrong, f"Name keys of {', '.join(here)}."


def without_key(bucket: BucketItem, project: Project) -> list[str]:
    """Regions of a bucket with keys that have none: replicas are encrypted with AWS's key for S3 there."""
    regions = [region.region for region in project.by_priority if bucket.in_region(region.region) is not None]
    return [region for region in regions if not keys_in(bucket, project, region)]


def all_keys(project: Project) -> set[str]:
    """Every key that the config names."""
    items = [item for section in SECTIONS for item in project.items.get(section, ())]
    local = [item.in_region(region.region) for item in items for region in project.by_priority]
    return {key for item in local if (key := getattr(item, "key", None))}


def table_key(name: str, project: Project, region: str) -> list[str]:
    """The key of a table in a region, where it has one."""
    local = [item.in_region(region) for item in project.items.get("tables", ()) if item.name == name]
    return [item.key for item in local if isinstance(item, TableItem) and item.key]


def keyless_replicas(item: TableItem, project: Project) -> Iterable[tuple[str, str, str]]:
    """DynamoDB takes a customer's key in every region of a table, or in none: (field, what is wrong, what to do)."""
    local = {region.region: item.in_region(region.region) for region in project.by_priority}
    keys = {region: one.key for region, one in local.items() if one is not None}
    bare = [region for region, key in keys.items() if not key]
    if not bare or len(bare) == len(keys):
        return
    where = ", ".join(bare)
    wrong = f"the table has a KMS key in {', '.join(sorted(keys.keys() - set(bare)))}, and none in {where}"
    yield "key", wrong, f"Name a key in the overrides of {where} too: DynamoDB wants one in every region, or in none."


def _of_storage(bucket: str, project: Project, region: str) -> Iterable[str | None]:
    if not project.region(region).connect:
        return
    items = [item for item in project.items.get("storage", ()) if isinstance(item, StorageItem)]
    for item in sorted(items, key=lambda item: ORDER.index(item.name)):
        local = item.in_region(region)
        if local is not None and local.bucket == bucket:
            yield local.key
