"""Config items that several kinds read: Lambda functions, tables, buckets. Items of a single kind stand in its file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sbctl.core.kinds.spec import ConfigItem, WrittenPart

Runtime = Literal[
    "python3.10", "python3.11", "python3.12", "python3.13", "python3.14", "nodejs20.x", "nodejs22.x", "nodejs24.x", "ruby3.2",
    "ruby3.3", "ruby3.4", "java8.al2", "java11", "java17", "java21", "java25", "dotnet8", "dotnet10",
]  # fmt: skip
"""Runtimes in which new functions may be made. Those that bring their own (provided) need a file that may be executed."""


KEY_ARN = r"^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+$"


class LambdaItem(ConfigItem):
    """A function from `lambdas/<name>/`, deployed in every region; or, with `function`, one that is there already.

    The folder holds what `handler` names, by default handler.py with a function of the name handler.

    `environment` values may hold `${region}`, `${is-primary}`, `${table:NAME}`, `${bucket:NAME}`, `${instance}`.
    """

    name: str = Field(
        min_length=1,
        max_length=48,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Name of the folder; the function is called PROJECT-NAME.",
    )
    function: str | None = Field(
        default=None,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Name of a function that others made: flows may call it, sbctl never changes it. Often in overrides.",
    )
    description: str = Field(default="", max_length=256, description="Text of the function.")
    runtime: Runtime = Field(default="python3.13", description="Runtime of AWS Lambda.")
    handler: str = Field(
        default="handler.handler",
        min_length=1,
        max_length=128,
        pattern=r"^[\w./:$-]+$",
        description="Module and function that are called.",
    )
    timeout_seconds: int = Field(
        default=5, ge=1, le=900, description="Time a call may take. Flows wait eight seconds at most."
    )
    memory_mb: int = Field(
        default=256, ge=128, le=10240, description="Memory, which also sets the share of a processor."
    )
    environment: dict[str, str] = Field(
        default={}, description="Environment variables. No secrets: everybody who may read the function reads them."
    )
    reads: list[str] = Field(default=[], description="Tables that the function may read.")
    writes: list[str] = Field(default=[], description="Tables that the function may read and write.")
    puts_metrics: bool = Field(
        default=False, description='May put CloudWatch metrics into the namespace "sbctl", and no other.'
    )
    describes_instance: bool = Field(default=False, description="May call connect:DescribeInstance on its instance.")
    connect: bool = Field(default=True, description="May be called from contact flows.")
    url: bool = Field(default=False, description="Has a public function URL.")
    reserved_concurrency: int | None = Field(
        default=None,
        ge=0,
        description="How many calls run at a time: kept free for this function, and never more. 0 stops it. "
        "Default: it shares what the account has not reserved.",
    )
    log_retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] = Field(
        default=30, description="Days that logs are kept."
    )


class PromptItem(ConfigItem):
    """A prompt in every Connect region: audio from `prompts/`, uploaded by sbctl, or an object that is in S3 already.

    `s3` may hold `${region}` and the like; where regions differ more, `overrides` says so.
    """

    name: str = Field(min_length=1, max_length=127, description="Name in Connect.")
    description: str | None = Field(default=None, min_length=1, max_length=250, description="Text of the prompt.")
    file: str | None = Field(default=None, min_length=1, description="In prompts/. Default: the name and .wav.")
    s3: str | None = Field(
        default=None,
        max_length=200,
        pattern=r"^s3://[a-z0-9.${}:-]+/[\w .:/=+@${}-]+$",
        description="s3://BUCKET/KEY in the region of the instance, in place of a file.",
    )
    bucket: str | None = Field(
        default=None, description="Item of `buckets` through which sbctl uploads the file. Default: the first."
    )

    @property
    def file_name(self) -> str:
        """The audio's path in prompts/."""
        return self.file or f"{self.name}.wav"


class KeyAttribute(WrittenPart):
    """One key attribute of a table."""

    name: str = Field(min_length=1, max_length=255, description="Name of the attribute.")
    type: Literal["S", "N", "B"] = Field(default="S", description="S text, N number, B bytes.")


class TableItem(ConfigItem):
    """A DynamoDB global table, on demand, with a replica in every region that the item names (default: all)."""

    name: str = Field(
        min_length=3, max_length=255, pattern=r"^[A-Za-z0-9_.-]+$", description="Name of the table, in every region."
    )
    partition_key: KeyAttribute = Field(description="Attribute by which items are spread.")
    sort_key: KeyAttribute | None = Field(
        default=None, description="Attribute by which items of one partition are sorted."
    )
    point_in_time_recovery: bool = Field(
        default=True, description="Can be restored to any second of the last recoveryDays."
    )
    recovery_days: int = Field(default=35, ge=1, le=35, description="Days that can be restored to.")
    deletion_protection: bool = Field(
        default=False, description="The table cannot be deleted, in any region, until this is false again."
    )
    key: str | None = Field(
        default=None,
        pattern=KEY_ARN,
        description="ARN of the KMS key that encrypts the table, one a region in overrides; in all regions or in none. "
        "Default: AWS's own.",
    )
    ttl: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="Attribute that holds the second of the epoch after which an item expires. Default: nothing expires.",
    )
    keep: list[Literal["billing"]] = Field(default=[], description="Settings that stay as they are in AWS.")


BucketSetting = Literal["encryption", "lifecycle", "ownership", "policy", "private", "versioning"]


class BucketItem(ConfigItem):
    """A bucket in every region, replicated to all the others. `name` is a part of the bucket's real name.

    With `bucket` it is one that is there already; what it has otherwise than sbctl's buckets stands in `keep`.
    """

    name: str = Field(
        min_length=3,
        max_length=24,
        pattern=r"^[a-z0-9][a-z0-9-]*[a-z0-9]$",
        description="Part of the bucket's real name: PROJECT-NAME-ACCOUNT-REGION.",
    )
    bucket: str | None = Field(
        default=None,
        min_length=3,
        max_length=63,
        pattern=r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$",
        description="Name of a bucket that is there already, in place of one that sbctl makes. Often in overrides.",
    )
    keep: list[BucketSetting] = Field(
        default=[], description="Settings that stay as they are in AWS: sbctl neither compares nor changes them."
    )
    replicate: bool = Field(default=True, description="Replicates to the buckets of the other regions.")
    key: str | None = Field(
        default=None,
        pattern=KEY_ARN,
        description="ARN of the KMS key that encrypts what comes into the bucket, one a region in overrides. "
        "Default: S3's own keys.",
    )
    former_keys: list[Annotated[str, Field(pattern=KEY_ARN)]] | None = Field(
        default=None,
        description="ARNs of the KMS keys of objects from before, which replication may still decrypt with. "
        "Default: those that sbctl deployed before; an empty list drops them.",
    )
    glacier_after_days: int | None = Field(
        default=30, ge=1, description="Days until objects move to Glacier; null: never."
    )
    expire_after_days: int | None = Field(default=90, ge=1, description="Days until objects expire; null: never.")
    noncurrent_expire_after_days: int = Field(
        default=30, ge=1, description="Days until replaced and deleted versions expire."
    )
    replication_time_control: bool = Field(
        default=False, description="Replication within 15 minutes, at an extra price."
    )


class StorageItem(ConfigItem):
    """The bucket for one type of data; `name` is the type."""

    name: Literal["call-recordings", "chat-transcripts", "scheduled-reports"] = Field(description="Type of data.")
    bucket: str = Field(default="recordings", description="Name of an item of the section buckets.")
    prefix: str | None = Field(
        default=None, max_length=128, description="Where in the bucket. Default: connect/ALIAS/ and the type of data."
    )
    key: str | None = Field(
        default=None,
        pattern=KEY_ARN,
        description="ARN of the KMS key that encrypts what is stored, in overrides. Default: encryption stays as it is.",
    )
