"""The estimate: lines of quantity times price, each from what the config wants and how much it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sbctl.core.kinds.resource import Kind
from sbctl.core.kinds.spec import Desired
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.core.project import Project
from sbctl.cost.prices import PriceTable
from sbctl.cost.usage import Usage
from sbctl.desired.build import build

SERVICES = (
    "Amazon Connect",
    "Telephony",
    "Lambda",
    "DynamoDB",
    "S3",
    "Route 53 health checks",
    "Route 53 DNS",
    "CloudWatch",
    "Data transfer",
)
"""In the order in which they are shown."""


@dataclass(frozen=True)
class Quantity:
    """So much of one price a month. `region` and `country` (of telephone numbers) are "" for what has none."""

    service: str
    what: str
    price: str
    quantity: float
    region: str = ""
    country: str = ""


@dataclass(frozen=True)
class Line:
    """A quantity with its price and cost, in the table's currency."""

    counted: Quantity
    unit: str
    unit_price: float

    @property
    def cost(self) -> float:
        return self.counted.quantity * self.unit_price

    def as_json(self) -> dict[str, Any]:
        """The form promised in JSON output."""
        return {
            "service": self.counted.service,
            "what": self.counted.what,
            "region": self.counted.region,
            "quantity": round(self.counted.quantity, 4),
            "unit": self.unit,
            "unit_price": self.unit_price,
            "cost": round(self.cost, 4),
        }


@dataclass(frozen=True)
class Scene:
    """What quantities are taken from: the project over some of its regions, what it wants there, and its use."""

    project: Project
    wanted: Sequence[Desired]
    usage: Usage

    def of_kind(self, kind: str) -> list[Desired]:
        """What is wanted of one kind."""
        return [desired for desired in self.wanted if desired.address.kind == kind]


@dataclass(frozen=True)
class Estimate:
    """A month's cost over `regions`."""

    regions: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def total(self) -> float:
        return sum(self.services.values())

    @property
    def services(self) -> dict[str, float]:
        """Cost by service, rounded to cents as bills are, in the order of SERVICES; services that cost nothing are left out."""
        sums = {name: sum(line.cost for line in self.lines if line.counted.service == name) for name in SERVICES}
        return {name: round(cost, 2) for name, cost in sums.items() if round(cost, 2) > 0}


Count = Callable[[Scene], Iterator[Quantity]]


def estimate(scene: Scene, prices: PriceTable, counts: Sequence[Count]) -> Estimate:
    """Price everything that `counts` find in the scene."""
    found = [quantity for count in counts for quantity in count(scene)]
    chosen = scene.usage.services or SERVICES
    lines = tuple(_priced(one, prices, scene.usage) for one in found if one.service in chosen and one.quantity > 0)
    return Estimate(tuple(region.region for region in scene.project.by_priority), lines)


def over(project: Project, kinds: Sequence[Kind[Any, Any]], usage: Usage, regions: int) -> Scene:
    """The scene with the primary and the next regions by priority, `regions` in all. Raises SbctlError for too many."""
    if regions > len(project.regions):
        raise SbctlError(_too_many(regions, len(project.regions)))
    ordered = sorted(project.by_priority, key=lambda region: not region.is_primary)
    smaller = replace(project, regions=tuple(ordered[:regions]))
    return Scene(smaller, build(kinds, smaller, {}), usage)


def _priced(one: Quantity, prices: PriceTable, usage: Usage) -> Line:
    return Line(one, prices.prices[one.price].unit, prices.of(one.price, usage.price_region or one.region, one.country))


def _too_many(asked: int, present: int) -> Problem:
    return Problem(
        code="too-many-regions",
        summary="The config has fewer regions",
        detail=f"asked for {asked}, and regions.json has {present}",
        at="--regions",
        fix=f"Ask for {present} at most, or add a region: docs/how-to/add-a-region.md",
        exit=Exit.USAGE,
    )
