"""Calls at a glance: what goes on in each instance and queue, and how calls went since the world began."""

from __future__ import annotations

from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.contacts.control import Calls, InstanceCalls, Outcome, QueueRow
from sbctl.sandbox.connect.contacts.live.calling import Calling
from sbctl.sandbox.connect.contacts.live.ground import CALL, Ground
from sbctl.sandbox.connect.contacts.live.progress import Progress
from sbctl.sandbox.connect.contacts.live.queueing import Queueing
from sbctl.sandbox.connect.store import Instance


class Overview:
    """Counts how calls went, and reads how they stand. Used under Connect's lock."""

    def __init__(self, ground: Ground, queueing: Queueing, calling: Calling) -> None:
        self._ground = ground
        self._queueing = queueing
        self._calling = calling
        self._went: dict[tuple[str, str], int] = {}
        """By instance and outcome."""
        self._went_of_queue: dict[tuple[str, Outcome], int] = {}

    def ended(self, progress: Progress) -> None:
        """A call is over, however it went."""
        contact, outcome = progress.contact, progress.outcome
        key = (contact.instance, outcome)
        self._went[key] = self._went.get(key, 0) + 1
        if contact.queue and outcome in ("answered", "lost"):
            of_queue = (contact.queue, outcome)
            self._went_of_queue[of_queue] = self._went_of_queue.get(of_queue, 0) + 1

    def calls(self) -> Calls:
        """All instances that have an agent or had a contact."""
        rows = [
            self._instance(instance)
            for instance in self._ground.resources.instances.values()
            if self._is_alive(instance)
        ]
        rows.sort(key=lambda row: (row["region"], row["alias"]))
        return {
            "instances": rows,
            "in_progress": sum(row["in_progress"] for row in rows),
            "waiting": sum(row["waiting"] for row in rows),
            "answered": sum(row["answered"] for row in rows),
            "served": sum(row["served"] for row in rows),
            "lost": sum(row["lost"] for row in rows),
            "refused": sum(row["refused"] for row in rows),
        }

    def _is_alive(self, instance: Instance) -> bool:
        named = instance.id
        gone = instance.gone_at is not None and instance.gone_at <= self._ground.now()
        touched = named in self._ground.store.of_instance or named in self._calling.refused
        return not gone and (touched or bool(self._ground.roster.of(named)))

    def _instance(self, instance: Instance) -> InstanceCalls:
        going = [one for one in self._ground.progress.values() if one.contact.instance == instance.id]
        queues = [row for queue in instance.all("queue") if (row := self._queue(instance, queue)) is not None]
        agents = [one for one in self._ground.roster.of(instance.id).values() if one.is_staffed]
        lasts = [one for one in going if one.contact.initiation != "CALLBACK"]
        return {
            "region": instance.region,
            "instance": instance.id,
            "alias": str(instance.values.get("InstanceAlias") or ""),
            "in_progress": len(lasts),
            "quota": int(self._ground.resources.most(CALL, instance)),
            "in_flow": sum(one.state == "flow" for one in lasts),
            "waiting": sum(one.state in ("queued", "ringing") for one in lasts),
            "callbacks": len(going) - len(lasts) - sum(one.state == "connected" for one in going if one not in lasts),
            "connected": sum(one.state == "connected" for one in going),
            "agents_available": sum(one.is_routable and not one.contacts for one in agents),
            "agents_staffed": len(agents),
            "answered": self._went.get((instance.id, "answered"), 0),
            "served": self._went.get((instance.id, "served"), 0),
            "lost": self._went.get((instance.id, "lost"), 0),
            "refused": self._calling.refused.get(instance.id, 0),
            "queues": queues,
        }

    def _queue(self, instance: Instance, queue: str) -> QueueRow | None:
        waiting = self._queueing.waiting(queue)
        available, staffed, _ = self._ground.roster.counts(instance, queue)
        answered = self._went_of_queue.get((queue, "answered"), 0)
        lost = self._went_of_queue.get((queue, "lost"), 0)
        if not (waiting or staffed or answered or lost):
            return None
        return {
            "queue": queue,
            "name": str(instance.all("queue")[queue].values["Name"]),
            "waiting": len(waiting),
            "callbacks": sum(_is_callback(one) for one in waiting),
            "oldest_seconds": self._queueing.oldest(queue),
            "available": available,
            "staffed": staffed,
            "answered": answered,
            "lost": lost,
        }


def _is_callback(contact: Contact) -> bool:
    return contact.initiation == "CALLBACK"
