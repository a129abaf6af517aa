"""Contact flows: what callers hear and where they go. AWS validates what is published, so sbctl always publishes.

A flow is created with its content when all that it names is there. Flows that name each other in a circle are created as drafts,
which no caller meets, and published when all of them exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.kinds.facts import Adoption, Impact, Room
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.kinds.versions import KeptVersion
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project
from sbctl.flows.comparing.changes import flow_changes
from sbctl.flows.comparing.layout import other_layout
from sbctl.flows.comparing.meaning import same_flow
from sbctl.flows.comparing.noticed import noticed
from sbctl.flows.names.render import render
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.content.flow_content import (
    DRAFT,
    LAYOUT,
    STUB,
    associated,
    at,
    content_of,
    create,
    draft_of,
    publish,
    save,
    still_a_draft,
)
from sbctl.resources.content.flow_lint import FlowLint, wrong_excuses
from sbctl.resources.content.flow_versions import FLOWS, content_of_version, digest_of, keep, versions

FLOWS_A_PAGE = 100
CHECKSUM = "content_sha256"
"""The output with the service's checksum of the published content."""
State = Literal["ACTIVE", "ARCHIVED"]
Status = Literal["PUBLISHED", "SAVED"]


class FlowItem(ConfigItem):
    """A flow from `flows/`, deployed in every Connect region; `name` is the flow's name there."""

    name: str = Field(min_length=1, description="Name of the flow.")
    lint: FlowLint = Field(default=FlowLint(), description="Findings of flow lint that are left out.")


class FlowSpec(Spec):
    """A contact flow. `content` is the flow language as a tree, None for a flow that was never published.

    Such a flow has a `draft`, which AWS stores as it is. Drafts of published flows are the console's matter.
    """

    replace_on = frozenset({"instance", "type"})
    owned_maps = frozenset({"tags"})
    as_is = frozenset({"description"})
    deferred = frozenset({"content", "draft"})
    deferred_in_circles = True
    create_only = frozenset({"digest"})

    instance: Link
    name: str = Field(min_length=1)
    type: str
    description: str | None = None
    state: State = "ACTIVE"
    status: Status = "PUBLISHED"
    content: Any = None
    draft: Any = None
    digest: str | None = Field(default=None, description="Tells the file's content from others, in all regions alike.")
    tags: dict[str, str] = {}


def _greeting(text: str) -> dict[str, Any]:
    play = {
        "Identifier": "play",
        "Type": "MessageParticipant",
        "Parameters": {"Text": text},
        "Transitions": {
            "NextAction": "end",
            "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}],
            "Conditions": [],
        },
    }
    return {**STUB, "StartAction": "play", "Actions": [play, *STUB["Actions"]]}


class ConnectFlowKind(Kind[FlowSpec, FlowItem]):
    """Contact flows, known by their name within the instance."""

    name = "connect_flow"
    section = "flows"
    title = "contact flow"
    spec = FlowSpec
    item = FlowItem
    within = "instance"
    connect_only = True
    lags = True
    resiliency = "mirrored"
    adoption = Adoption("flow", after=("connect_flow_module",))
    dependent_actions = {
        "connect:SearchContactFlows": ("connect:DescribeContactFlow",),
    }
    flow_word = "flow"
    quotas = ()
    room = Room("flows per instance", "L-22922690", 100)
    impact_rank = 61
    impacts = (
        Impact("low", "only people read it", field="description"),
        Impact("high", "callers would hear or reach something else"),
    )
    docs = "https://docs.aws.amazon.com/connect/latest/APIReference/flow-language.html"
    calls = connect.operations(
        "SearchContactFlows DescribeContactFlow CreateContactFlow UpdateContactFlowContent UpdateContactFlowMetadata"
        " DeleteContactFlow CreateContactFlowVersion ListContactFlowVersions DeleteContactFlowVersion"
        " TagResource UntagResource"
    )
    config_paths = {"content": "document", "draft": "document", "status": "document"}
    versioned = "content"
    told_by = "digest"
    examples = (
        FlowSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="Welcome",
            type="CONTACT_FLOW",
            description="First words",
            content=_greeting("Welcome."),
            tags={**example_tags("connect_flow.us-east-1.welcome"), "team": "a"},
        ),
        FlowSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="Welcome",
            type="CONTACT_FLOW",
            description="First words in the morning",
            content=_greeting("Good morning."),
            tags={**example_tags("connect_flow.us-east-1.welcome"), "team": "b"},
        ),
    )

    def expand(self, item: FlowItem, project: Project, region: str) -> Iterable[Desired]:
        document = project.flows.get(item.name)
        if document is None:
            return []  # `check` reports it
        address = self.address(region, item.name)
        content = render(document, project.region(region))
        published = document.status == "PUBLISHED"
        spec = FlowSpec(
            instance=project.instance(region).ref("id"),
            name=document.name,
            type=document.type,
            description=document.description,
            status=document.status,
            content=content if published else None,
            draft=None if published else content,
            digest=digest_of(document.content) if published else None,
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec, needs=associated(content), at=document.at)]

    def defaults(self, project: Project) -> Iterable[FlowItem]:
        return [FlowItem(name=name) for name in sorted(project.flows)]

    def check(self, item: FlowItem, project: Project) -> Iterable[tuple[str, str, str]]:
        if item.name not in project.flows:
            choices = ", ".join(sorted(project.flows)) or "(none: add a file to flows/)"
            yield ("name", f"{item.name!r} is not in flows/", f"Choose one of {choices}.")
        yield from wrong_excuses(item.lint, item.overrides)

    def key(self, spec: FlowSpec) -> str:
        return spec.name

    def in_use(self, aws: AwsCalls, region: str, within: str) -> int | None:
        return connect.total(aws, region, "SearchContactFlows", within)

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[FlowSpec]]:
        return [_complete(aws, region, within, row) for row in _rows(aws, region, within)]

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[FlowSpec]]:
        """Rows that come without their content cost a call each, so only those looked for are completed."""
        rows = (
            row
            for row in _rows(aws, region, within)
            if sought.has(row["Name"], row["Id"], owner(row.get("Tags") or {}))
        )
        return [_complete(aws, region, within, row) for row in rows]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[FlowSpec] | None:
        """A flow that was never published exists, although AWS answers with status 404: its draft is read then."""
        try:
            found = connect.present(aws, region, "DescribeContactFlow", **at(ids))
        except AwsError as error:
            if error.code != "ContactFlowNotPublishedException":
                raise
            draft = {**at(ids), "ContactFlowId": ids["id"] + DRAFT}
            found = connect.present(aws, region, "DescribeContactFlow", **draft)
            return _live(ids["instance"], {**found["ContactFlow"], **_named(ids), "Status": "SAVED"}) if found else None
        return _live(ids["instance"], found["ContactFlow"]) if found else None

    def create(self, aws: AwsCalls, region: str, spec: FlowSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        named = {"InstanceId": spec.instance, "Name": spec.name, "Type": spec.type, "Tags": spec.tags}
        described = connect.given(Description=spec.description or None)
        made = create(aws, region, spec.content, spec.draft, **named, **described)
        return {"instance": str(spec.instance), "id": made["ContactFlowId"], "arn": made["ContactFlowArn"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: FlowSpec,
        wanted: FlowSpec,
        owned: Mapping[str, Any],
    ) -> None:
        if wanted.status == "SAVED" and live.status == "PUBLISHED":
            raise SbctlError(_is_published(live.name, region))
        if wanted.draft is not None and not self.same("draft", wanted.draft, live.draft):
            save(aws, region, ids, wanted.draft)
        if connect.differs(live, wanted, "name", "description", "state"):
            fields = connect.given(Name=wanted.name, Description=wanted.description, ContactFlowState=wanted.state)
            aws.call("connect", "UpdateContactFlowMetadata", region, **at(ids), **fields)
        if wanted.content is not None and not self.same("content", wanted.content, live.content):
            publish(aws, region, ids, wanted.content)
            self._check_published(aws, region, ids, live)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)

    def _check_published(self, aws: AwsCalls, region: str, ids: Mapping[str, str], live: FlowSpec) -> None:
        """That new content publishes a draft is in no page of AWS. Raises SbctlError where it does not."""
        now = self.read(aws, region, ids) if live.content is None else None
        if now is not None and now.spec.content is None:
            raise SbctlError(still_a_draft(live.name, region))

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        connect.present(aws, region, "DeleteContactFlow", **at(ids))

    def keep_version(self, aws: AwsCalls, region: str, live: Live[FlowSpec], applied: FlowSpec, *, new: bool) -> None:
        checksum, digest = str(live.outputs.get(CHECKSUM, "")), applied.digest or ""
        if live.spec.content is not None and digest:  # without a file nothing was deployed, only adopted
            keep(FLOWS, aws, region, live.ids, live.spec.content, checksum, digest, new=new)

    def versions(self, aws: AwsCalls, region: str, live: Live[FlowSpec]) -> Iterable[KeptVersion]:
        return versions(FLOWS, aws, region, live.ids, live.spec.content)

    def version(self, aws: AwsCalls, region: str, ids: Mapping[str, str], number: int) -> Any:
        text = content_of_version(FLOWS, aws, region, ids, number)
        return None if text is None else content_of(text)

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        if field not in ("content", "draft") or wanted is None or live is None:
            return bool(wanted == live)
        return same_flow(wanted, live)

    def aside(self, field: str, wanted: Any, live: Any) -> str:
        return LAYOUT if field == "content" and other_layout(wanted, live) else ""

    def notes(self, field: str, live: Any, wanted: Any) -> Iterable[str]:
        return flow_changes(live, wanted) if field in ("content", "draft") and live is not None else ()

    def describe_impact(self, field: str, there: Any, here: Any) -> Iterable[str]:
        return noticed(there, here) if field == "content" else ()


def _named(ids: Mapping[str, str]) -> dict[str, str]:
    return {"Id": ids["id"], "Arn": ids["arn"]}


def _rows(aws: AwsCalls, region: str, instance: str) -> Iterable[dict[str, Any]]:
    return connect.pages(aws, region, "SearchContactFlows", "ContactFlows", FLOWS_A_PAGE, InstanceId=instance)


def _complete(aws: AwsCalls, region: str, instance: str, row: Mapping[str, Any]) -> Live[FlowSpec]:
    """A row of the search; whether the service fills Content is not sure, so it is read where it is missing.

    So is a draft: whether the search tells of a draft's status beside what is published is not sure either.
    """
    live = _live(instance, row)
    told = row.get("Content") and row.get("Status") != "SAVED"
    return live if told else RESOURCE.read(aws, region, live.ids) or live


def _is_published(name: str, region: str) -> Problem:
    """Callers would lose it."""
    return Problem(
        code="flow-is-published",
        summary="A published flow cannot become a draft",
        detail=f"flow {name!r} is published in {region}, and its file says it is SAVED",
        fix='Remove "status" from the file to publish its content, or name the draft otherwise.',
        exit=Exit.REFUSED,
    )


def _live(instance: str, row: Mapping[str, Any]) -> Live[FlowSpec]:
    tags = row.get("Tags") or {}
    is_draft = row.get("Status") == "SAVED"
    content = row.get("Content")
    spec = FlowSpec(
        instance=instance,
        name=row["Name"],
        type=row["Type"],
        description=row.get("Description") or "",
        state=row.get("State", "ACTIVE"),
        status="SAVED" if is_draft else "PUBLISHED",
        content=content_of(content) if content and not is_draft else None,
        draft=draft_of(content) if content and is_draft else None,
        tags=tags,
    )
    ids = {"instance": instance, "id": row["Id"], "arn": row["Arn"]}
    checksum = {CHECKSUM: row["FlowContentSha256"]} if content and not is_draft and row.get("FlowContentSha256") else {}
    return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"], **checksum}, owner(tags))


RESOURCE = ConnectFlowKind()
