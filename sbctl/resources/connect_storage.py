"""Where an instance stores call recordings, transcripts and reports: one S3 bucket and prefix for each type.

The API creates instances without any storage, and without it recording actions in flows record nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal, get_args

from pydantic import Field

from sbctl.core.address import Address, Link, joined
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Kind, Live, Named
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Desired, Spec
from sbctl.core.project import Project
from sbctl.desired.config import keys
from sbctl.desired.config.sections import StorageItem
from sbctl.resources.calls import connect

CONFIGS_A_PAGE = 10
Type = Literal["CALL_RECORDINGS", "CHAT_TRANSCRIPTS", "SCHEDULED_REPORTS"]
FOLDERS: Mapping[str, str] = {
    "CALL_RECORDINGS": "CallRecordings",
    "CHAT_TRANSCRIPTS": "ChatTranscripts",
    "SCHEDULED_REPORTS": "Reports",
}

UNSAYABLE = (
    "AGENT_EVENTS",
    "ATTACHMENTS",
    "CONTACT_EVALUATIONS",
    "CONTACT_TRACE_RECORDS",
    "EMAIL_MESSAGES",
    "MEDIA_STREAMS",
    "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS",
    "REAL_TIME_CONTACT_ANALYSIS_SEGMENTS",
    "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS",
    "SCREEN_RECORDINGS",
)
"""Types of data of which the config does not speak."""


class StorageSpec(Spec):
    """An S3 storage association. `key_arn` None leaves the encryption as it is."""

    replace_on = frozenset({"instance", "resource_type"})
    taken_back: ClassVar[Mapping[str, Any]] = {"key_arn": None}

    instance: Link
    resource_type: Type
    bucket: Link
    prefix: Link
    key_arn: str | None = Field(default=None, description="ARN of the KMS key that encrypts what is stored.")


class ConnectStorageKind(Kind[StorageSpec, StorageItem]):
    """Storage associations, known by their type: an instance has at most one of each."""

    name = "connect_storage"
    section = "storage"
    title = "instance storage"
    spec = StorageSpec
    item = StorageItem
    within = "instance"
    connect_only = True
    resiliency = "regional"
    adoption = Adoption("storage")
    dependent_actions = {
        "connect:AssociateInstanceStorageConfig": (
            "iam:PutRolePolicy@connect",
            "kms:CreateGrant",
            "kms:DescribeKey",
            "s3:GetBucketAcl",
            "s3:GetBucketLocation",
        ),
        "connect:UpdateInstanceStorageConfig": (
            "iam:PutRolePolicy@connect",
            "kms:CreateGrant",
            "kms:DescribeKey",
            "s3:GetBucketAcl",
            "s3:GetBucketLocation",
        ),
    }
    quotas = ()
    impact_rank = 85
    impacts = (Impact("high", "recordings would go elsewhere, or nowhere"),)
    singly = frozenset({"connect:ListInstanceStorageConfigs"})
    docs = "https://docs.aws.amazon.com/connect/latest/APIReference/API_AssociateInstanceStorageConfig.html"
    calls = connect.operations(
        "ListInstanceStorageConfigs DescribeInstanceStorageConfig AssociateInstanceStorageConfig"
        " UpdateInstanceStorageConfig DisassociateInstanceStorageConfig"
    )
    config_paths = {"key_arn": "key", "prefix": "prefix"}
    examples = (
        StorageSpec(
            instance=connect.EXAMPLE_INSTANCE,
            resource_type="CALL_RECORDINGS",
            bucket=Address.of("s3_bucket", "us-east-1", "recordings").ref("name"),
            prefix="connect/acme-use1/CallRecordings",
        ),
        StorageSpec(
            instance=connect.EXAMPLE_INSTANCE,
            resource_type="CALL_RECORDINGS",
            bucket=Address.of("s3_bucket", "us-east-1", "recordings").ref("name"),
            prefix="calls",
        ),
    )

    def expand(self, item: StorageItem, project: Project, region: str) -> Iterable[Desired]:
        instance = project.instance(region)
        type_ = _type(item.name)
        spec = StorageSpec(
            instance=instance.ref("id"),
            resource_type=type_,
            bucket=Address.of("s3_bucket", region, item.bucket).ref("name"),
            prefix=joined("connect/", instance.ref("alias"), f"/{FOLDERS[type_]}")
            if item.prefix is None
            else item.prefix,
            key_arn=item.key,
        )
        return [Desired(address=self.address(region, item.name), spec=spec)]

    def defaults(self, project: Project) -> Iterable[StorageItem]:  # noqa: ARG002
        return [StorageItem(name="call-recordings")]

    def check(self, item: StorageItem, project: Project) -> Iterable[tuple[str, str, str]]:
        yield from connect.missing("bucket", "buckets", item.bucket, project)
        yield from keys.elsewhere(item, [region for region in project.by_priority if region.connect])

    def to_config(self, spec: StorageSpec, region: str, named: Named) -> Mapping[str, Any]:
        """The prefix, which most often holds the alias, and the key are of this region alone."""
        return {
            "name": spec.resource_type.lower().replace("_", "-"),
            "bucket": named("s3_bucket", str(spec.bucket)),
            "overrides": {region: {"prefix": str(spec.prefix), **connect.given(key=spec.key_arn)}},
        }

    def unmanaged(self, aws: AwsCalls, region: str, live: Live[StorageSpec]) -> Iterable[str]:  # noqa: ARG002
        """Keys live in one region."""
        if live.spec.key_arn:
            yield f"is encrypted with {live.spec.key_arn}; elsewhere by its bucket, unless overrides name a key there"

    def unexpressed(self, aws: AwsCalls, region: str, within: str) -> Iterable[str]:
        """The types that are stored all the same."""
        return [type_ for type_ in UNSAYABLE if [*self._rows(aws, region, within, type_)]]

    def key(self, spec: StorageSpec) -> str:
        return spec.resource_type

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[StorageSpec]]:
        return self.find(aws, region, within, Sought(frozenset(get_args(Type))))

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[StorageSpec]]:
        """AWS lists one type a call, so only those that are asked for are read."""
        found = []
        for type_ in sorted(sought.keys):
            rows = self._rows(aws, region, within, type_)
            found += [_live(within, type_, row) for row in rows if row["StorageType"] == "S3"]
        return found

    def _rows(self, aws: AwsCalls, region: str, within: str, type_: str) -> Iterable[Mapping[str, Any]]:
        asked = {"InstanceId": within, "ResourceType": type_}
        return connect.pages(aws, region, "ListInstanceStorageConfigs", "StorageConfigs", CONFIGS_A_PAGE, **asked)

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[StorageSpec] | None:
        found = connect.present(aws, region, "DescribeInstanceStorageConfig", **_at(ids))
        return _live(ids["instance"], ids["type"], found["StorageConfig"]) if found else None

    def create(self, aws: AwsCalls, region: str, spec: StorageSpec, token: str) -> Mapping[str, str]:
        made = aws.call(
            "connect",
            "AssociateInstanceStorageConfig",
            region,
            InstanceId=spec.instance,
            ResourceType=spec.resource_type,
            StorageConfig=_config(spec, spec.key_arn),
            ClientToken=token,
        )
        return {"instance": str(spec.instance), "id": made["AssociationId"], "type": spec.resource_type}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: StorageSpec,
        wanted: StorageSpec,
        owned: Mapping[str, Any],
    ) -> None:
        dropped = given_up("key_arn", live, wanted, owned)
        if dropped or connect.differs(live, wanted, "bucket", "prefix", "key_arn"):
            config = _config(wanted, None if dropped else wanted.key_arn or live.key_arn)
            aws.call("connect", "UpdateInstanceStorageConfig", region, **_at(ids), StorageConfig=config)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        """Ends the association; what is stored stays in its bucket."""
        connect.present(aws, region, "DisassociateInstanceStorageConfig", **_at(ids))


def _type(name: str) -> Type:
    return next(type_ for type_ in get_args(Type) if type_ == name.upper().replace("-", "_"))


def _at(ids: Mapping[str, str]) -> dict[str, str]:
    return {"InstanceId": ids["instance"], "AssociationId": ids["id"], "ResourceType": ids["type"]}


def _config(spec: StorageSpec, key_arn: str | None) -> dict[str, Any]:
    encryption = {"EncryptionType": "KMS", "KeyId": key_arn} if key_arn else None
    target = {"BucketName": spec.bucket, "BucketPrefix": spec.prefix, **connect.given(EncryptionConfig=encryption)}
    return {"StorageType": "S3", "S3Config": target}


def _live(instance: str, type_: str, row: Mapping[str, Any]) -> Live[StorageSpec]:
    target = row["S3Config"]
    spec = StorageSpec(
        instance=instance,
        resource_type=_type(type_),
        bucket=target["BucketName"],
        prefix=target["BucketPrefix"],
        key_arn=(target.get("EncryptionConfig") or {}).get("KeyId"),
    )
    ids = {"instance": instance, "id": row["AssociationId"], "type": type_}
    return Live(spec, ids, {"id": ids["id"]})


RESOURCE = ConnectStorageKind()
