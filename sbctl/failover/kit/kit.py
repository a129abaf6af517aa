"""The failover kit: everything that a failover needs to know, in one value and one file, with nothing to look up.

Every deploy writes it anew. During an event neither the config nor the state need be at hand, nor Route 53's API, which
lives in the region that may be lost (dr-primitives 4.1).
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, Field, ValidationError

from sbctl.core.kinds.spec import Frozen
from sbctl.core.moving.rules import Rules
from sbctl.core.problem import Exit, Problem, SbctlError

FORMAT = 2
"""The newest format that is known: with steps of the user's own."""
WITHOUT_STEPS = 1
"""The format of a kit without them, which an earlier sbctl reads."""
FILE = "failover-kit.json"


class KitRegion(Frozen):
    """One region that can take traffic. `priority` 1 is served first.

    `answers` are what DNS answers for it (addresses, or one host name). `health_host` serves /health and /takeover,
    `takeover_host` /takeover alone; a kit of before has none.
    """

    region: str
    name: str
    priority: int
    instance: str = ""
    access_host: str = ""
    health_host: str = ""
    takeover_host: str = ""
    leaf: str
    answers: tuple[str, ...]
    tables: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Telephone numbers of its instance, in the form of E.164; none in a kit that an earlier version made."""
    weight: int | None = None
    """Of its share where traffic is shared by weights; None where it is not, or where an earlier version made the kit."""
    checks: dict[str, str] = {}
    """Health check ids: endpoint, takeover, calculated; and takeover-function, latch, order, by-order where there are such."""

    @property
    def signal_hosts(self) -> tuple[str, ...]:
        """Where it is asked whether the region has taken over, in this order."""
        return tuple(host for host in (self.takeover_host, self.health_host) if host)


class Kit(Frozen):
    """What a failover needs. `signal_table` is empty where regions cannot take over by a signal; `no_signal` says why.

    `chain` holds the names of the failover records, the public one first; empty when traffic is shared by weight or latency.
    """

    format: int = WITHOUT_STEPS
    project: str
    account: str
    strategy: Literal["active-passive", "active-active"]
    routing: str = "weighted"
    zone: str
    public_name: str
    record_type: str
    chain: tuple[str, ...] = ()
    signal_table: str = ""
    no_signal: str = ""
    rules: Rules
    regions: tuple[KitRegion, ...] = Field(min_length=1)
    lineage: str = ""
    serial: int = 0
    endpoint: str = ""
    """Whose resources these are, as the state has it: "aws", "sandbox", or the host of another endpoint."""
    made_at: AwareDatetime

    def region(self, code: str) -> KitRegion:
        """The region with a code such as us-west-2; KeyError when traffic cannot go there."""
        try:
            return next(region for region in self.regions if region.region == code)
        except StopIteration:
            raise KeyError(code) from None

    @property
    def primary(self) -> KitRegion:
        return min(self.regions, key=lambda region: region.priority)

    @property
    def by_priority(self) -> tuple[KitRegion, ...]:
        return tuple(sorted(self.regions, key=lambda region: region.priority))

    @property
    def shared(self) -> bool:
        """Whether all regions serve at once: each answer of DNS names one of them."""
        return self.strategy == "active-active"

    def share(self, code: str) -> float:
        """The part of the answers that names a region while all are well; the same for all where nobody knows the weights."""
        weights = {region.region: region.weight for region in self.regions}
        known = {name: weight for name, weight in weights.items() if weight is not None}
        if len(known) < len(weights) or not sum(known.values()):
            return 1 / len(weights)
        return known.get(code, 0) / sum(known.values())

    def drawn_by(self, code: str) -> frozenset[str]:
        """The regions that lose their traffic when `code` takes over: those in front of it, or all others where all are served.

        So the health checks are deployed (`core.takeover.rivals`).
        """
        own, shared = self.region(code), self.strategy == "active-active"
        others = (region for region in self.regions if region.region != code)
        return frozenset(region.region for region in others if shared or region.priority < own.priority)

    def answering(self, values: tuple[str, ...]) -> str:
        """The one region that DNS values belong to; "" when none or several could be meant."""
        found = {name.rstrip(".").lower() for name in values}
        fits = [region.region for region in self.regions if found and found <= {*map(_plain, region.answers)}]
        return fits[0] if len(fits) == 1 else ""

    def as_text(self) -> str:
        """The file's text."""
        # a kit without steps of the user's own is one that an earlier sbctl can read
        without = None if self.rules.steps else {"rules": {"steps"}}
        return self.model_dump_json(indent=2, exclude=without) + "\n"


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


def read_kit(text: str | bytes, at: str) -> Kit:
    """The kit in a file's text. Raises SbctlError when it is none, or of a later version that cannot be read."""
    try:
        return Kit.model_validate_json(text)
    except ValidationError as error:
        raise SbctlError(_unreadable(error, at)) from error


def _unreadable(error: ValidationError, at: str) -> Problem:
    wrong: list[Any] = [
        f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors(include_url=False)[:5]
    ]
    return Problem(
        code="bad-kit",
        summary="This is no failover kit that can be used",
        detail="; ".join(wrong),
        at=at,
        fix="Take the kit of the last deploy, or the copy in any region's bucket under sbctl/kit/.",
        exit=Exit.USAGE,
    )
