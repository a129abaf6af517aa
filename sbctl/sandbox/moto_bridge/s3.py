"""moto's S3 from inside, for what no request can do: a version with a given id, and a replication status.

Together with moto_backends all contact with moto. Touched here: s3_backends, its `buckets` and tokens of pages, the version
lists of a bucket's `keys`, its uploads and ownership, FakeKey, FakeDeleteMarker, the `tagger`, how policies are judged;
tests/sandbox/test_s3_moto_contact.py fails when one of them moves.
moto stamps LastModified with its own clock, so `stamp` puts the world's time over it. Bodies are handed on as they are:
no request is built for a copy. The caller holds moto's lock of S3 (MotoBackends.alone) round every use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

STATUS = "x-amz-replication-status"
"""Kept among the metadata of a version, from where moto answers it to HeadObject and GetObject by itself."""
CARRIED = (
    "acl",
    "checksum_algorithm",
    "last_modified",
    "lock_legal_status",
    "lock_mode",
    "lock_until",
    "website_redirect_location",
)
"""What a copy has from its source beside body, metadata and tags."""
ENFORCED = "BucketOwnerEnforced"
CHANGEABLE = ("acl", "lock_legal_status", "lock_mode", "lock_until")
TICK = timedelta(milliseconds=1)
"""moto lists versions by milliseconds, and takes the older of two within one for the current."""


@dataclass(frozen=True)
class ObjectVersion:
    """One version of a key: an object or a delete marker. Valid only while the lock is held."""

    bucket: str
    key: str
    raw: Any = field(repr=False, compare=False)

    @property
    def id(self) -> str:
        return str(self.raw.version_id)

    @property
    def is_marker(self) -> bool:
        return not hasattr(self.raw, "metadata")

    @property
    def size(self) -> int:
        return 0 if self.is_marker else int(self.raw.size)

    @property
    def etag(self) -> str:
        """Without quotes."""
        return str(self.raw.etag).strip('"')

    @property
    def upload(self) -> str:
        """The id of the multipart upload that made it; "" for any other."""
        return str(getattr(getattr(self.raw, "multipart", None), "id", ""))

    @property
    def encryption(self) -> str:
        return str(self.raw.encryption or "")

    @property
    def kms_key(self) -> str:
        """The KMS key as it was named; "" for none."""
        return str(self.raw.kms_key_id or "")

    @property
    def status(self) -> str:
        """PENDING, COMPLETED, FAILED, REPLICA; "" for what takes no part in replication."""
        return "" if self.is_marker else str(self.raw.metadata.get(STATUS, ""))

    def set_type(self, content_type: str) -> None:
        """Set the content type."""
        self.raw.metadata["Content-Type"] = content_type

    def mark(self, status: str) -> None:
        """Set the replication status; "" removes it."""
        if self.is_marker:
            return
        self.raw.metadata.pop(STATUS, None)
        if status:
            self.raw.metadata[STATUS] = status


Denied = Callable[[Mapping[str, Any], str, str], bool]


def judge_by(denied: Denied) -> None:
    """Have bucket policies judged by `denied(policy, action, resource)`: moto takes a condition that does not hold for a denial."""
    from moto.iam.access_control import PermissionResult
    from moto.s3.models import FakeBucket

    def get_permission(bucket: Any, action: str, resource: str) -> Any:
        if bucket.policy is None or not denied(json.loads(bucket.policy), action, resource):
            return PermissionResult.NEUTRAL
        return PermissionResult.DENIED

    setattr(FakeBucket, "get_permission", get_permission)  # noqa: B010 - a class of moto's, replaced on purpose


class MotoObjects:
    """The versions of all buckets of one account."""

    def __init__(self, account: str) -> None:
        self._account = account

    def region(self, bucket: str) -> str:
        """Where a bucket is; "" when there is none."""
        found = self._backend.buckets.get(bucket)
        return str(found.region_name) if found is not None else ""

    def default_encryption(self, bucket: str) -> Mapping[str, Any] | None:
        """A bucket's default encryption."""
        found = self._backend.buckets.get(bucket)
        return None if found is None else found.encryption

    def is_versioned(self, bucket: str) -> bool:
        found = self._backend.buckets.get(bucket)
        return found is not None and bool(found.is_versioned)

    def has_acls(self, bucket: str) -> bool:
        """Whether ACLs were switched on; S3 has them off in a new bucket."""
        found = self._backend.buckets.get(bucket)
        rule = str(found.ownership_rule or ENFORCED) if found is not None else ""
        return ENFORCED not in rule

    def is_uploading(self, bucket: str, upload: str) -> bool:
        """Whether a multipart upload is in progress."""
        found = self._backend.buckets.get(bucket)
        return found is not None and upload in found.multiparts

    def knows_page(self, token: str) -> bool:
        """Whether a continuation token was given out."""
        return token in self._backend._pagination_tokens

    def current(self, bucket: str, key: str) -> ObjectVersion | None:
        """The newest version, which may be a delete marker."""
        versions = self._versions(bucket, key)
        return ObjectVersion(bucket, key, versions[-1]) if versions else None

    def find(self, bucket: str, key: str, version_id: str) -> ObjectVersion | None:
        for raw in self._versions(bucket, key):
            if str(raw.version_id) == version_id:
                return ObjectVersion(bucket, key, raw)
        return None

    def tags(self, version: ObjectVersion) -> dict[str, str]:
        if version.is_marker:
            return {}
        return dict(self._backend.tagger.get_tag_dict_for_resource(version.raw.arn))

    def stamp(self, version: ObjectVersion, now: datetime) -> datetime:
        """Set the time of the newest version to the world's, yet later than that of the version before it."""
        stamped = now.astimezone(UTC).replace(tzinfo=None)  # moto's times have no zone
        for raw in self._versions(version.bucket, version.key)[-2:-1]:
            stamped = max(stamped, raw.last_modified + TICK)
        version.raw.last_modified = stamped
        return stamped

    def copy(self, source: ObjectVersion, bucket: str, storage_class: str = "", kms_key: str = "") -> None:
        """Put an object's replica, with the same version id and times, into another bucket; repeated, it changes nothing."""
        if self.find(bucket, source.key, source.id) is None:
            replica = self._replica(source, bucket, storage_class, kms_key)
            self._backend.tagger.copy_tags(source.raw.arn, replica.arn)
            self._insert(bucket, source.key, replica)

    def copy_marker(self, source: ObjectVersion, bucket: str) -> None:
        """Put a copy of a delete marker, with the same version id and time, into another bucket."""
        from moto.s3.models import FakeDeleteMarker

        if self.find(bucket, source.key, source.id) is None:
            before = self.current(bucket, source.key)
            marker = FakeDeleteMarker(key=before.raw if before else source.raw.key)
            marker._version_id = source.id
            marker.last_modified = source.raw.last_modified
            self._insert(bucket, source.key, marker)

    def copy_changes(self, source: ObjectVersion, target: ObjectVersion) -> None:
        """Give a version the tags, the ACL and the locks of another."""
        tagger = self._backend.tagger
        tagger.delete_all_tags_for_resource(target.raw.arn)
        tagger.copy_tags(source.raw.arn, target.raw.arn)
        for name in CHANGEABLE:
            setattr(target.raw, name, getattr(source.raw, name))

    def _replica(self, source: ObjectVersion, bucket: str, storage_class: str, kms_key: str) -> Any:
        from moto.s3.models import FakeKey

        raw = source.raw
        replica = FakeKey(
            name=raw.name,
            value=raw.value,
            account_id=self._account,
            region_name=self.region(bucket),
            storage=storage_class or raw.storage_class,
            etag=source.etag,
            is_versioned=True,
            version_id=source.id,
            multipart=raw.multipart,
            bucket_name=bucket,
            encryption=raw.encryption,
            kms_key_id=kms_key or raw.kms_key_id,
            bucket_key_enabled=raw.bucket_key_enabled,
            checksum_value=raw.checksum_value,
            checksum_type=raw.checksum_type,
            checksum_parts=raw.checksum_parts,
        )
        replica.set_metadata(dict(raw.metadata))
        replica.metadata[STATUS] = "REPLICA"
        for name in CARRIED:
            setattr(replica, name, getattr(raw, name))
        return replica

    def _insert(self, bucket: str, key: str, made: Any) -> None:
        """In the order of creation, so that buckets that copy to each other end with the same current version."""
        versions = list(self._versions(bucket, key))
        place = len(versions)
        while place and versions[place - 1].last_modified > made.last_modified:
            place -= 1
        versions.insert(place, made)
        self._backend.buckets[bucket].keys.setlist(key, versions)

    def _versions(self, bucket: str, key: str) -> list[Any]:
        found = self._backend.buckets.get(bucket)
        return [] if found is None else found.keys.getlist(key, [])

    @property
    def _backend(self) -> Any:
        from moto.s3.models import s3_backends

        return s3_backends[self._account]["aws"]
