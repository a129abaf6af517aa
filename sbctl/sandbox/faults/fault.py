"""One fault: what breaks, where, how, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal[
    "down", "hang", "throttle", "error", "slow", "lost-answer", "replication-paused", "control-plane", "creation-failed"
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
SEVERITY: tuple[Kind, ...] = ("down", "hang", "lost-answer", "error", "control-plane", "throttle", "slow")
"""Of several faults that concern one request the most severe breaks it, whichever came first."""
BREAKS_NO_REQUEST: frozenset[Kind] = frozenset({"replication-paused", "creation-failed"})
"""Kinds that concern what happens by itself later."""
FAILING = ("connect", "dynamodb", "lambda")
"""Services in which a creation can fail after its request was taken: instances, replicas of tables, functions."""
SILENT: frozenset[Kind] = frozenset({"down", "hang"})
ANY = "*"


@dataclass(frozen=True)
class Fault:
    """`service` and `operation` may be ANY. `until` is a time of the world's clock, None for until it is healed.

    `count` is how many requests it breaks before it is spent, None for all; `probability` how likely it breaks one.
    `delay` is in real seconds, of kind "slow". `target` and `resource` narrow "replication-paused", whose `region` is where
    data comes from: to one region, of one table or bucket.
    """

    id: str
    kind: Kind
    region: str = ANY
    service: str = ANY
    operation: str = ANY
    added: float = 0.0
    until: float | None = None
    count: int | None = None
    probability: float = 1.0
    delay: float = 2.0
    code: str = ""
    target: str = ANY
    resource: str = ANY
    owner: str = ""
    """Who made it, so that they end it and no other one; "" where nobody said."""

    def concerns(self, region: str, service: str, operation: str) -> bool:
        """Whether a request is one that it breaks."""
        return self.region in (ANY, region) and self.service in (ANY, service) and self.operation in (ANY, operation)

    @property
    def is_outage(self) -> bool:
        """Whether all that it concerns is silent: not some operations, some of the time, or so many requests."""
        return self.kind in SILENT and self.operation == ANY and self.count is None and self.probability >= 1

    def as_json(self) -> dict[str, Any]:
        """The fault as the control API tells it; only what narrows it."""
        members = {name: getattr(self, name) for name in ("service", "operation", "target", "resource")}
        found: dict[str, Any] = {"id": self.id, "kind": self.kind, "region": self.region, "added": self.added}
        found |= {name: value for name, value in members.items() if value != ANY}
        if self.until is not None:
            found["until"] = self.until
        if self.count is not None:
            found["count"] = self.count
        if self.probability < 1:
            found["probability"] = self.probability
        if self.kind == "slow":
            found["delay_seconds"] = self.delay
        said = {"code": self.code, "owner": self.owner}
        return {**found, **{name: text for name, text in said.items() if text}}
