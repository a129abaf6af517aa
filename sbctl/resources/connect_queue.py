"""Queues: where contacts wait for agents. AWS changes one aspect of a queue a call, so only those needed are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import Field

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Quota, Room
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Live, Named
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.content import queue_outbound as outbound

WHISPER = "OUTBOUND_WHISPER"
ROWS_A_PAGE = 500
Status = Literal["ENABLED", "DISABLED"]


class QueueItem(ConfigItem):
    """A queue in every Connect region."""

    name: str = Field(min_length=1, max_length=127, description="Name in Connect.")
    hours: str = Field(description="Name of the hours of operation.")
    description: str | None = Field(default=None, min_length=1, max_length=250, description="Text of the queue.")
    max_contacts: int | None = Field(default=None, ge=0, description="Contacts that may wait; default: AWS's limit.")
    status: Status = Field(default="ENABLED", description="Whether the queue takes contacts.")
    outbound_caller_name: str | None = Field(
        default=None, min_length=1, max_length=255, description="Name shown for outbound calls."
    )
    outbound_number: str | None = Field(default=None, description="Name of the number shown for outbound calls.")
    outbound_flow: str | None = Field(
        default=None, description="Name of the outbound whisper flow that called people hear first."
    )
    quick_connects: list[str] | None = Field(
        default=None, max_length=700, description="Names of the quick connects that its agents see."
    )


class QueueSpec(Spec):
    """A queue. A description can be set but never cleared (the API refuses an empty one), so None is "not managed".

    Numbers lead to flows, which lead to queues: what a queue names of these is set when it exists.
    """

    replace_on = frozenset({"instance"})
    owned_maps = frozenset({"tags"})
    as_sets = frozenset({"quick_connects"})
    deferred = frozenset({"outbound_number", "outbound_flow", "quick_connects"})
    unlisted: ClassVar[frozenset[str]] = frozenset({"quick_connects"})
    taken_back: ClassVar[Mapping[str, Any]] = {
        "max_contacts": None,
        "outbound_caller_name": None,
        "outbound_number": None,
        "outbound_flow": None,
        "quick_connects": [],
    }
    stays: ClassVar[Mapping[str, str]] = {"description": "Connect takes no empty description of a queue"}

    instance: Link
    name: str = Field(min_length=1, max_length=127)
    description: str | None = Field(default=None, max_length=250)
    hours: Link
    max_contacts: int | None = Field(default=None, ge=0, description="Contacts that may wait.")
    status: Status = "ENABLED"
    outbound_caller_name: str | None = Field(default=None, max_length=255)
    outbound_number: Link | None = None
    outbound_flow: Link | None = None
    quick_connects: tuple[Link, ...] | None = None
    tags: dict[str, str] = {}


class ConnectQueueKind(connect.Searched[QueueSpec, QueueItem]):
    """Standard queues, known by their name within the instance; agents' own queues are not among them."""

    name = "connect_queue"
    section = "queues"
    title = "queue"
    spec = QueueSpec
    item = QueueItem
    connect_only = True
    resiliency = "mirrored"
    adoption = Adoption("item", after=("connect_hours",))
    dependent_actions = {
        "connect:SearchQueues": ("connect:DescribeQueue",),
    }
    flow_word = "queue"
    quotas = (Quota("queues per instance", "connect", "L-19A87C94", per_instance=True),)
    room = Room("queues per instance", "L-19A87C94", 100)
    impact_rank = 73
    impacts = (
        Impact("high", "callers would be turned away sooner, or wait in a longer line", field="max_contacts"),
        Impact("low", "called people would see another name", field="outbound_caller_name"),
        Impact(
            "medium",
            "called people would see another number, or none, and call back elsewhere",
            field="outbound_number",
        ),
        Impact("medium", "called people would hear something else first", field="outbound_flow"),
        Impact("medium", "agents could not transfer calls where they are used to", field="quick_connects"),
        Impact("low", "only people read it", field="description"),
        Impact("high", "calls would wait where nobody answers, or nowhere"),
    )
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/create-queue.html"
    asked = connect.ResourceOperations(
        "SearchQueues", "Queues", "DescribeQueue", "Queue", "DeleteQueue", "QueueId", ROWS_A_PAGE
    )
    calls = connect.operations(
        "SearchQueues DescribeQueue CreateQueue UpdateQueueName UpdateQueueHoursOfOperation"
        " UpdateQueueMaxContacts UpdateQueueStatus UpdateQueueOutboundCallerConfig ListQueueQuickConnects"
        " AssociateQueueQuickConnects DisassociateQueueQuickConnects DeleteQueue TagResource UntagResource"
    )
    singly = frozenset({"connect:ListQueueQuickConnects"})
    named_by = ("routingProfiles.defaultOutboundQueue", "routingProfiles.queues.queue")
    config_paths = {
        "description": "description",
        "hours": "hours",
        "max_contacts": "maxContacts",
        "status": "status",
        "outbound_caller_name": "outboundCallerName",
        "outbound_number": "outboundNumber",
        "outbound_flow": "outboundFlow",
    }
    examples = (
        QueueSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="Sales",
            description="Sales calls",
            hours=Address.of("connect_hours", "us-east-1", "24x7").ref("id"),
            max_contacts=100,
            quick_connects=outbound.links("connect_quick_connect", "us-east-1", ("Desk",)),
            tags={**example_tags("connect_queue.us-east-1.sales"), "team": "a"},
        ),
        QueueSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="Sales",
            description="All sales calls",
            hours=Address.of("connect_hours", "us-east-1", "Business").ref("id"),
            max_contacts=25,
            status="DISABLED",
            outbound_caller_name="Acme",
            outbound_number=outbound.link("connect_phone_number", "us-east-1", "main"),
            outbound_flow=outbound.link("connect_flow", "us-east-1", "whisper"),
            quick_connects=outbound.links("connect_quick_connect", "us-east-1", ("Desk", "Bob")),
            tags={**example_tags("connect_queue.us-east-1.sales"), "team": "b"},
        ),
    )

    def expand(self, item: QueueItem, project: Project, region: str) -> Iterable[Desired]:
        address = self.address(region, item.name)
        spec = QueueSpec(
            instance=project.instance(region).ref("id"),
            name=item.name,
            description=item.description,
            hours=Address.of("connect_hours", region, item.hours).ref("id"),
            max_contacts=item.max_contacts,
            status=item.status,
            outbound_caller_name=item.outbound_caller_name,
            outbound_number=outbound.link("connect_phone_number", region, item.outbound_number),
            outbound_flow=outbound.link("connect_flow", region, item.outbound_flow),
            quick_connects=outbound.links("connect_quick_connect", region, item.quick_connects),
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec)]

    def check(self, item: QueueItem, project: Project) -> Iterable[tuple[str, str, str]]:
        yield from connect.missing("hours", "hours", item.hours, project)
        if item.outbound_number is not None:
            yield from connect.missing("outboundNumber", "numbers", item.outbound_number, project)
        names = item.quick_connects or []
        for name in dict.fromkeys(names):
            yield from connect.missing("quickConnects", "quickConnects", name, project)
            if names.count(name) > 1:
                yield ("quickConnects", f"{name!r} is named twice", "Name each quick connect once.")
        if item.outbound_flow is not None and item.outbound_flow not in project.flows:
            choices = ", ".join(sorted(project.flows)) or "(none: add a file to flows/)"
            yield ("outboundFlow", f"there is no flow {item.outbound_flow!r}", f"Choose one of {choices}.")

    def remarks(self, item: QueueItem, project: Project) -> Iterable[tuple[str, str, str]]:
        flow = project.flows.get(item.outbound_flow or "")
        if flow is not None and flow.type != WHISPER:
            yield (
                "outboundFlow",
                f"{flow.name!r} is a {flow.type} flow",
                f"Called people hear one of the type {WHISPER}.",
            )

    def to_config(self, spec: QueueSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        more = connect.given(maxContacts=spec.max_contacts, outboundCallerName=spec.outbound_caller_name or None)
        more |= {"status": spec.status} if spec.status != "ENABLED" else {}
        hours = named("connect_hours", str(spec.hours))
        return {"name": spec.name, **connect.described(spec), "hours": hours, **more}

    def named_later(self, spec: QueueSpec) -> Mapping[str, tuple[str, Any]]:
        """Flows name queues, numbers name flows: what a queue names of these is said when they have names."""
        found = {
            "outboundNumber": ("connect_phone_number", spec.outbound_number),
            "outboundFlow": ("connect_flow", spec.outbound_flow),
            "quickConnects": ("connect_quick_connect", [*(spec.quick_connects or ())]),
        }
        return {field: named for field, named in found.items() if named[1]}

    def key(self, spec: QueueSpec) -> str:
        return spec.name

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[QueueSpec]:
        return _live(instance, row)

    def complete(
        self, aws: AwsCalls, region: str, live: Live[QueueSpec], fields: frozenset[str]
    ) -> Live[QueueSpec] | None:
        """The queue with its quick connects, which neither search nor describe answers; None when it is gone."""
        if "quick_connects" not in fields:
            return live
        found = outbound.quick_connects(aws, region, live.ids)
        return None if found is None else replace(live, spec=live.spec.model_copy(update={"quick_connects": found}))

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[QueueSpec] | None:
        live = super().read(aws, region, ids)
        return None if live is None else self.complete(aws, region, live, QueueSpec.unlisted)

    def create(self, aws: AwsCalls, region: str, spec: QueueSpec, token: str) -> Mapping[str, str]:  # noqa: ARG002
        caller = {"OutboundCallerIdName": spec.outbound_caller_name} if spec.outbound_caller_name else None
        made = aws.call(
            "connect",
            "CreateQueue",
            region,
            InstanceId=spec.instance,
            Name=spec.name,
            HoursOfOperationId=spec.hours,
            Tags=spec.tags,
            **connect.given(
                Description=spec.description or None, MaxContacts=spec.max_contacts, OutboundCallerConfig=caller
            ),
        )
        ids = {"instance": str(spec.instance), "id": made["QueueId"], "arn": made["QueueArn"]}
        if spec.status != "ENABLED":
            aws.call("connect", "UpdateQueueStatus", region, **outbound.at(ids), Status=spec.status)
        return ids

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: QueueSpec,
        wanted: QueueSpec,
        owned: Mapping[str, Any],
    ) -> None:
        at = outbound.at(ids)
        if connect.differs(live, wanted, "name", "description"):
            text = connect.given(Description=wanted.description or None)
            aws.call("connect", "UpdateQueueName", region, **at, Name=wanted.name, **text)
        if connect.differs(live, wanted, "hours"):
            aws.call("connect", "UpdateQueueHoursOfOperation", region, **at, HoursOfOperationId=wanted.hours)
        if connect.differs(live, wanted, "max_contacts") or given_up("max_contacts", live, wanted, owned):
            limit = connect.given(MaxContacts=wanted.max_contacts)
            aws.call("connect", "UpdateQueueMaxContacts", region, **at, **limit)
        if connect.differs(live, wanted, "status"):
            aws.call("connect", "UpdateQueueStatus", region, **at, Status=wanted.status)
        dropped = {name for name in outbound.MEMBERS if given_up(name, live, wanted, owned)}
        if dropped or connect.differs(live, wanted, *outbound.MEMBERS):
            outbound.set_caller(aws, region, ids, wanted, dropped)
        self._connect(aws, region, ids, live, wanted, owned)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)

    def _connect(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: QueueSpec,
        wanted: QueueSpec,
        owned: Mapping[str, Any],
    ) -> None:
        """Its quick connects, where the config says them, or said them and no longer does."""
        if wanted.quick_connects is None and owned.get("quick_connects") is None:
            return
        now = live.quick_connects
        there = outbound.quick_connects(aws, region, ids) if now is None else tuple(map(str, now))
        left = {str(one) for one in owned.get("quick_connects") or ()}
        kept = (
            [one for one in there or () if one not in left] if wanted.quick_connects is None else wanted.quick_connects
        )
        outbound.set_quick_connects(aws, region, ids, there or (), tuple(map(str, kept)))


def _live(instance: str, row: Mapping[str, Any]) -> Live[QueueSpec]:
    tags = row.get("Tags") or {}
    spec = QueueSpec(
        instance=instance,
        name=row["Name"],
        description=row.get("Description") or None,
        hours=row.get("HoursOfOperationId", ""),
        max_contacts=row.get("MaxContacts"),
        status=row.get("Status", "ENABLED"),
        tags=tags,
        **outbound.caller_fields(row),
    )
    ids = {"instance": instance, "id": row["QueueId"], "arn": row["QueueArn"]}
    return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"]}, owner(tags))


RESOURCE = ConnectQueueKind()
