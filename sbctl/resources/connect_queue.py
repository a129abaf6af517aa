"""Queues: where contacts wait for agents. AWS changes one aspect of a queue a call, so only those needed are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Quota
from sbctl.core.kinds.given_up import given_up
from sbctl.core.kinds.resource import Live, Named
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner

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


class QueueSpec(Spec):
    """A queue. A description can be set but never cleared (the API refuses an empty one), so None is "not managed"."""

    replace_on = frozenset({"instance"})
    owned_maps = frozenset({"tags"})
    taken_back: ClassVar[Mapping[str, Any]] = {"max_contacts": None, "outbound_caller_name": None}
    stays: ClassVar[Mapping[str, str]] = {"description": "Connect takes no empty description of a queue"}

    instance: Link
    name: str = Field(min_length=1, max_length=127)
    description: str | None = Field(default=None, max_length=250)
    hours: Link
    max_contacts: int | None = Field(default=None, ge=0, description="Contacts that may wait.")
    status: Status = "ENABLED"
    outbound_caller_name: str | None = Field(default=None, max_length=255)
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
    impact_rank = 73
    impacts = (
        Impact("high", "callers would be turned away sooner, or wait in a longer line", field="max_contacts"),
        Impact("low", "called people would see another name", field="outbound_caller_name"),
        Impact("low", "only people read it", field="description"),
        Impact("high", "calls would wait where nobody answers, or nowhere"),
    )
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/create-queue.html"
    asked = connect.ResourceOperations(
        "SearchQueues", "Queues", "DescribeQueue", "Queue", "DeleteQueue", "QueueId", ROWS_A_PAGE
    )
    calls = connect.operations(
        "SearchQueues DescribeQueue CreateQueue UpdateQueueName UpdateQueueHoursOfOperation"
        " UpdateQueueMaxContacts UpdateQueueStatus UpdateQueueOutboundCallerConfig DeleteQueue TagResource"
        " UntagResource"
    )
    named_by = ("routingProfiles.defaultOutboundQueue", "routingProfiles.queues.queue")
    config_paths = {
        "description": "description",
        "hours": "hours",
        "max_contacts": "maxContacts",
        "status": "status",
        "outbound_caller_name": "outboundCallerName",
    }
    examples = (
        QueueSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="Sales",
            description="Sales calls",
            hours=Address.of("connect_hours", "us-east-1", "24x7").ref("id"),
            max_contacts=100,
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
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec)]

    def check(self, item: QueueItem, project: Project) -> Iterable[tuple[str, str, str]]:
        return connect.missing("hours", "hours", item.hours, project)

    def to_config(self, spec: QueueSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        more = connect.given(maxContacts=spec.max_contacts, outboundCallerName=spec.outbound_caller_name or None)
        more |= {"status": spec.status} if spec.status != "ENABLED" else {}
        hours = named("connect_hours", str(spec.hours))
        return {"name": spec.name, **connect.described(spec), "hours": hours, **more}

    def key(self, spec: QueueSpec) -> str:
        return spec.name

    def live(self, instance: str, row: Mapping[str, Any]) -> Live[QueueSpec]:
        return _live(instance, row)

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
            aws.call("connect", "UpdateQueueStatus", region, **_at(ids), Status=spec.status)
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
        at = _at(ids)
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
        name = "outbound_caller_name"
        if connect.differs(live, wanted, name) or given_up(name, live, wanted, owned):
            self._set_caller(aws, region, at, wanted)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)

    def _set_caller(self, aws: AwsCalls, region: str, at: Mapping[str, str], wanted: QueueSpec) -> None:
        """Set the caller name and keep number and flow, which the same call would otherwise leave out."""
        now = aws.call("connect", "DescribeQueue", region, **at)["Queue"].get("OutboundCallerConfig") or {}
        rest = {name: value for name, value in now.items() if name != "OutboundCallerIdName"}
        caller = {**rest, **connect.given(OutboundCallerIdName=wanted.outbound_caller_name)}
        aws.call("connect", "UpdateQueueOutboundCallerConfig", region, **at, OutboundCallerConfig=caller)


def _at(ids: Mapping[str, str]) -> dict[str, str]:
    return {"InstanceId": ids["instance"], "QueueId": ids["id"]}


def _live(instance: str, row: Mapping[str, Any]) -> Live[QueueSpec]:
    tags = row.get("Tags") or {}
    spec = QueueSpec(
        instance=instance,
        name=row["Name"],
        description=row.get("Description") or None,
        hours=row.get("HoursOfOperationId", ""),
        max_contacts=row.get("MaxContacts"),
        status=row.get("Status", "ENABLED"),
        outbound_caller_name=(row.get("OutboundCallerConfig") or {}).get("OutboundCallerIdName"),
        tags=tags,
    )
    ids = {"instance": instance, "id": row["QueueId"], "arn": row["QueueArn"]}
    return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"]}, owner(tags))


RESOURCE = ConnectQueueKind()
