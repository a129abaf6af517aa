"""What commands of a project tell: `init`, `adopt`, `config`, `iam-policy`, `cost`, `explain`, `version`."""

from __future__ import annotations

from typing import Any

from sbctl.commands.data.shared import Open
from sbctl.failover.data.told import Told


class InitTold(Told):
    """`init`: the files that were written, and the next command."""

    folder: str
    files: tuple[str, ...]
    next: str


class LeftOutRow(Told):
    """Something that stays as it is in AWS, or is to be known, and why."""

    kind: str
    name: str
    why: str


class UnresolvedRow(Told):
    """An id or ARN in a flow that nothing stands for in another region; `at` is its place in the content."""

    flow: str
    block: str
    at: str
    value: str
    kind: str


class AdoptTold(Told):
    """`adopt`; `adopted` counts by title of the kind, `pending` are addresses that the next deploy would change.

    `unresolved` stays as it is in the first region, and keeps its flows from a second one until --map names it.
    """

    instance: dict[str, str]
    adopted: dict[str, int]
    left_out: tuple[LeftOutRow, ...]
    notes: tuple[LeftOutRow, ...]
    unresolved: tuple[UnresolvedRow, ...] = ()
    files: tuple[str, ...]
    pending: tuple[str, ...]
    next: str


class CheckedTold(Told):
    """`config check`: how many resources are wanted, by kind."""

    project: str
    account: str
    regions: tuple[str, ...]
    resources: dict[str, int]
    digest: str


class PolicyTold(Told):
    """An IAM policy document, and its length in characters."""

    name: str
    size: int
    document: dict[str, Any]


class PoliciesTold(Told):
    """`iam-policy`, and with --out the files."""

    purpose: str
    meaning: str
    policies: tuple[PolicyTold, ...]
    written: tuple[str, ...] | None = None


class PricesUsed(Told):
    """Which prices an estimate rests on."""

    date: str
    currency: str
    note: str


class EstimateTold(Told):
    """What some regions cost a month."""

    regions: tuple[str, ...]
    services: dict[str, float]
    total: float


class ServiceTold(Told):
    """A service over one region and over all."""

    service: str
    one: float
    all: float


class CostLine(Told):
    """One line of the last estimate."""

    service: str
    what: str
    region: str
    quantity: float
    unit: str
    unit_price: float
    cost: float


class TipTold(Told):
    """How to save, how much, and whether it is done already."""

    text: str
    saving: float
    followed: bool


class CostTold(Told):
    """`cost`; `factor` is all regions over one, null where one costs nothing."""

    prices: PricesUsed
    usage: dict[str, Any]
    estimates: tuple[EstimateTold, ...]
    services: tuple[ServiceTold, ...]
    factor: float | None
    lines: tuple[CostLine, ...]
    load: str
    tips: tuple[TipTold, ...]


class KindRow(Told):
    """A kind of resource; `section` is its place in regions.json, empty where it follows from others."""

    kind: str
    noun: str
    section: str


class KindsTold(Told):
    """`explain`."""

    kinds: tuple[KindRow, ...]


class KindTold(Told):
    """`explain KIND`: `fields` and `item` are the JSON Schemas of its spec and of its config item.

    `versions` says where versions of it come from; "" where AWS keeps none.
    """

    kind: str
    title: str
    section: str
    scope: str
    fields: dict[str, Any]
    item: dict[str, Any]
    replaced_by_a_change_of: tuple[str, ...]
    versions: str
    calls: tuple[str, ...]
    docs: str


class AddressTold(Told):
    """`explain ADDRESS`."""

    address: str
    wanted: dict[str, Any]
    needs: tuple[str, ...]
    needed_by: tuple[str, ...]
    docs: str


class ExitTold(Told):
    """`explain CODE`."""

    exit: int
    meaning: str
    remedy: str


class VersionTold(Open):
    """`version`, and the versions of libraries; empty where one is not installed."""

    sbctl: str
    python: str
    platform: str
    commit: str
