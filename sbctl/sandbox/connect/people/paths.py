"""Where a hierarchy group stands: from the top down to itself."""

from __future__ import annotations

from sbctl.sandbox.connect.store import ConnectResource, Instance

GROUP = "agent-group"


def path(instance: Instance, group: str) -> list[ConnectResource]:
    """The groups from the first level to this one; empty where it is not there."""
    found: list[ConnectResource] = []
    here = instance.all(GROUP).get(group)
    while here is not None:
        found.insert(0, here)
        here = instance.all(GROUP).get(str(here.values.get("ParentGroupId") or ""))
    return found
