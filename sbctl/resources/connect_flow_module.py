"""Flow modules: parts that flows share. A module is created with its content; AWS knows no drafts of new modules.

So one that stands in a circle is created empty and filled when all it names exists: flows that run it are published after that.

Settings were seen demanded inside the content and the API has a member for them, so they are sent in both places.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from sbctl.core.address import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Room
from sbctl.core.kinds.resource import Kind, Live
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.kinds.versions import KeptVersion
from sbctl.core.project import Project
from sbctl.flows.comparing.changes import flow_changes
from sbctl.flows.comparing.layout import other_layout
from sbctl.flows.comparing.meaning import same_flow
from sbctl.flows.comparing.noticed import noticed
from sbctl.flows.names.render import render
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.content.flow_content import LAYOUT, associated, content_of, objections
from sbctl.resources.content.flow_lint import FlowLint, wrong_excuses
from sbctl.resources.content.flow_versions import MODULES, content_of_version, digest_of, keep, versions

MODULES_A_PAGE = 100
CHECKSUM = "checksum"
State = Literal["ACTIVE", "ARCHIVED"]
SETTINGS: Mapping[str, Any] = {"InputParameters": [], "OutputParameters": [], "Transitions": []}
"""Of a module that takes nothing, gives nothing and has one way out."""
_END = {"Identifier": "end", "Type": "EndFlowModuleExecution", "Parameters": {}, "Transitions": {}}
STUB: dict[str, Any] = {"Version": "2019-10-30", "StartAction": "end", "Metadata": {}, "Actions": [_END]}


class ModuleItem(ConfigItem):
    """A flow module from `flows/modules/`, deployed in every Connect region; `name` is the module's name there."""

    name: str = Field(min_length=1, max_length=127, description="Name of the module.")
    lint: FlowLint = Field(default=FlowLint(), description="Findings of flow lint that are left out.")


class ModuleSpec(Spec):
    """A flow module. `content` is the flow language as a tree; `settings` what goes in and out of it."""

    replace_on = frozenset({"instance"})
    owned_maps = frozenset({"tags"})
    stays: ClassVar[Mapping[str, str]] = {"description": "Connect takes no empty description of a flow module"}
    deferred = frozenset({"content"})
    deferred_in_circles = True
    create_only = frozenset({"digest"})

    instance: Link
    name: str = Field(min_length=1, max_length=127)
    description: str | None = Field(default=None, max_length=500)
    state: State = "ACTIVE"
    content: Any = None
    digest: str | None = Field(default=None, description="Tells the file's content from others, in all regions alike.")
    settings: dict[str, Any] = {}
    tags: dict[str, str] = {}


def _example(text: str, team: str, description: str) -> ModuleSpec:
    play = {
        "Identifier": "play",
        "Type": "MessageParticipant",
        "Parameters": {"Text": text},
        "Transitions": {"NextAction": "end", "Errors": [], "Conditions": []},
    }
    return ModuleSpec(
        instance=connect.EXAMPLE_INSTANCE,
        name="Greeting",
        description=description,
        content={**STUB, "StartAction": "play", "Actions": [play, _END]},
        tags={**example_tags("connect_flow_module.us-east-1.greeting"), "team": team},
    )


class ConnectFlowModuleKind(Kind[ModuleSpec, ModuleItem]):
    """Flow modules, known by their name within the instance."""

    name = "connect_flow_module"
    section = "modules"
    title = "flow module"
    spec = ModuleSpec
    item = ModuleItem
    within = "instance"
    connect_only = True
    lags = True
    resiliency = "mirrored"
    adoption = Adoption("module", after=("connect_prompt",))
    dependent_actions = {}
    flow_word = "module"
    quotas = ()
    room = Room("flow modules per instance", "L-19755C7E", 200)
    impact_rank = 65
    impacts = (
        Impact("low", "only people read it", field="description"),
        Impact("high", "callers would hear or reach something else"),
    )
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-modules.html"
    calls = connect.operations(
        "SearchContactFlowModules DescribeContactFlowModule CreateContactFlowModule UpdateContactFlowModuleContent"
        " UpdateContactFlowModuleMetadata DeleteContactFlowModule CreateContactFlowModuleVersion"
        " ListContactFlowModuleVersions DeleteContactFlowModuleVersion TagResource UntagResource"
    )
    config_paths = {"content": "document"}
    versioned = "content"
    told_by = "digest"
    examples = (
        _example("Welcome.", "a", "First words"),
        _example("Good morning.", "b", "First words in the morning"),
    )

    def expand(self, item: ModuleItem, project: Project, region: str) -> Iterable[Desired]:
        document = project.modules.get(item.name)
        if document is None:
            return []  # `check` reports it
        address = self.address(region, item.name)
        content = render(document, project.region(region))
        spec = ModuleSpec(
            instance=project.instance(region).ref("id"),
            name=document.name,
            description=document.description or None,
            content=content,
            settings=dict(document.settings),
            digest=digest_of(document.content),
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec, needs=associated(content), at=document.at)]

    def defaults(self, project: Project) -> Iterable[ModuleItem]:
        return [ModuleItem(name=name) for name in sorted(project.modules)]

    def check(self, item: ModuleItem, project: Project) -> Iterable[tuple[str, str, str]]:
        if item.name not in project.modules:
            choices = ", ".join(sorted(project.modules)) or "(none: add a file to flows/modules/)"
            yield ("name", f"{item.name!r} is not in flows/modules/", f"Choose one of {choices}.")
        yield from wrong_excuses(item.lint, item.overrides)

    def key(self, spec: ModuleSpec) -> str:
        return spec.name

    def in_use(self, aws: AwsCalls, region: str, within: str) -> int | None:
        return connect.total(aws, region, "SearchContactFlowModules", within)

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[ModuleSpec]]:
        return [_complete(aws, region, within, row) for row in _rows(aws, region, within)]

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[ModuleSpec]]:
        """Rows that come without their content cost a call each, so only those looked for are completed."""
        rows = (
            row
            for row in _rows(aws, region, within)
            if sought.has(row["Name"], row["Id"], owner(row.get("Tags") or {}))
        )
        return [_complete(aws, region, within, row) for row in rows]

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[ModuleSpec] | None:
        found = connect.present(aws, region, "DescribeContactFlowModule", **_at(ids))
        return _live(ids["instance"], found["ContactFlowModule"]) if found else None

    def create(self, aws: AwsCalls, region: str, spec: ModuleSpec, token: str) -> Mapping[str, str]:
        content = STUB if spec.content is None else spec.content
        with objections(content):
            made = aws.call(
                "connect",
                "CreateContactFlowModule",
                region,
                InstanceId=spec.instance,
                Name=spec.name,
                Tags=spec.tags,
                ClientToken=token,
                **_texts(content, spec.settings),
                **connect.given(Description=spec.description or None),
            )
        return {"instance": str(spec.instance), "id": made["Id"], "arn": made["Arn"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: ModuleSpec,
        wanted: ModuleSpec,
        owned: Mapping[str, Any],
    ) -> None:
        if connect.differs(live, wanted, "name", "description", "state"):
            fields = connect.given(Name=wanted.name, Description=wanted.description or None, State=wanted.state)
            aws.call("connect", "UpdateContactFlowModuleMetadata", region, **_at(ids), **fields)
        content = live.content if wanted.content is None else wanted.content
        if not (self.same("content", content, live.content) and self.same("settings", wanted.settings, live.settings)):
            _publish(aws, region, ids, content, wanted.settings)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        connect.present(aws, region, "DeleteContactFlowModule", **_at(ids))

    def keep_version(
        self, aws: AwsCalls, region: str, live: Live[ModuleSpec], applied: ModuleSpec, *, new: bool
    ) -> None:
        checksum, digest = str(live.outputs.get(CHECKSUM, "")), applied.digest or ""
        if live.spec.content is not None and digest:  # without a file nothing was deployed, only adopted
            keep(MODULES, aws, region, live.ids, live.spec.content, checksum, digest, new=new)

    def versions(self, aws: AwsCalls, region: str, live: Live[ModuleSpec]) -> Iterable[KeptVersion]:
        return versions(MODULES, aws, region, live.ids, live.spec.content)

    def version(self, aws: AwsCalls, region: str, ids: Mapping[str, str], number: int) -> Any:
        text = content_of_version(MODULES, aws, region, ids, number)
        found = None if text is None else content_of(text)
        return found and {name: value for name, value in found.items() if name != "Settings"}

    def same(self, field: str, wanted: Any, live: Any) -> bool:
        if field == "settings":
            return _full(wanted) == _full(live)
        if field == "content" and None not in (wanted, live):
            return same_flow(wanted, live)
        return bool(wanted == live)

    def aside(self, field: str, wanted: Any, live: Any) -> str:
        return LAYOUT if field == "content" and other_layout(wanted, live) else ""

    def notes(self, field: str, live: Any, wanted: Any) -> Iterable[str]:
        return flow_changes(live, wanted) if field == "content" and live is not None else ()

    def describe_impact(self, field: str, there: Any, here: Any) -> Iterable[str]:
        return noticed(there, here) if field == "content" else ()


def _publish(
    aws: AwsCalls, region: str, ids: Mapping[str, str], content: Mapping[str, Any], settings: Mapping[str, Any]
) -> None:
    """Replace content and settings. Raises AwsError whose message says what is wrong with which action."""
    with objections(content):
        aws.call("connect", "UpdateContactFlowModuleContent", region, **_at(ids), **_texts(content, settings))


def _texts(content: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, str]:
    """What a flow may rely on is the member's matter; the content has a block of its own, whatever the module declares."""
    full = _full(settings)
    inside = {name: value for name, value in full.items() if name in SETTINGS}
    declared = settings if settings and not settings.keys() & SETTINGS.keys() else full
    return {"Content": json.dumps({**content, "Settings": inside}), "Settings": json.dumps(declared)}


def _full(settings: Mapping[str, Any] | None) -> dict[str, Any]:
    """Settings with what they leave out."""
    return {**SETTINGS, **(settings or {})}


def _at(ids: Mapping[str, str]) -> dict[str, str]:
    return {"InstanceId": ids["instance"], "ContactFlowModuleId": ids["id"]}


def _rows(aws: AwsCalls, region: str, instance: str) -> Iterable[dict[str, Any]]:
    operation, member = "SearchContactFlowModules", "ContactFlowModules"
    return connect.pages(aws, region, operation, member, MODULES_A_PAGE, InstanceId=instance)


def _complete(aws: AwsCalls, region: str, instance: str, row: Mapping[str, Any]) -> Live[ModuleSpec]:
    """A row of the search; whether the service fills Content is not sure, so it is read where it is missing."""
    live = _live(instance, row)
    return live if row.get("Content") else RESOURCE.read(aws, region, live.ids) or live


def _live(instance: str, row: Mapping[str, Any]) -> Live[ModuleSpec]:
    tags = row.get("Tags") or {}
    content = content_of(row["Content"]) if row.get("Content") else None
    inside = content.pop("Settings", None) if content else None
    settings = json.loads(row["Settings"]) if row.get("Settings") else inside
    spec = ModuleSpec(
        instance=instance,
        name=row["Name"],
        description=row.get("Description") or None,
        state=row.get("State", "ACTIVE"),
        content=content,
        settings=settings or {},
        tags=tags,
    )
    ids = {"instance": instance, "id": row["Id"], "arn": row["Arn"]}
    checksum = {CHECKSUM: row["FlowModuleContentSha256"]} if row.get("FlowModuleContentSha256") else {}
    return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"], **checksum}, owner(tags))


RESOURCE = ConnectFlowModuleKind()
