"""Which planes each step of a failover depends on, for both mechanisms: what must still work when a region is lost.

Data planes go on in every region by themselves; control planes of global services live in one region (dr-primitives 4.1).
https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
"""

from __future__ import annotations

from typing import Any, Literal

from sbctl.core.project import HOME_OF_GLOBAL_SERVICES
from sbctl.core.spec import Frozen


class Plane(Frozen):
    """One step, the plane that it needs, and where that lives: the target's region, everywhere, or one region for all."""

    mechanism: str
    step: str
    plane: Literal["data", "control"]
    service: str
    where: str

    def as_json(self) -> dict[str, Any]:
        """The form promised in JSON output."""
        return self.model_dump()


TARGET, EVERYWHERE = "target region", "everywhere"
TABLE: tuple[tuple[str, str, Literal["data", "control"], str, str], ...] = (
    ("standby-takeover", "give the signal", "data", "DynamoDB", TARGET),
    ("standby-takeover", "serve the signal", "data", "Lambda", TARGET),
    ("standby-takeover", "see the signal", "data", "Route 53 health checks", EVERYWHERE),
    ("standby-takeover", "answer the new region", "data", "Route 53 DNS", EVERYWHERE),
    ("records", "edit the records", "control", "Route 53", HOME_OF_GLOBAL_SERVICES),
    ("records", "reach all servers", "control", "Route 53", HOME_OF_GLOBAL_SERVICES),
    ("records", "answer the new region", "data", "Route 53 DNS", EVERYWHERE),
)


def planes(mechanism: str) -> tuple[Plane, ...]:
    """The table, the rules' own mechanism first."""
    rows = sorted(TABLE, key=lambda row: row[0] != mechanism)
    return tuple(
        Plane(mechanism=way, step=step, plane=plane, service=service, where=where)
        for way, step, plane, service, where in rows
    )
