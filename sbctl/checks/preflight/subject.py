"""What the preflight is of: the deployment as the config wants it and the state knows it, and what it is looked at with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sbctl.checks.lag.measuring import Found, answered, not_let
from sbctl.core.address import Ref
from sbctl.core.aws.access import Link
from sbctl.core.aws.calls import AwsCalls
from sbctl.core.aws.error import AwsError
from sbctl.core.clock import Clock
from sbctl.core.kinds.facts import Quota
from sbctl.core.kinds.spec import Desired
from sbctl.core.kinds.values import Unknown, resolve
from sbctl.core.project import Project, Region
from sbctl.core.reading import Reading
from sbctl.core.state import State
from sbctl.probes.protocols import Endpoints, NameLookup

UNDEPLOYED = "sbctl deploy --region all"
POLICY = "sbctl iam-policy --for verify writes the policy that a caller of doctor needs."


@dataclass(frozen=True)
class Kits:
    """The failover kit as it lies beside the state (None: none that can be read, and `why`), and as it would be made now."""

    path: str
    kept: Mapping[str, Any] | None
    wanted: Mapping[str, Any] | None
    why: str = ""
    copies: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Region → bucket and key of its own copy."""


@dataclass(frozen=True)
class PermissionAsked:
    """One permission that a failover needs: an action, on what, and the condition keys of the request."""

    action: str
    resources: tuple[str, ...]
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)
    spares: str = ""
    """What reads in pages with it, and one by one without; "" where it is needed."""


PAGES = (
    PermissionAsked("tag:GetResources", ("*",), spares="tags"),
    PermissionAsked("iam:GetAccountAuthorizationDetails", ("*",), spares="roles"),
)
"""What lets a plan read in pages."""


@dataclass(frozen=True)
class Subject:
    """A deployment under examination. `targets` are the regions to which a failover may go; `aws` cannot write.

    Readings are stamped by `clock`, that of the world; credentials end by the clock of the `machine`, where that is another one.
    """

    aws: AwsCalls
    clock: Clock
    http: Endpoints
    dns: NameLookup
    project: Project
    desired: Sequence[Desired]
    state: State
    targets: tuple[Region, ...]
    kits: Kits
    permissions: tuple[PermissionAsked, ...] = ()
    access: tuple[Link, ...] = ()
    """Where the caller's credentials come from."""
    machine: Clock | None = None
    quotas: tuple[Quota, ...] = ()
    """What a standby must have as much of as the primary: the quotas of all kinds."""
    flow_tests: Sequence[Mapping[str, Any]] = ()
    """The last results of flow tests, as they are kept."""

    def ended(self, until: datetime) -> bool:
        """Whether a time of real life, such as the end of credentials, has passed."""
        return until <= (self.machine or self.clock).now()

    def wanted(self, kind: str) -> list[Desired]:
        """What is wanted of one kind."""
        return [desired for desired in self.desired if desired.address.kind == kind]

    def values(self, desired: Desired) -> Mapping[str, Any]:
        """The wanted values with references put in from the state; Unknown where it does not know them."""
        resolved: Mapping[str, Any] = resolve(desired.values, self._lookup)
        return resolved

    def id_of(self, desired: Desired) -> str:
        """The id of a deployed resource; "" when it is not deployed."""
        record = self.state.get(desired.address)
        return str(record.ids.get("id", "")) if record else ""

    def _lookup(self, ref: Ref) -> Any:
        record = self.state.get(ref.address)
        try:
            return record.output(ref.output) if record else Unknown(ref)
        except KeyError:
            return Unknown(ref)

    def served(self, code: str) -> bool:
        """Whether a region is one that this examination is about."""
        return any(region.region == code for region in self.targets)

    def may_be_lost(self, code: str) -> bool:
        """Whether traffic may have to leave a region, to one of the targets."""
        ours = any(region.region == code for region in self.project.by_priority)
        return ours and any(region.region != code for region in self.targets)

    def say(self, check: str, found: Found, subject: str = "", region: str = "", unit: str = "") -> Reading:
        """A finding as a reading, stamped now."""
        return Reading(
            check=check,
            subject=subject,
            target=region,
            value=found.value,
            unit=unit,
            verdict=found.verdict,
            at=self.clock.now(),
            detail=found.detail,
            fix=found.fix,
            exit=found.exit,
        )

    def refused(self, check: str, error: AwsError, subject: str = "", region: str = "") -> Reading:
        """What could not be looked at: unknown, with the reason. Never healthy."""
        if error.unreachable:
            where = error.region if not region or error.region == region else f"{error.region} ({error.service})"
            found = Found(
                None, "unknown", f"{where} does not answer", f"Run sbctl doctor again when {error.region} answers."
            )
            return self.say(check, found, subject, region)
        again = "Run sbctl doctor again; when it stays, look at the service's health in that region."
        found = not_let(error, POLICY) or Found(None, "unknown", answered(error), again)
        return self.say(check, found, subject, region)


def listed(values: Iterable[object]) -> str:
    """Values in a sentence."""
    return ", ".join(str(value) for value in values)
