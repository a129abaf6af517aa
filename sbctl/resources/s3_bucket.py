"""S3 buckets: private, encrypted, versioned, TLS only, with a life cycle. Replication is a kind of its own.

Writes of bucket settings depend on us-east-1 in every region, so nothing here belongs into a failover.
https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import Field

from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.aws.one_look import TAG_PAGES
from sbctl.core.aws.paging import pages
from sbctl.core.kinds.facts import Adoption, Impact
from sbctl.core.kinds.resource import Kind, Live, Named, Retry
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import Desired, Spec
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project
from sbctl.desired.config import keys
from sbctl.desired.config.sections import BucketItem, BucketSetting
from sbctl.resources.calls.call import call_or_none
from sbctl.resources.calls.tag_pages import tags_of
from sbctl.resources.calls.tags import as_pairs, example_tags, owner, tag_change
from sbctl.resources.data.bucket_encryption import AES, KMS, same_encryption, same_key, write_encryption
from sbctl.resources.data.bucket_settings import (
    GONE,
    NO_END,
    UNREPLICATED,
    bucket_tags,
    days_of,
    lifecycle_rules,
    read_settings,
    same_lifecycle,
    tls_only,
    write_lifecycle,
)
from sbctl.resources.data.own_objects import remove_own_objects
from sbctl.resources.roles.policy import Document, same_policy

NO_LOCATION = "us-east-1"
"""The one region that must not be named in CreateBucket."""
KEEPABLE: tuple[BucketSetting, ...] = get_args(BucketSetting)
NO_BUCKET = "NoSuchBucket"
T = TypeVar("T")
ELSEWHERE = ("301", "PermanentRedirect", "BucketAlreadyExists")
TOKENS = ("ContinuationToken", "ContinuationToken")


class BucketSpec(Spec):
    """A bucket. `private` stands for all four settings of the public access block. None: the setting stays as it is."""

    replace_on = frozenset({"name", "region"})
    owned_maps = frozenset({"tags"})
    as_is = frozenset({"versioning", "encryption", "key", "ownership", "private", "policy", "lifecycle"})

    name: str = Field(min_length=3, max_length=63, pattern=r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$")
    region: str
    versioning: str | None = "Enabled"
    encryption: str | None = AES
    key: str | None = Field(default=None, description="ARN of the KMS key of the encryption; None: it stays as it is.")
    ownership: str | None = "BucketOwnerEnforced"
    private: bool | None = True
    policy: Document | None = {}
    lifecycle: tuple[dict[str, Any], ...] | None = ()
    tags: dict[str, str] = {}


class S3Bucket(Kind[BucketSpec, BucketItem]):
    """Buckets. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingBucket.html"""

    name = "s3_bucket"
    section = "buckets"
    title = "bucket"
    spec = BucketSpec
    item = BucketItem
    connect_only = False
    resiliency = "regional"
    adoption = Adoption("bucket")
    dependent_actions = {}
    quotas = ()
    impact_rank = 41
    impacts = (
        Impact("medium", "recordings would be kept for another time", field="lifecycle"),
        Impact("high", "recordings would not be stored, protected or replicated as wanted"),
    )
    singly = frozenset(
        {
            "s3:GetBucketEncryption",
            "s3:GetBucketLifecycleConfiguration",
            "s3:GetBucketOwnershipControls",
            "s3:GetBucketPolicy",
            "s3:GetBucketReplication",
            "s3:GetBucketVersioning",
            "s3:GetPublicAccessBlock",
        }
    )
    docs = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html"
    calls = frozenset(
        f"s3:{operation}"
        for operation in (
            "CreateBucket", "DeleteBucket", "DeleteBucketLifecycle", "DeleteObjects", "GetBucketEncryption",
            "GetBucketLifecycleConfiguration", "GetBucketOwnershipControls", "GetBucketPolicy", "GetBucketReplication",
            "GetBucketTagging",
            "GetBucketVersioning", "GetPublicAccessBlock", "HeadBucket", "ListBuckets", "ListObjectVersions",
            "PutBucketEncryption",
            "PutBucketLifecycleConfiguration", "PutBucketOwnershipControls", "PutBucketPolicy", "PutBucketTagging",
            "PutBucketVersioning", "PutPublicAccessBlock",
        )
    ) | {TAG_PAGES}  # fmt: skip
    protected = True
    retry = (
        Retry("OperationAborted", "", "another change to the bucket is under way"),
        Retry("NoSuchBucket", "", "the new bucket is not known everywhere yet"),
    )
    examples = (
        BucketSpec(
            name="example-recordings-123456789012-us-east-1",
            region="us-east-1",
            policy=tls_only("example-recordings-123456789012-us-east-1"),
            lifecycle=lifecycle_rules(BucketItem(name="recordings")),
            tags=example_tags("s3_bucket.us-east-1.recordings"),
        ),
        BucketSpec(
            name="example-recordings-123456789012-us-east-1",
            region="us-east-1",
            policy=tls_only("example-recordings-123456789012-us-east-1"),
            lifecycle=lifecycle_rules(BucketItem(name="recordings", expire_after_days=365)),
            tags=example_tags("s3_bucket.us-east-1.recordings"),
        ),
    )

    def defaults(self, project: Project) -> Iterable[BucketItem]:  # noqa: ARG002
        return (BucketItem(name="recordings"),)

    def expand(self, item: BucketItem, project: Project, region: str) -> Iterable[Desired]:
        address = self.address(region, item.name)
        name = project.bucket_name(item.name, region)
        spec = BucketSpec(
            name=name,
            region=region,
            encryption=KMS if item.key else AES,
            key=item.key,
            policy=tls_only(name),
            lifecycle=lifecycle_rules(item),
            tags=project.owned(address),
        )
        kept: dict[str, None] = dict.fromkeys(item.keep)
        if "encryption" in item.keep:
            kept["key"] = None
        return (Desired(address=address, spec=spec.model_copy(update=kept)),)

    def check(self, item: BucketItem, project: Project) -> Iterable[tuple[str, str, str]]:
        longest = max((project.bucket_name(item.name, region.region) for region in project.regions), key=len)
        if len(longest) > 63:
            yield "name", f"the bucket would be called {longest}, and S3 allows 63 characters", "Choose a shorter name."
        named = Counter(project.bucket_name(item.name, region.region) for region in project.by_priority)
        if item.bucket in {name for name, times in named.items() if times > 1}:
            yield "bucket", "is the same in several regions", "Name it in the overrides of the region where it is."
        yield from keys.elsewhere(item, project.by_priority)
        yield from keys.former_elsewhere(item, project)

    def remarks(self, item: BucketItem, project: Project) -> Iterable[tuple[str, str, str]]:
        """Where copies are not encrypted with a key of the customer, though the originals are."""
        bare = keys.without_key(item, project) if item.replicate and keys.is_encrypted(item, project) else []
        if bare:
            where = ", ".join(bare)
            said = f"the bucket has customers' KMS keys, and none in {where}: copies there get AWS's key for S3"
            yield "name", said, f'Name a key in the overrides of {where}: "key" of the bucket, or of its storage.'

    def to_config(self, spec: BucketSpec, region: str, named: Named) -> Mapping[str, Any]:
        """The bucket by its name in this region. What it has otherwise than sbctl's own stays; elsewhere sbctl makes its own.

        Elsewhere things are kept as long as here; for good where the config has no words for the rules.
        """
        days = days_of(spec.lifecycle or ())
        item = BucketItem.model_validate({"name": named(self.name, spec.name), "replicate": False, **(days or NO_END)})
        standard = BucketSpec(
            name=spec.name, region=region, policy=tls_only(spec.name), lifecycle=lifecycle_rules(item)
        )
        keep = [name for name in KEEPABLE if not self.same(name, getattr(standard, name), getattr(spec, name))]
        key = {"key": spec.key} if (spec.key or "").startswith("arn:") else {}
        here = {"bucket": spec.name, **({"keep": keep} if keep else {}), **key}
        return {
            **item.model_dump(by_alias=True, exclude_unset=True, exclude={"overrides"}),
            "overrides": {region: here},
        }

    def unmanaged(self, aws: AwsCalls, region: str, live: Live[BucketSpec]) -> Iterable[str]:
        """Rules that copy to buckets that the config does not know."""
        answer = call_or_none(aws, UNREPLICATED, "s3", "GetBucketReplication", region, Bucket=live.spec.name)
        rules = answer["ReplicationConfiguration"]["Rules"] if answer else ()
        if live.spec.lifecycle and days_of(live.spec.lifecycle) is None:
            yield "has life cycle rules for which the config has no words: in other regions nothing would expire"
        targets = sorted({str(rule["Destination"]["Bucket"]).rpartition(":::")[2] for rule in rules})
        if targets:
            yield f'is copied to {", ".join(targets)} by rules that stay as they are, until "replicate" is true'

    def key(self, spec: BucketSpec) -> str:
        return spec.name

    def names(self, aws: AwsCalls, region: str) -> Iterable[str]:
        rows = pages(aws, "s3", "ListBuckets", region, "Buckets", TOKENS, MaxBuckets=1000, BucketRegion=region)
        return [str(row["Name"]) for row in rows]

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[BucketSpec]]:  # noqa: ARG002
        return self._existing(aws, region, self.names(aws, region))

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[BucketSpec]]:  # noqa: ARG002
        return self._existing(aws, region, sorted(sought.keys))

    def _existing(self, aws: AwsCalls, region: str, names: Iterable[str]) -> Iterable[Live[BucketSpec]]:
        found = (self._seen(aws, region, name, _paged_tags) for name in names)
        return [live for live in found if live is not None]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[BucketSpec] | None:
        return self._seen(aws, region, ids["name"], bucket_tags)

    def _seen(
        self, aws: AwsCalls, region: str, name: str, tags_by: Callable[[AwsCalls, str, str], dict[str, str]]
    ) -> Live[BucketSpec] | None:
        settings = _there(aws, region, name, lambda: read_settings(aws, region, name))
        if settings is None:
            return None
        tags = tags_by(aws, region, name)
        return Live(
            spec=BucketSpec.model_construct(name=name, region=region, **settings, tags=tags),
            ids={"name": name},
            outputs={"name": name, "arn": f"arn:aws:s3:::{name}"},
            owner=owner(tags),
        )

    def create(self, aws: AwsCalls, region: str, spec: BucketSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        # us-east-1 answers a second CreateBucket with success and resets the bucket's ACLs, so look first.
        if not _exists(aws, region, spec.name):
            place = {} if region == NO_LOCATION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            try:
                aws.call("s3", "CreateBucket", region, Bucket=spec.name, **place)
            except AwsError as error:
                if error.code == "BucketAlreadyExists":
                    raise SbctlError(_taken(spec.name)) from error
                # An earlier attempt made it, and the look before this one was not told of it yet.
                if error.code != "BucketAlreadyOwnedByYou":
                    raise
        # Tags first: they say that the bucket is ours, should the run end here.
        aws.call("s3", "PutBucketTagging", region, Bucket=spec.name, Tagging={"TagSet": as_pairs(spec.tags)})
        self._write(aws, region, spec.name, None, spec)
        return {"name": spec.name}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: BucketSpec,
        wanted: BucketSpec,
        owned: Mapping[str, Any],
    ) -> None:
        self._write(aws, region, ids["name"], live, wanted)
        change = tag_change(live.tags, wanted.tags, owned)
        if change.put or change.drop:
            # All tags are written at once: those of others as they are now, not as a page had them.
            now = bucket_tags(aws, region, ids["name"])
            kept = {key: value for key, value in now.items() if key not in change.drop}
            tags = {"TagSet": as_pairs({**kept, **change.put})}
            aws.call("s3", "PutBucketTagging", region, Bucket=ids["name"], Tagging=tags)

    def _write(self, aws: AwsCalls, region: str, name: str, live: BucketSpec | None, wanted: BucketSpec) -> None:
        """Write the settings that differ; all of them when `live` is None."""
        if wanted.private is not None and (live is None or live.private != wanted.private):
            names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
            block = dict.fromkeys(names, wanted.private)
            aws.call("s3", "PutPublicAccessBlock", region, Bucket=name, PublicAccessBlockConfiguration=block)
        if wanted.encryption is not None and (live is None or not same_encryption(wanted, live)):
            write_encryption(aws, region, name, wanted.encryption, wanted.key, keeping=live is not None)
        if wanted.ownership is not None and (live is None or live.ownership != wanted.ownership):
            controls = {"Rules": [{"ObjectOwnership": wanted.ownership}]}
            aws.call("s3", "PutBucketOwnershipControls", region, Bucket=name, OwnershipControls=controls)
        if wanted.versioning is not None and (live is None or live.versioning != wanted.versioning):
            status = {"Status": wanted.versioning}
            aws.call("s3", "PutBucketVersioning", region, Bucket=name, VersioningConfiguration=status)
        if wanted.policy is not None and (live is None or not same_policy(wanted.policy, live.policy)):
            aws.call("s3", "PutBucketPolicy", region, Bucket=name, Policy=json.dumps(wanted.policy))
        if wanted.lifecycle is not None and (live is None or not same_lifecycle(wanted.lifecycle, live.lifecycle)):
            write_lifecycle(aws, region, name, wanted.lifecycle, keeping=live is not None)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        try:
            call_or_none(aws, GONE, "s3", "DeleteBucket", region, Bucket=ids["name"])
        except AwsError as error:
            if error.code != "BucketNotEmpty":
                raise
            if not remove_own_objects(aws, region, ids["name"]):
                raise SbctlError(_not_empty(ids["name"])) from error
            self.delete(aws, region, ids)

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        if field == "policy":
            return same_policy(wanted, live)
        if field == "lifecycle":
            return same_lifecycle(wanted, live)
        if field == "key":
            return same_key(wanted, live)
        return super().same(field, wanted, live)


def _exists(aws: AwsCalls, region: str, name: str) -> bool:
    """Whether the bucket is there and ours; somebody else's is a problem, since its name is taken for good."""

    def head() -> bool:
        return call_or_none(aws, GONE, "s3", "HeadBucket", region, Bucket=name) is not None

    return bool(_there(aws, region, name, head))


def _there(aws: AwsCalls, region: str, name: str, ask: Callable[[], T]) -> T | None:
    """What is asked of a bucket; None where there is none.

    S3 refuses both with the same 403, what is not ours and what the caller may not look at: the account's list tells.
    """
    try:
        return ask()
    except AwsError as error:
        if error.code == NO_BUCKET:
            return None
        if error.code in ELSEWHERE or (error.denied and not _in_account(aws, region, name)):
            raise SbctlError(_taken(name)) from error
        raise


def _paged_tags(aws: AwsCalls, region: str, name: str) -> dict[str, str]:
    return tags_of(aws, region, f"arn:aws:s3:::{name}", lambda: bucket_tags(aws, region, name))


def _in_account(aws: AwsCalls, region: str, name: str) -> bool:
    """Whether the account has a bucket of this name. Raises AwsError when nobody says."""
    return any(bucket["Name"] == name for bucket in pages(aws, "s3", "ListBuckets", region, "Buckets", TOKENS))


def _taken(name: str) -> Problem:
    return Problem(
        code="bucket-name-taken",
        summary="The bucket's name is not ours to use",
        detail=f"{name} exists and this account may not use it, or it stands in another region",
        at=name,
        fix="Bucket names are unique in all of AWS: change the project's or the bucket's name.",
        exit=Exit.REFUSED,
    )


def _not_empty(name: str) -> Problem:
    return Problem(
        code="bucket-not-empty",
        summary="The bucket still holds objects or old versions",
        detail=f"{name} was left as it is: sbctl never deletes recordings",
        at=name,
        fix=f"Empty it, including all versions (the S3 console's Empty does both): {name}. Then run destroy again.",
        exit=Exit.REFUSED,
    )


RESOURCE = S3Bucket()
