"""The groups of the hierarchy in which a user is, the highest first."""

from __future__ import annotations

from sbctl.sandbox.connect.store import Instance, bare


def path_of(instance: Instance, user: str) -> list[str]:
    """Ids of groups; empty for a user in none, and for one that is not there."""
    found: list[str] = []
    resource = instance.all("agent").get(user)
    group = bare(str(resource.values.get("HierarchyGroupId") or "")) if resource else ""
    while group and group not in found:
        found.insert(0, group)
        above = instance.all("agent-group").get(group)
        group = bare(str(above.values.get("ParentGroupId") or "")) if above else ""
    return found
