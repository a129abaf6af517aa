"""What happens round moto's answer to a write of an object: conditions before it; the world's time and replication after it.

The request goes to moto as it came, so that a large body is neither parsed nor built again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import unquote

from sbctl.sandbox.hooks import Relay
from sbctl.sandbox.moto_bridge.backends import MotoBackends
from sbctl.sandbox.moto_bridge.s3 import MotoObjects, ObjectVersion
from sbctl.sandbox.s3 import bulk_delete, conditions, rules
from sbctl.sandbox.s3.encryption import Encryption
from sbctl.sandbox.s3.replication import ObjectReplication
from sbctl.sandbox.s3.uploads import as_body, is_form
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.response import Response

LAST_MODIFIED = re.compile(rb"(?<=<LastModified>)[^<]+")
CHANGES = ("DeleteObjectTagging", "PutObjectAcl", "PutObjectLegalHold", "PutObjectRetention", "PutObjectTagging")


class ObjectWrites:
    """The writes of one account. `configuration_of` gives a bucket's replication configuration, empty where it has none."""

    def __init__(
        self,
        clock: WorldClock,
        moto: MotoBackends,
        objects: MotoObjects,
        replication: ObjectReplication,
        configuration_of: Callable[[str], rules.Configuration],
        encryption: Encryption,
    ) -> None:
        self._clock = clock
        self._moto = moto
        self._objects = objects
        self._replication = replication
        self._configuration_of = configuration_of
        self._encryption = encryption

    @property
    def relays(self) -> Mapping[str, Relay]:
        return {
            "PutObject": self.write,
            "CopyObject": self.write,
            "CompleteMultipartUpload": self.write,
            "CreateMultipartUpload": self.begin_upload,
            "UploadPart": self.write_part,
            "UploadPartCopy": self.write_part,
            "DeleteObject": self.write,
            "DeleteObjects": self.delete_many,
            **dict.fromkeys(CHANGES, self.change),
        }

    def write(self, who: Identity, request: Request) -> Response:
        """A write or a delete of one key, under its conditions."""
        bucket, key = _place(who)
        self._encryption.check_write(who, request, bucket)
        with self._moto.alone("s3"):
            before = self._objects.current(bucket, key)
            if self._objects.region(bucket) and not _is_repeated(request, before):
                conditions.check(request, key, before)
            response = self._moto.call("s3", as_body(conditions.without(request)))
            after = self._objects.current(bucket, key)
            if response.status >= 300 or after is None or (before is not None and after.raw is before.raw):
                return response
            if who.operation == "PutObject" and is_form(request):
                after.set_type(request.headers["content-type"])
            if "versionId" in request.arguments:
                return response  # a version was deleted for good: replicas stay
            return self._written(after, response)

    def begin_upload(self, who: Identity, request: Request) -> Response:
        """An upload in parts, encrypted with a key that can be used."""
        self._encryption.check_write(who, request, _place(who)[0])
        return self._moto.call("s3", request)

    def write_part(self, who: Identity, request: Request) -> Response:
        """A part of an upload that is in progress."""
        bucket, _ = _place(who)
        with self._moto.alone("s3"):
            upload = request.arguments.get("uploadId", "")
            if self._objects.region(bucket) and not self._objects.is_uploading(bucket, upload):
                raise ApiError(
                    "NoSuchUpload",
                    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
                    "aborted or completed.",
                    404,
                    {"UploadId": upload},
                )
            return self._moto.call("s3", as_body(request))

    def delete_many(self, who: Identity, request: Request) -> Response:
        """Deletes of several keys, each of which may leave a delete marker."""
        bucket = unquote(who.path_parameters["Bucket"])

        def judge(key: str, etag: str) -> None:
            if self._objects.region(bucket):
                conditions.check_match(etag, key, self._objects.current(bucket, key))

        with self._moto.alone("s3"):
            allowed, refused = bulk_delete.without_refused(request, judge)
            response = self._moto.call("s3", allowed) if allowed else bulk_delete.nothing_deleted()
            if response.status >= 300:
                return response
            for key, marker in bulk_delete.markers(response):
                found = self._objects.find(bucket, key, marker)
                if found is not None:
                    self._written(found, response)
            return bulk_delete.with_refused(response, refused)

    def change(self, who: Identity, request: Request) -> Response:
        """New tags, locks or ACL, which follow a version to where it was copied."""
        bucket, key = _place(who)
        with self._moto.alone("s3"):
            response = self._moto.call("s3", request)
            wanted = request.arguments.get("versionId")
            found = self._objects.find(bucket, key, wanted) if wanted else self._objects.current(bucket, key)
            if response.status < 300 and found is not None and found.status:
                configuration = self._configuration_of(bucket)
                copies = rules.for_changes(configuration, key, is_replica=found.status == "REPLICA")
                self._replication.queue("changes", found, copies)
            return response

    def _written(self, version: ObjectVersion, response: Response) -> Response:
        """Note a new version."""
        stamped = self._objects.stamp(version, self._clock.now())
        version.mark("")  # a copy has the status of its source among its metadata
        if self._objects.is_versioned(version.bucket):
            configuration = self._configuration_of(version.bucket)
            if version.is_marker:
                self._replication.queue("marker", version, rules.for_marker(configuration, version.key))
            else:
                tags = self._objects.tags(version)
                wanted = rules.for_object(configuration, version.key, tags, version.encryption)
                self._replication.queue("object", version, wanted)
        if b"<LastModified>" not in response.body:
            return response
        text = stamped.isoformat(timespec="milliseconds") + "Z"
        return replace(response, body=LAST_MODIFIED.sub(text.encode(), response.body))


def _place(who: Identity) -> tuple[str, str]:
    return unquote(who.path_parameters["Bucket"]), unquote(who.path_parameters["Key"])


def _is_repeated(request: Request, current: ObjectVersion | None) -> bool:
    """Whether an upload is completed that already is: AWS then answers as it did, whatever the conditions."""
    upload = request.arguments.get("uploadId", "")
    return bool(upload) and current is not None and current.upload == upload
