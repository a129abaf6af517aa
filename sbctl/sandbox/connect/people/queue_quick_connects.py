"""Which quick connects the agents of a queue see: fifty a call, 700 in all.

https://docs.aws.amazon.com/connect/latest/APIReference/API_AssociateQueueQuickConnects.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.people.quick_connects import KIND, row
from sbctl.sandbox.connect.stamps import region_of
from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, ApiError, Call, Operation

QUEUE = "queue"
OF_ONE = 700
"""Of one queue. https://docs.aws.amazon.com/connect/latest/adminguide/feature-limits.html"""
HELD = "QuickConnectIds"


class QueueQuickConnects:
    """The operations on a queue's quick connects. They leave the queue's own LastModifiedTime as it is."""

    def __init__(self, store: ResourceStore) -> None:
        self._store = store

    def operations(self) -> Mapping[str, Operation]:
        return {
            "AssociateQueueQuickConnects": self.associate,
            "DisassociateQueueQuickConnects": self.disassociate,
            "ListQueueQuickConnects": self.list_all,
        }

    def associate(self, call: Call) -> Answer:
        queue = self._store.resource(call, QUEUE, "QueueId")
        new = quick_connects(self._store.active(call), call.params[HELD])
        every = [*dict.fromkeys([*_held(queue), *new])]
        if len(every) > OF_ONE:
            raise ApiError("LimitExceededException", f"More than {OF_ONE} quick connects of one queue", 429)
        self._keep(queue, every)
        return {}

    def disassociate(self, call: Call) -> Answer:
        queue = self._store.resource(call, QUEUE, "QueueId")
        gone = {bare(one) for one in call.params[HELD]}
        self._keep(queue, [one for one in _held(queue) if one not in gone])
        return {}

    def list_all(self, call: Call) -> Answer:
        instance, queue = self._store.active(call), self._store.resource(call, QUEUE, "QueueId")
        found, rest = page(_held(queue), call.params, 100)
        rows = [row(instance.all(KIND)[one]) for one in found]
        changed = queue.values.get("QuickConnectsChanged") or queue.changed
        stamps = {"LastModifiedTime": changed, "LastModifiedRegion": region_of(queue.arn)}
        return {"QuickConnectSummaryList": rows, **stamps, **rest}

    def _keep(self, queue: ConnectResource, every: list[str]) -> None:
        queue.values[HELD] = every
        queue.values["QuickConnectsChanged"] = self._store.clock.now()


def quick_connects(instance: Instance, named: Sequence[str]) -> list[str]:
    """The ids of quick connects that are named by id or ARN. Raises ApiError for one that is not there."""
    for one in named:
        if bare(one) not in instance.all(KIND):
            raise missing("quick connect", one)
    return [*dict.fromkeys(bare(one) for one in named)]


def _held(queue: ConnectResource) -> list[str]:
    return list(queue.values.get(HELD) or [])


PART = ConnectPart(lambda site: QueueQuickConnects(site.store), quotas={})
