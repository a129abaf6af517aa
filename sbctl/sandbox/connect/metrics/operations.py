"""The operations on metrics: real-time ones of queues and users, historical ones of contacts."""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.connect.agents.routing import rules_of
from sbctl.sandbox.connect.contacts.account.hub import LiveContacts
from sbctl.sandbox.connect.contacts.contact import Contact
from sbctl.sandbox.connect.metrics import current_data, data, data_v2, user_data
from sbctl.sandbox.connect.metrics.current import Staff
from sbctl.sandbox.connect.metrics.current_data import Now
from sbctl.sandbox.connect.paging import page
from sbctl.sandbox.connect.part import ConnectPart
from sbctl.sandbox.connect.records.refusals import invalid
from sbctl.sandbox.connect.records.view import METRIC_SECONDS, as_of
from sbctl.sandbox.connect.store import Instance, ResourceStore, bare, missing
from sbctl.sandbox.service import Answer, Call, Operation


class MetricReading:
    """Reads what goes on and what went on."""

    def __init__(self, store: ResourceStore, live: LiveContacts) -> None:
        self._store = store
        self._live = live

    def operations(self) -> Mapping[str, Operation]:
        """By AWS's names."""
        return {
            "GetCurrentMetricData": self.current,
            "GetCurrentUserData": self.users,
            "GetMetricData": self.historical,
            "GetMetricDataV2": self.historical_v2,
        }

    def current(self, call: Call) -> Answer:
        """Agents and waiting contacts as they are now."""
        instance, now = self._store.active(call), self._store.clock.seconds()
        contacts = [one for one in self._contacts(instance) if one.ended is None]
        waiting = [one for one in contacts if one.queued is not None and one.dequeued is None and one.queue]
        scheduled = [one for one in contacts if one.scheduled is not None and one.scheduled > now and one.queue]
        rows = current_data.rows(instance, call.params, Now(self._staff(instance), waiting, scheduled, now))
        found, rest = page(rows, call.params, 100)
        snapshot = self._store.clock.now()
        return {"MetricResults": found, "DataSnapshotTime": snapshot, "ApproximateTotalCount": len(rows), **rest}

    def users(self, call: Call) -> Answer:
        """Users who have signed in."""
        instance = self._store.active(call)
        rows = user_data.rows(instance, call.params, self._staff(instance))
        found, rest = page(rows, call.params, 100)
        return {"UserDataList": found, "ApproximateTotalCount": len(rows), **rest}

    def historical(self, call: Call) -> Answer:
        """A range of the last day."""
        instance = self._store.active(call)
        return data.results(instance, self._known(instance), call.params, self._store.clock.now())

    def historical_v2(self, call: Call) -> Answer:
        """Intervals of the last three months."""
        arn = str(call.params["ResourceArn"])
        if not arn.startswith("arn:"):
            raise invalid("ResourceArn must be the ARN of an instance")
        instance = next((one for one in self._store.living(call.region) if one.id == bare(arn)), None)
        if instance is None or instance.arn != arn:
            raise missing("instance", arn)
        return data_v2.results(instance, self._known(instance), call.params, self._store.clock.now())

    def _contacts(self, instance: Instance) -> list[Contact]:
        return list(self._live.store.of_instance.get(instance.id, {}).values())

    def _known(self, instance: Instance) -> list[Contact]:
        """The contacts as historical metrics have them."""
        return list(as_of(self._contacts(instance), self._store.clock.seconds() - METRIC_SECONDS))

    def _staff(self, instance: Instance) -> list[Staff]:
        agents = self._live.roster.of(instance.id).values()
        return [Staff(agent, rules_of(instance, agent)) for agent in agents]


PART = ConnectPart(lambda site: MetricReading(site.store, site.live), quotas={})
