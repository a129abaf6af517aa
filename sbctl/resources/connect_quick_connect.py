"""Quick connects: where agents transfer contacts to with one click: a user, a queue, a telephone number or a flow.

https://docs.aws.amazon.com/connect/latest/APIReference/API_CreateQuickConnect.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Room
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Live, Named
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.content.user_names import user_address

E164 = r"^\+[1-9]\d{1,14}$"
Type = Literal["USER", "QUEUE", "PHONE_NUMBER", "FLOW"]
TRANSFERS: Mapping[str, str] = {"USER": "AGENT_TRANSFER", "QUEUE": "QUEUE_TRANSFER"}
"""The types of flows that the console offers. https://docs.aws.amazon.com/connect/latest/adminguide/quick-connects.html"""


class QuickConnectItem(ConfigItem):
    """A quick connect in every Connect region: to a `user` or a `queue` through a `flow`, to a `phoneNumber`, or to a `flow`."""

    name: str = Field(min_length=1, max_length=127, description="Name that agents see.")
    description: str | None = Field(
        default=None, min_length=1, max_length=250, description="Text of the quick connect."
    )
    user: str | None = Field(default=None, description="User name of an agent, of `users`.")
    queue: str | None = Field(default=None, description="Name of a queue.")
    phone_number: str | None = Field(default=None, pattern=E164, description="Telephone number, +18005550100.")
    flow: str | None = Field(
        default=None, description="Name of the flow that runs; all but telephone numbers need one."
    )

    @property
    def type(self) -> Type:
        """What it leads to."""
        if self.user is not None:
            return "USER"
        if self.queue is not None:
            return "QUEUE"
        return "FLOW" if self.phone_number is None else "PHONE_NUMBER"


class QuickConnectSpec(Spec):
    """A quick connect. `target`: id of the user or queue, or the number; "" for a flow."""

    replace_on = frozenset({"instance"})
    owned_maps = frozenset({"tags"})
    taken_back: ClassVar[Mapping[str, Any]] = {"description": None}

    instance: Link
    name: str = Field(min_length=1, max_length=127)
    description: str | None = Field(default=None, max_length=250)
    type: Type
    target: Link = ""
    flow: Link = ""
    tags: dict[str, str] = {}


def _example(**changed: Any) -> QuickConnectSpec:
    values = {
        "instance": connect.EXAMPLE_INSTANCE,
        "name": "Bank",
        "description": "The bank next door",
        "type": "PHONE_NUMBER",
        "target": "+18005550100",
        "tags": {**example_tags("connect_quick_connect.us-east-1.bank"), "team": "a"},
    }
    return QuickConnectSpec.model_validate({**values, **changed})


class ConnectQuickConnectKind(connect.Searched[QuickConnectSpec, QuickConnectItem]):
    """Quick connects, known by their name within the instance."""

    name = "connect_quick_connect"
    section = "quickConnects"
    title = "quick connect"
    spec = QuickConnectSpec
    item = QuickConnectItem
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("item", after=("connect_queue", "connect_user", "connect_flow"))
    dependent_actions = {
        "connect:SearchQuickConnects": ("connect:DescribeQuickConnect",),
    }
    quotas = ()
    room = Room("quick connects per instance", "L-68BBE2E8", 100)
    impact_rank = 86
    impacts = (
        Impact("low", "only people read it", field="description"),
        Impact("medium", "agents could not transfer contacts, or would transfer them elsewhere"),
    )
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/quick-connects.html"
    asked = connect.ResourceOperations(
        "SearchQuickConnects",
        "QuickConnects",
        "DescribeQuickConnect",
        "QuickConnect",
        "DeleteQuickConnect",
        "QuickConnectId",
    )
    calls = connect.operations(
        "SearchQuickConnects DescribeQuickConnect CreateQuickConnect UpdateQuickConnectName UpdateQuickConnectConfig"
        " DeleteQuickConnect TagResource UntagResource"
    )
    config_paths = {"description": "description"}
    examples = (
        _example(),
        _example(
            description="Our savings bank",
            target="+18005550199",
            tags={**example_tags("connect_quick_connect.us-east-1.bank"), "team": "b"},
        ),
    )

    def expand(self, item: QuickConnectItem, project: Project, region: str) -> Iterable[Desired]:
        address = self.address(region, item.name)
        spec = QuickConnectSpec(
            instance=project.instance(region).ref("id"),
            name=item.name,
            description=item.description,
            type=item.type,
            target=_target(item, region),
            flow="" if item.flow is None else Address.of("connect_flow", region, item.flow).ref("id"),
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec)]

    def check(self, item: QuickConnectItem, project: Project) -> Iterable[tuple[str, str, str]]:
        ends = {"user": item.user, "queue": item.queue, "phoneNumber": item.phone_number}
        named = [name for name, value in ends.items() if value is not None]
        if len(named) > 1:
            yield named[1], f"it leads to {' and '.join(named)} at once", "Keep one of them."
        if item.type == "PHONE_NUMBER" and item.flow is not None:
            yield "flow", "a telephone number is called without a flow", "Remove flow."
        if item.type != "PHONE_NUMBER" and item.flow is None:
            yield "name", "says neither whom to call nor which flow runs", "Add flow, or phoneNumber."
        if item.user is not None:
            yield from connect.missing("user", "users", item.user, project)
        if item.queue is not None:
            yield from connect.missing("queue", "queues", item.queue, project)
        if item.flow is not None and item.flow not in project.flows:
            yield "flow", f"{item.flow!r} is not in flows/", _choices(project)

    def remarks(self, item: QuickConnectItem, project: Project) -> Iterable[tuple[str, str, str]]:
        flow, fit = project.flows.get(item.flow or ""), TRANSFERS.get(item.type)
        if flow is not None and fit is not None and flow.type != fit:
            said = f"{item.flow} is of the type {flow.type}; Connect's console offers {fit} here"
            yield "flow", said, f"Name a flow of the type {fit}, unless yours is meant."

    def to_config(self, spec: QuickConnectSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        kinds = {"USER": ("user", "connect_user"), "QUEUE": ("queue", "connect_queue")}
        end: dict[str, str] = {}
        if spec.type == "PHONE_NUMBER":
            end["phoneNumber"] = str(spec.target)
        elif spec.type in kinds:
            field, kind = kinds[spec.type]
            end[field] = named(kind, str(spec.target))
        flow = {"flow": named("connect_flow", str(spec.flow))} if spec.flow else {}
        return {"name": spec.name, **connect.described(spec), **end, **flow}

    def key(self, spec: QuickConnectSpec) -> str:
        return spec.name

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[QuickConnectSpec]:
        tags, config = row.get("Tags") or {}, row["QuickConnectConfig"]
        user, queue, phone, flow = (
            config.get(name) or {} for name in ("UserConfig", "QueueConfig", "PhoneConfig", "FlowConfig")
        )
        spec = QuickConnectSpec(
            instance=instance,
            name=row["Name"],
            description=row.get("Description") or None,
            type=config["QuickConnectType"],
            target=user.get("UserId") or queue.get("QueueId") or phone.get("PhoneNumber") or "",
            flow=next((one["ContactFlowId"] for one in (user, queue, flow) if one.get("ContactFlowId")), ""),
            tags=tags,
        )
        ids = {"instance": instance, "id": row["QuickConnectId"], "arn": row["QuickConnectARN"]}
        return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"]}, owner(tags))

    def create(self, aws: AwsCalls, region: str, spec: QuickConnectSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        made = aws.call(
            "connect",
            "CreateQuickConnect",
            region,
            InstanceId=spec.instance,
            Name=spec.name,
            QuickConnectConfig=_config(spec),
            Tags=spec.tags,
            **connect.given(Description=spec.description or None),
        )
        return {"instance": str(spec.instance), "id": made["QuickConnectId"], "arn": made["QuickConnectARN"]}

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: QuickConnectSpec,
        wanted: QuickConnectSpec,
        owned: Mapping[str, Any],
    ) -> None:
        no_text = given_up("description", live, wanted, owned)
        if no_text or connect.differs(live, wanted, "name", "description"):
            text = connect.given(Description="" if no_text else wanted.description)
            aws.call("connect", "UpdateQuickConnectName", region, **self.at(ids), Name=wanted.name, **text)
        if connect.differs(live, wanted, "type", "target", "flow"):
            config = _config(wanted)
            aws.call("connect", "UpdateQuickConnectConfig", region, **self.at(ids), QuickConnectConfig=config)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)


def _target(item: QuickConnectItem, region: str) -> Link:
    if item.user is not None:
        return user_address(region, item.user).ref("id")
    if item.queue is not None:
        return Address.of("connect_queue", region, item.queue).ref("id")
    return item.phone_number or ""


def _config(spec: QuickConnectSpec) -> dict[str, Any]:
    """The type with the one block that belongs to it."""
    flow = {"ContactFlowId": spec.flow}
    blocks: dict[Type, dict[str, Any]] = {
        "USER": {"UserConfig": {"UserId": spec.target, **flow}},
        "QUEUE": {"QueueConfig": {"QueueId": spec.target, **flow}},
        "PHONE_NUMBER": {"PhoneConfig": {"PhoneNumber": spec.target}},
        "FLOW": {"FlowConfig": flow},
    }
    return {"QuickConnectType": spec.type, **blocks[spec.type]}


def _choices(project: Project) -> str:
    return f"Choose one of {', '.join(sorted(project.flows)) or '(none: add a flow to flows/)'}."


RESOURCE = ConnectQuickConnectKind()
