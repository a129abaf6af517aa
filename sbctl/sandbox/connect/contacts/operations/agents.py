"""What the API does with agents: statuses, contacts that are dismissed or given to one, and listening in.

A user signs in by PutUserStatus: there is no workspace here in which they could.
https://docs.aws.amazon.com/connect/latest/APIReference/API_PutUserStatus.html
"""

from __future__ import annotations

from collections.abc import Mapping

from sbctl.sandbox.connect.agents.agent import Agent
from sbctl.sandbox.connect.agents.roster import STATUS, USER, status_of
from sbctl.sandbox.connect.contacts.operations.finding import Finder, invalid
from sbctl.sandbox.connect.part import ConnectPart, Site
from sbctl.sandbox.service import Answer, ApiError, Call, Operation


class Agents:
    """The operations on what agents do."""

    def __init__(self, site: Site) -> None:
        self._store = site.store
        self._live = site.live
        self._find = Finder(site.store, site.live)

    def operations(self) -> Mapping[str, Operation]:
        return {
            "PutUserStatus": self.put_status,
            "DismissUserContact": self.dismiss,
            "AssociateContactWithUser": self.associate,
            "MonitorContact": self.monitor,
        }

    def _agent(self, call: Call) -> Agent:
        user = self._store.resource(call, USER, "UserId")
        return self._live.roster.user(self._store.active(call), user)

    def put_status(self, call: Call) -> Answer:
        status = self._store.resource(call, STATUS, "AgentStatusId")
        if status.values.get("State") == "DISABLED":
            raise invalid(f"The status {status.values['Name']} is disabled")
        self._live.roster.put(self._agent(call), status_of(status))
        return {}

    def dismiss(self, call: Call) -> Answer:
        agent, named = self._agent(call), str(call.params["ContactId"])
        held = agent.contacts.get(named)
        if held is None:
            raise ApiError("ResourceNotFoundException", f"The contact {named} is not with the user", 404)
        if held.state not in ("ENDED", "MISSED"):
            raise invalid("Only a contact in the state ENDED, MISSED, ERROR or REJECTED can be dismissed")
        self._live.joining.wrap(agent, named)
        return {}

    def associate(self, call: Call) -> Answer:
        """Give a contact that waits to a user who has a free slot."""
        agent, progress = self._agent(call), self._find.going(call)
        if progress.contact.channel != "TASK":
            raise invalid("Only e-mails and tasks can be associated with a user")
        if progress.state != "queued" or not agent.is_routable:
            raise invalid("The contact does not wait in a queue, or the user is not available")
        self._live.joining.offer(progress, agent)
        return {}

    def monitor(self, call: Call) -> Answer:
        """Refused: nobody can listen to a call of the sandbox."""
        self._find.going(call)
        self._store.resource(call, USER, "UserId")
        raise ApiError(
            "AccessDeniedException", "The user has no softphone in which the contact could be monitored", 403
        )


PART = ConnectPart(Agents, quotas={})
