"""Routing profiles: from which queues an agent is served, in which order, and how many contacts at once.

Its queues are a list of their own for AWS, with operations of their own: see _routing_queues.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from sbctl.core.address import Address, Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.kinds.facts import Adoption, Impact, Room
from sbctl.core.kinds.resource import Kind, Live, Named
from sbctl.core.kinds.sought import Sought
from sbctl.core.kinds.spec import ConfigItem, Desired, Spec, WrittenPart
from sbctl.core.project import Project
from sbctl.resources.calls import connect
from sbctl.resources.calls.tags import example_tags, owner
from sbctl.resources.content import routing_queues as routed
from sbctl.resources.content.routing_queues import QUEUES_A_REQUEST, Channel, QueueConfig

PROFILES_A_PAGE = 500


class QueueChoice(WrittenPart):
    """A queue that an agent is served from. A lower `priority` is served first; `delay` is in seconds."""

    queue: str = Field(description="Name of the queue.")
    channel: Channel = Field(default="VOICE", description="Channel of the contacts.")
    priority: int = Field(default=1, ge=1, le=99, description="1 is served first.")
    delay: int = Field(
        default=0, ge=0, le=9999, description="Seconds that a contact waits before the profile serves it."
    )


class RoutingProfileItem(ConfigItem):
    """A routing profile in every Connect region."""

    name: str = Field(min_length=1, max_length=127, description="Name in Connect.")
    description: str = Field(default="Made by sbctl", min_length=1, max_length=250, description="Text of the profile.")
    queues: list[QueueChoice] = Field(default=[], max_length=50, description="Queues that are served.")
    concurrency: dict[Channel, int] = Field(default={"VOICE": 1}, description="Contacts at once, by channel.")
    default_outbound_queue: str = Field(description="Queue whose settings outbound calls use.")


class RoutingProfileSpec(Spec):
    """A routing profile. Its description cannot be empty."""

    replace_on = frozenset({"instance"})
    owned_maps = frozenset({"tags"})
    as_sets = frozenset({"queues"})

    instance: Link
    name: str = Field(min_length=1, max_length=127)
    description: str = Field(max_length=250)
    concurrency: dict[Channel, int]
    default_outbound_queue: Link
    queues: tuple[QueueConfig, ...] = ()
    tags: dict[str, str] = {}


def _queue(name: str) -> Link:
    return Address.of("connect_queue", "us-east-1", name).ref("id")


class ConnectRoutingProfileKind(Kind[RoutingProfileSpec, RoutingProfileItem]):
    """Routing profiles, known by their name within the instance."""

    name = "connect_routing_profile"
    section = "routingProfiles"
    title = "routing profile"
    spec = RoutingProfileSpec
    item = RoutingProfileItem
    within = "instance"
    connect_only = True
    lags = True
    resiliency = "mirrored"
    adoption = Adoption("item", after=("connect_queue",))
    dependent_actions = {
        "connect:SearchRoutingProfiles": ("connect:DescribeRoutingProfile",),
    }
    quotas = ()
    room = Room("routing profiles per instance", "L-D3E7BE26", 500)
    impact_rank = 81
    impacts = (
        Impact("low", "only people read it", field="description"),
        Impact("high", "agents would not be offered the calls of these queues"),
    )
    singly = frozenset({"connect:ListRoutingProfileQueues"})
    docs = "https://docs.aws.amazon.com/connect/latest/adminguide/routing-profiles.html"
    calls = connect.operations(
        "SearchRoutingProfiles DescribeRoutingProfile ListRoutingProfileQueues CreateRoutingProfile"
        " UpdateRoutingProfileName UpdateRoutingProfileConcurrency UpdateRoutingProfileDefaultOutboundQueue"
        " UpdateRoutingProfileQueues AssociateRoutingProfileQueues DisassociateRoutingProfileQueues"
        " DeleteRoutingProfile TagResource UntagResource"
    )
    config_paths = {
        "description": "description",
        "concurrency": "concurrency",
        "default_outbound_queue": "defaultOutboundQueue",
    }
    examples = (
        RoutingProfileSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="Agents",
            description="All agents",
            concurrency={"VOICE": 1},
            default_outbound_queue=_queue("Sales"),
            queues=(
                QueueConfig(queue=_queue("Sales"), channel="VOICE", priority=1, delay=0),
                QueueConfig(queue=_queue("Support"), channel="VOICE", priority=2, delay=30),
            ),
            tags={**example_tags("connect_routing_profile.us-east-1.agents"), "team": "a"},
        ),
        RoutingProfileSpec(
            instance=connect.EXAMPLE_INSTANCE,
            name="Agents",
            description="Sales agents",
            concurrency={"VOICE": 1, "CHAT": 3},
            default_outbound_queue=_queue("Support"),
            queues=(
                QueueConfig(queue=_queue("Sales"), channel="CHAT", priority=1, delay=0),
                QueueConfig(queue=_queue("Support"), channel="VOICE", priority=1, delay=0),
            ),
            tags={**example_tags("connect_routing_profile.us-east-1.agents"), "team": "b"},
        ),
    )

    def expand(self, item: RoutingProfileItem, project: Project, region: str) -> Iterable[Desired]:
        def link(queue: str) -> Link:
            return Address.of("connect_queue", region, queue).ref("id")

        address = self.address(region, item.name)
        spec = RoutingProfileSpec(
            instance=project.instance(region).ref("id"),
            name=item.name,
            description=item.description,
            concurrency=item.concurrency,
            default_outbound_queue=link(item.default_outbound_queue),
            queues=tuple(
                QueueConfig(
                    queue=link(choice.queue), channel=choice.channel, priority=choice.priority, delay=choice.delay
                )
                for choice in item.queues
            ),
            tags=project.owned(address),
        )
        return [Desired(address=address, spec=spec)]

    def check(self, item: RoutingProfileItem, project: Project) -> Iterable[tuple[str, str, str]]:
        yield from connect.missing("defaultOutboundQueue", "queues", item.default_outbound_queue, project)
        seen = set()
        for choice in item.queues:
            yield from connect.missing("queues", "queues", choice.queue, project)
            if choice.channel not in item.concurrency:
                yield ("concurrency", f"has no {choice.channel}, which a queue uses", f"Add {choice.channel} to it.")
            if (choice.queue, choice.channel) in seen:
                yield ("queues", f"names {choice.queue} for {choice.channel} twice", "Remove one of the two.")
            seen.add((choice.queue, choice.channel))

    def to_config(self, spec: RoutingProfileSpec, region: str, named: Named) -> Mapping[str, Any]:  # noqa: ARG002
        queues = [
            {
                "queue": named("connect_queue", str(one.queue)),
                "channel": one.channel,
                "priority": one.priority,
                "delay": one.delay,
            }
            for one in spec.queues
        ]
        return {
            "name": spec.name,
            **connect.described(spec),
            "defaultOutboundQueue": named("connect_queue", str(spec.default_outbound_queue)),
            "concurrency": dict(spec.concurrency),
            "queues": queues,
        }

    def key(self, spec: RoutingProfileSpec) -> str:
        return spec.name

    def in_use(self, aws: AwsCalls, region: str, within: str) -> int | None:
        return connect.total(aws, region, "SearchRoutingProfiles", within)

    def list(self, aws: AwsCalls, region: str, within: str) -> Iterable[Live[RoutingProfileSpec]]:
        return _present(_live(aws, region, within, row) for row in _rows(aws, region, within))

    def find(self, aws: AwsCalls, region: str, within: str, sought: Sought) -> Iterable[Live[RoutingProfileSpec]]:
        """The queues of a profile cost a call of their own, so only those of profiles looked for are read."""
        found = _rows(aws, region, within)
        rows = (row for row in found if sought.has(row["Name"], row["RoutingProfileId"], owner(row.get("Tags") or {})))
        return _present(_live(aws, region, within, row) for row in rows)

    def read(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> Live[RoutingProfileSpec] | None:
        found = connect.present(aws, region, "DescribeRoutingProfile", **routed.at(ids))
        return _live(aws, region, ids["instance"], found["RoutingProfile"]) if found else None

    def create(
        self,
        aws: AwsCalls,
        region: str,
        spec: RoutingProfileSpec,
        token: str,  # noqa: ARG002
    ) -> Mapping[str, str]:
        first, *others = list(connect.chunks(spec.queues, QUEUES_A_REQUEST)) or [[]]
        made = aws.call(
            "connect",
            "CreateRoutingProfile",
            region,
            InstanceId=spec.instance,
            Name=spec.name,
            Description=spec.description,
            DefaultOutboundQueueId=spec.default_outbound_queue,
            MediaConcurrencies=_concurrencies(spec.concurrency, []),
            Tags=spec.tags,
            **connect.given(QueueConfigs=[routed.config(queue) for queue in first] or None),
        )
        ids = {
            "instance": str(spec.instance),
            "id": made["RoutingProfileId"],
            "arn": made["RoutingProfileArn"],
        }
        for chunk in others:
            routed.send(aws, region, "AssociateRoutingProfileQueues", ids, chunk)
        return ids

    def update(
        self,
        aws: AwsCalls,
        region: str,
        ids: Mapping[str, str],
        live: RoutingProfileSpec,
        wanted: RoutingProfileSpec,
        owned: Mapping[str, Any],
    ) -> None:
        at = routed.at(ids)
        if connect.differs(live, wanted, "name", "description"):
            text = {"Name": wanted.name, "Description": wanted.description}
            aws.call("connect", "UpdateRoutingProfileName", region, **at, **text)
        if connect.differs(live, wanted, "concurrency"):
            now = aws.call("connect", "DescribeRoutingProfile", region, **at)["RoutingProfile"]
            rows = _concurrencies(wanted.concurrency, now.get("MediaConcurrencies") or [])
            aws.call("connect", "UpdateRoutingProfileConcurrency", region, **at, MediaConcurrencies=rows)
        if connect.differs(live, wanted, "default_outbound_queue"):
            queue = wanted.default_outbound_queue
            aws.call("connect", "UpdateRoutingProfileDefaultOutboundQueue", region, **at, DefaultOutboundQueueId=queue)
        routed.change(aws, region, ids, live.queues, wanted.queues)
        connect.retag(aws, region, ids["arn"], live.tags, wanted.tags, owned)

    def delete(self, aws: AwsCalls, region: str, ids: Mapping[str, str]) -> None:
        connect.present(aws, region, "DeleteRoutingProfile", **routed.at(ids))


def _concurrencies(wanted: Mapping[Channel, int], now: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Concurrency by channel; what else AWS has set for a channel (cross-channel behaviour) is kept."""
    rows = {row["Channel"]: row for row in now}
    return [{**rows.get(channel, {}), "Channel": channel, "Concurrency": count} for channel, count in wanted.items()]


def _rows(aws: AwsCalls, region: str, instance: str) -> Iterable[dict[str, Any]]:
    return connect.pages(aws, region, "SearchRoutingProfiles", "RoutingProfiles", PROFILES_A_PAGE, InstanceId=instance)


def _present(found: Iterable[Live[RoutingProfileSpec] | None]) -> Iterable[Live[RoutingProfileSpec]]:
    return [live for live in found if live is not None]


def _live(aws: AwsCalls, region: str, instance: str, row: Mapping[str, Any]) -> Live[RoutingProfileSpec] | None:
    ids = {"instance": instance, "id": row["RoutingProfileId"], "arn": row["RoutingProfileArn"]}
    queues = routed.listed(aws, region, ids)
    if queues is None:
        return None
    tags = row.get("Tags") or {}
    spec = RoutingProfileSpec(
        instance=instance,
        name=row["Name"],
        description=row.get("Description") or "",
        concurrency={entry["Channel"]: entry["Concurrency"] for entry in row.get("MediaConcurrencies") or ()},
        default_outbound_queue=row.get("DefaultOutboundQueueId") or "",
        queues=queues,
        tags=tags,
    )
    return Live(spec, ids, {"id": ids["id"], "arn": ids["arn"]}, owner(tags))


RESOURCE = ConnectRoutingProfileKind()
