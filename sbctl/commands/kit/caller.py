"""Whether the caller's credentials and endpoint are those of a failover kit."""

from __future__ import annotations

from sbctl.app import App
from sbctl.core.problem import Problem, SbctlError
from sbctl.engine.planning.guards import against_foreign_account, against_foreign_account_in, against_foreign_endpoint
from sbctl.failover.kit.kit import Kit


def check_caller(app: App, kit: Kit, target: str = "", *, forced: bool = False) -> tuple[Problem, ...]:
    """Refuse credentials of another account than the kit's, and a kit of another world; before anything is written.

    By force only the target's STS is asked, once, and its silence is a note that is returned: the other regions may be lost,
    and a failover must not depend on it. Raises SbctlError and AwsError.
    """
    at = "the failover kit"
    others = [region.region for region in kit.by_priority if region.region != target]
    found = against_foreign_endpoint(kit.endpoint, app.endpoint_name_in(target or others[0]), at)
    if not found and forced:
        found = against_foreign_account_in(app.clients.urgent.once, kit.account, target, at)
    elif not found:
        asked = [target, *others] if target else others
        found = against_foreign_account(app.clients.urgent.calls, kit.account, asked, at, app.next_after)
    refused = [one for one in found if one.exit]
    if refused:
        raise SbctlError(*refused)
    return tuple(found)
