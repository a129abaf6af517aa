"""S3 as the sandbox has it: moto's buckets and objects, with settings put right, conditions, and replication that copies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from sbctl.sandbox.hooks import Relay, Upstream
from sbctl.sandbox.kms.keys import Keys
from sbctl.sandbox.moto_bridge.backends import MotoBackends
from sbctl.sandbox.moto_bridge.s3 import MotoObjects, judge_by
from sbctl.sandbox.s3.admission import Admission
from sbctl.sandbox.s3.bucket_policy import denied
from sbctl.sandbox.s3.bucket_rules import check_name, check_policy
from sbctl.sandbox.s3.encryption import Encryption, default_of
from sbctl.sandbox.s3.metrics import PERIOD_SECONDS, ReplicationMetrics
from sbctl.sandbox.s3.objects import ObjectWrites
from sbctl.sandbox.s3.overrides import S3Overrides
from sbctl.sandbox.s3.peers import CopyScheduler, Faults
from sbctl.sandbox.s3.permissions import BucketRoles
from sbctl.sandbox.s3.replication import ObjectReplication
from sbctl.sandbox.service import ApiError, Operation
from sbctl.sandbox.snapshot.part import Part
from sbctl.sandbox.time.clock import WorldClock
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.response import Response


class S3Service:
    """All corrections of S3 for one account. `replication` has the lag and the backlog."""

    name = "s3"
    differs = (
        "Objects replicate by their rules after a lag; what the replication role may do is read simply (no "
        "boundary, no bucket policy of the destination, no policies of KMS keys).",
        "Of bucket policies only denials to everybody count, and every request counts as sent over TLS. "
        "Lifecycle rules are kept and not carried out.",
        "Signatures are not checked; presigned URLs end when they say so. A presigned POST is absent.",
        "Checksums of content are checked, CRC32C and CRC64NVME up to 8 MiB; that of a whole multipart upload is not.",
        "A bucket is named in the path, or in the host as BUCKET.localhost, BUCKET.s3.localhost or "
        "BUCKET.s3.REGION.localhost. An endpoint of another name below localhost takes buckets in the path.",
        "Deleting a key that a versioned bucket never had leaves no delete marker.",
    )

    def __init__(
        self,
        clock: WorldClock,
        account: str,
        upstream: Upstream,
        moto: MotoBackends,
        scheduler: CopyScheduler,
        faults: Faults,
    ) -> None:
        self._moto = moto
        self._agenda = scheduler
        self._settings = S3Overrides(account, upstream)
        judge_by(denied)
        self._objects = objects = MotoObjects(account)
        encryption = Encryption(Keys(account, upstream), self._region_of, self._default_encryption)
        self.replication = ObjectReplication(
            clock, moto, objects, BucketRoles(clock, upstream), encryption, scheduler, faults
        )
        self._writes = ObjectWrites(clock, moto, objects, self.replication, self._settings.configuration_of, encryption)
        self._metrics = ReplicationMetrics(
            clock, upstream, self.replication, self._settings.configurations, self._region_of
        )
        self._admission = Admission(self._region_of, self._has_acls)
        scheduler.every(PERIOD_SECONDS, self._metrics.publish)

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._settings.operations

    @property
    def relays(self) -> Mapping[str, Relay]:
        return {
            **self._writes.relays,
            "CreateBucket": self.create_bucket,
            "DeleteBucket": self.delete_bucket,
            "DeleteBucketEncryption": self.delete_encryption,
            "ListObjectsV2": self.list_objects,
            "PutBucketPolicy": self.put_policy,
        }

    def admit(self, who: Identity, request: Request) -> None:
        """Refuse what came to the wrong region, or not whole."""
        self._admission.admit(who, request)

    @property
    def parts(self) -> Iterable[Part]:
        return [self._settings.part(), *self.replication.parts, self._metrics.part()]

    def reset(self) -> None:
        self._settings.reset()
        self.replication.reset()
        self._metrics.reset()
        self._agenda.every(PERIOD_SECONDS, self._metrics.publish)

    def create_bucket(self, who: Identity, request: Request) -> Response:
        """A bucket whose name is one that S3 gives, with the settings of a new one."""
        bucket = unquote(who.path_parameters["Bucket"])
        check_name(bucket)
        with self._moto.alone("s3"):
            is_new = not self._objects.region(bucket)
            response = self._moto.call("s3", request)
            if is_new and response.status < 300:
                self._settings.begin(bucket, self._objects.region(bucket))
            return response

    def delete_encryption(self, who: Identity, request: Request) -> Response:
        """Back to S3's own keys: a bucket without encryption does not exist."""
        bucket = unquote(who.path_parameters["Bucket"])
        response = self._moto.call("s3", request)
        if response.status < 300:
            self._settings.encrypt(bucket, who.region)
        return response

    def list_objects(self, _: Identity, request: Request) -> Response:
        """A page, which follows on one that was given out."""
        token = request.arguments.get("continuation-token")
        with self._moto.looking("s3"):
            if token and not self._objects.knows_page(token):
                raise ApiError("InvalidArgument", "The continuation token provided is incorrect", 400)
            return self._moto.call("s3", request)

    def put_policy(self, who: Identity, request: Request) -> Response:
        """A policy that moto can read later: it does not look at it, and then fails with each object."""
        bucket = unquote(who.path_parameters["Bucket"])
        if self._region_of(bucket):
            check_policy(bucket, request.body.decode("utf-8", "replace"))
        return self._moto.call("s3", request)

    def delete_bucket(self, who: Identity, request: Request) -> Response:
        """A bucket takes its replication configuration with it."""
        response = self._moto.call("s3", request)
        if response.status < 300:
            self._settings.forget(unquote(who.path_parameters["Bucket"]))
        return response

    def is_bucket(self, name: str) -> bool:
        """Whether there is a bucket of this name."""
        return bool(self._region_of(name))

    def _default_encryption(self, bucket: str) -> tuple[str, str]:
        with self._moto.looking("s3"):
            return default_of(self._objects.default_encryption(bucket))

    def _has_acls(self, bucket: str) -> bool:
        with self._moto.looking("s3"):
            return not self._objects.region(bucket) or self._objects.has_acls(bucket)

    def _region_of(self, bucket: str) -> str:
        with self._moto.looking("s3"):
            return self._objects.region(bucket)


def s3_service(
    clock: WorldClock, account: str, upstream: Upstream, moto: MotoBackends, scheduler: CopyScheduler, faults: Faults
) -> S3Service:
    """S3 of one account."""
    return S3Service(clock, account, upstream, moto, scheduler, faults)
