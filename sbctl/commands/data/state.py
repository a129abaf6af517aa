"""What `state` and `kit` commands tell."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from sbctl.commands.data.plan import SummaryTold
from sbctl.failover.data.failover import KitUsed
from sbctl.failover.data.status import KitCompared
from sbctl.failover.data.told import Told

Origin = Literal["created", "adopted"]


class RecordRow(Told):
    """A record in one row."""

    address: str
    status: str
    origin: Origin
    id: str


class RecordsTold(Told):
    """`state list`; `read_at` is where it was read."""

    lineage: str
    serial: int
    read_at: str
    records: tuple[RecordRow, ...]


class GenerationRow(Told):
    """A state as it was written once; `damage` says why it cannot be read."""

    serial: int
    written_at: str | None
    command: str
    by: str
    host: str
    caller: str
    run: str
    version: str
    records: int
    created: int
    adopted: int
    bytes: int
    present: bool
    damage: str


class CopyRow(Told):
    """A copy in another place."""

    at: str
    serial: int | None
    trouble: str


class GenerationsTold(Told):
    """`state history`, the oldest first."""

    generations: tuple[GenerationRow, ...]
    copies: tuple[CopyRow, ...]


class RestoredTold(Told):
    """`state restore`: the generation, and the state that it became."""

    restored: int
    lineage: str
    serial: int
    records: int


class RebuiltRow(Told):
    """A record, and by what it was found."""

    address: str
    origin: Origin
    evidence: str
    id: str


class RebuiltTold(Told):
    """`state rebuild`; `serial` null with --dry-run."""

    written: bool
    lineage: str
    serial: int | None
    records: tuple[RebuiltRow, ...]
    absent: tuple[str, ...]
    kept: tuple[str, ...]
    unknown: tuple[str, ...]
    summary: SummaryTold


class MovedTold(Told):
    """`state move`."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    serial: int
    records: int
    named_in: str
    """The file of the project that names the new place; "" where none does."""


class RenamedTold(Told):
    """`state rename`: addresses."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    serial: int


class ForgottenRow(Told):
    """A record that was removed."""

    address: str
    id: str


class ForgottenTold(Told):
    """`state forget`; `restore` is the serial that undoes it."""

    forgotten: tuple[ForgottenRow, ...]
    serial: int
    restore: int


class UnlockedTold(Told):
    """`state unlock`: whether a dead run had left something."""

    freed: bool


class KitShownTold(Told):
    """`kit show`: how the kit stands, and the kit itself."""

    kit: KitCompared | KitUsed
    content: dict[str, Any]


class KitCheck(Told):
    """One check of a kit."""

    check: str
    at: str
    verdict: str
    detail: str


class KitVerifiedTold(Told):
    """`kit verify`."""

    checks: tuple[KitCheck, ...]
    kit: KitUsed


class KitExportedTold(Told):
    """`kit export`: the file, or the kit itself."""

    out: str | None = None
    content: dict[str, Any] | None = None
    kit: KitUsed
