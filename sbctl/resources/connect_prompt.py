"""Prompts: audio that flows play. AWS copies it out of a bucket and never says from where, so a tag keeps its mark.

The mark is the hash of the file, or the address of an object that was in S3 already. A prompt without a mark was made by
others: its audio cannot be compared, and is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from pydantic import Field

from sbctl.core.address import Address, Link, joined
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Room
from sbctl.core.kinds.resource import Live, Named
from sbctl.core.kinds.spec import Desired, Spec
from sbctl.core.problem import SbctlError
from sbctl.core.project import Project
from sbctl.core.text.slug import stem
from sbctl.desired.config.sections import PromptItem
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.content.placeholders import fill, unknown
from sbctl.resources.content.prompt_audio import AUDIO_TAG, in_bucket, without_bucket

PROMPTS_A_PAGE = 100
_BUCKET = Address.of("s3_bucket", "us-east-1", "example-audio")


class PromptSpec(Spec):
    """A prompt. `audio`: `s3://…`, or the SHA-256 of the file `source`, which goes through `bucket`."""

    replace_on = frozenset({"instance"})
    owned_maps = frozenset({"tags"})
    create_only = frozenset({"source", "bucket"})
    stays: ClassVar[Mapping[str, str]] = {"description": "Connect takes no empty description of a prompt"}
    as_is = frozenset({"audio"})

    instance: Link
    name: str = Field(min_length=1, max_length=127)
    description: str | None = Field(default=None, max_length=250)
    audio: Link | None = None
    source: str = ""
    bucket: Link = ""
    tags: dict[str, str] = {}


def _example(**changed: Any) -> PromptSpec:
    values = {
        "instance": connect.EXAMPLE_INSTANCE,
        "name": "Hello",
        "description": "First words",
        "audio": joined("s3://", _BUCKET.ref("name"), "/hello.wav"),
        "tags": {**example_tags("connect_prompt.us-east-1.hello"), "team": "a"},
    }
    return PromptSpec.model_validate({**values, **changed})


class ConnectPromptKind(connect.Searched[PromptSpec, PromptItem]):
    """Prompts, known by their name within the instance."""

    name = "connect_prompt"
    section = "prompts"
    title = "prompt"
    spec = PromptSpec
    item = PromptItem
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("audio")
    dependent_actions = {}
    flow_word = "prompt"
    quotas = ()
    room = Room("prompts per instance", "L-0865B754", 500)
    impact_rank = 69
    impacts = (
        Impact("low", "only people read it", field="description"),
        Impact("high", "callers would hear another recording, or none"),
    )
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/prompts.html"
    asked = connect.ResourceOperations(
        "SearchPrompts", "Prompts", "DescribePrompt", "Prompt", "DeletePrompt", "PromptId", PROMPTS_A_PAGE
    )
    calls = connect.operations(
        "SearchPrompts DescribePrompt CreatePrompt UpdatePrompt DeletePrompt TagResource UntagResource"
    ) | {"s3:HeadObject", "s3:PutObject"}
    config_paths = {"description": "description"}
    examples = (
        _example(),
        _example(
            description="First words in the morning",
            audio=joined("s3://", _BUCKET.ref("name"), "/morning.wav"),
            tags={**example_tags("connect_prompt.us-east-1.hello"), "team": "b"},
        ),
    )

    def expand(self, item: PromptItem, project: Project, region: str) -> Iterable[Desired]:
        recording = project.recordings.get(item.file_name)
        if recording is None and not item.s3:
            return []  # the config check reports it
        address = self.address(region, item.name)
        bucket = _bucket_of(item, project)
        spec = PromptSpec(
            instance=project.instance(region).ref("id"),
            name=item.name,
            description=item.description,
            audio=fill(item.s3, project, region) if item.s3 else recording.sha256 if recording else None,
            source=recording.path if recording and not item.s3 else "",
            bucket=""
            if item.s3 or not _in(project, bucket, region)
            else Address.of("s3_bucket", region, bucket).ref("name"),
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec)]

    def check(self, item: PromptItem, project: Project) -> Iterable[tuple[str, str, str]]:
        if item.s3 and item.file:
            yield "s3", "the audio is a file and an object at once", 'Keep "file" or "s3".'
        for finding in unknown(item.s3 or "", project):
            yield "s3", finding, "Correct the placeholder."
        if not item.s3:
            yield from connect.missing("bucket", "buckets", _bucket_of(item, project), project)

    def to_config(self, spec: PromptSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        return {"name": spec.name, **connect.described(spec), "file": f"{stem(spec.name.removesuffix('.wav'))}.wav"}

    def key(self, spec: PromptSpec) -> str:
        return spec.name

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[PromptSpec]:
        return _live(instance, row)

    def create(self, aws: AwsCalls, region: str, spec: PromptSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        made = aws.call(
            "connect",
            "CreatePrompt",
            region,
            InstanceId=spec.instance,
            Name=spec.name,
            S3Uri=_uri(aws, region, spec),
            Tags={**spec.tags, AUDIO_TAG: str(spec.audio)},
            **connect.given(Description=spec.description or None),
        )
        return {"instance": str(spec.instance), "id": made["PromptId"], "arn": made["PromptARN"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: PromptSpec,
        wanted: PromptSpec,
        owned: Mapping[str, Any],
    ) -> None:
        """The mark comes last: a run that ends before it brings the same audio once more."""
        other = not self.same("audio", wanted.audio, live.audio)
        if other or connect.differs(live, wanted, "name", "description"):
            fields = connect.given(
                Description=wanted.description or None, S3Uri=_uri(aws, region, wanted) if other else None
            )
            aws.call("connect", "UpdatePrompt", region, **_at(ids), Name=wanted.name, **fields)
        if other:
            mark = {AUDIO_TAG: str(wanted.audio)}
            aws.call("connect", "TagResource", region, resourceArn=ids["arn"], tags=mark)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        return bool(wanted == live) or (field == "audio" and None in (wanted, live))

    def describe_impact(self, field: str, there: Any, here: Any) -> Iterable[str]:  # noqa: ARG002
        """A hash says nothing to people."""
        return ["callers hear another recording"] if field == "audio" else ()


def _bucket_of(item: PromptItem, project: Project) -> str:
    """The bucket through which the audio goes: the item's, or the first of the project."""
    buckets = [bucket.name for bucket in project.items.get("buckets", ())]
    return item.bucket or (buckets[0] if buckets else "")


def _in(project: Project, bucket: str, region: str) -> bool:
    """Whether a region has the bucket; one whose prompts were all there before sbctl needs none."""
    return any(item.name == bucket and item.in_region(region) for item in project.items.get("buckets", ()))


def _uri(aws: AwsCalls, region: str, spec: PromptSpec) -> str:
    """Where Connect finds the audio; a file of the project is uploaded first."""
    if str(spec.audio).startswith("s3://"):
        return str(spec.audio)
    if not spec.bucket:
        raise SbctlError(without_bucket(spec.name, region))
    return in_bucket(aws, region, str(spec.bucket), spec.source, str(spec.audio))


def _at(ids: Mapping[str, str]) -> dict[str, str]:
    return {"InstanceId": ids["instance"], "PromptId": ids["id"]}


def _live(instance: str, row: Mapping[str, Any]) -> Live[PromptSpec]:
    tags = dict(row.get("Tags") or {})
    spec = PromptSpec(
        instance=instance,
        name=row["Name"],
        description=row.get("Description") or None,
        audio=tags.pop(AUDIO_TAG, None),
        tags=tags,
    )
    ids = {"instance": instance, "id": row["PromptId"], "arn": row["PromptARN"]}
    return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"]}, owner(tags))


RESOURCE = ConnectPromptKind()
