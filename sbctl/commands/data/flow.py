"""What the commands of contact flows tell."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from sbctl.failover.data.told import Told


class DiagnosticTold(Told):
    """A finding. `at` is file:line:column; `page` the URL of the AWS page that the rule comes from, or ""."""

    rule: str
    level: Literal["error", "warning"]
    flow: str
    block: str
    at: str
    message: str
    page: str
    fix: str


class FileTold(Told):
    """A flow that was checked. `type_from`: where its type is from; `note` says what is guessed."""

    file: str
    flow: str
    type: str
    type_from: Literal["stated", "place", "metadata", "guessed"]
    status: Literal["PUBLISHED", "SAVED"]
    note: str


class Linted(Told):
    """`flow lint`: the flows that were checked, and what was found, errors first."""

    flows: tuple[str, ...]
    findings: int
    errors: int
    warnings: int
    files: tuple[FileTold, ...]
    diagnostics: tuple[DiagnosticTold, ...]


class Rendered(Told):
    """`flow render`."""

    flow: str
    region: str
    content: dict[str, Any]


class Drawn(Told):
    """`flow render --draw`: `[indent, text]` a line."""

    flow: str
    lines: tuple[tuple[int, str], ...]


class ImportedRow(Told):
    """A flow of an import. `type_from` says whether its type is stated or guessed; `state`: new, unchanged, rewritten."""

    name: str
    type: str
    type_from: str
    status: str
    source: str
    file: str
    state: str
    notes: tuple[str, ...]


class AskedRow(Told):
    """An id or ARN that nothing stands for. `kind` is what it is of, `name` what the export calls it; "" if unknown."""

    flow: str
    block: str
    at: str
    value: str
    kind: str
    name: str


class MissingRow(Told):
    """A name that imported flows use and the section of the config lacks."""

    section: str
    name: str
    flows: tuple[str, ...]


class ImportTold(Told):
    """`flow import`; `map` is what to fill in for --map, `functions` those that got a stub."""

    imported: tuple[ImportedRow, ...]
    unresolved: tuple[AskedRow, ...]
    map: dict[str, str]
    missing: tuple[MissingRow, ...]
    functions: tuple[str, ...]
    dry_run: bool


class FormattedTold(Told):
    """`flow fmt`: the files that were rewritten, or would be with --check, and how many were looked at."""

    changed: tuple[str, ...]
    files: int


class PulledTold(Told):
    """`flow pull`: the file, the region that its content came from, and the differences, block by block."""

    flow: str
    file: str
    region: str
    changes: tuple[str, ...]
    written: bool


class BlockTold(Told):
    """A block of a picture, by its number in the order of telling. `change` only in a comparison."""

    number: int
    id: str
    type: str
    title: str
    words: str
    role: Literal["prompt", "decision", "lambda", "transfer", "end", "other", "missing"]
    reachable: bool
    change: Literal["added", "removed", "changed"] = "changed"


class EdgeTold(Told):
    """A way from one block to another; several errors to one block are one. `main`: of the main path."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    label: str
    sort: Literal["next", "branch", "error"]
    main: bool
    change: Literal["added", "removed", "changed"] = "changed"


class UntestedTold(Told):
    """What the last flow tests did not pass: identifiers of blocks, and pairs of them, from and to, for edges."""

    blocks: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]


class PictureTold(Told):
    """`flow draw`: `start` is the identifier of the first block; `written` the file, with --out; `untested` with --coverage."""

    flow: str
    type: str
    at: str
    start: str
    blocks: tuple[BlockTold, ...]
    edges: tuple[EdgeTold, ...]
    untested: UntestedTold | None = None
    written: str = ""


class SideTold(Told):
    """One side of a comparison, as it was asked for, and where it is from."""

    side: str
    at: str


class ChangeTold(Told):
    """What differs of a block. `before` and `after` hold its parts that differ, null where the block is not there."""

    block: str
    name: str
    change: Literal["added", "removed", "changed"]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    notice: str


class ComparedTold(Told):
    """`flow diff`: `same` where calls do the same; then `layout_differs` where the contents differ all the same."""

    flow: str
    source: SideTold = Field(alias="from")
    target: SideTold = Field(alias="to")
    same: bool
    layout_differs: bool
    changes: tuple[ChangeTold, ...]
    start: str
    blocks: tuple[BlockTold, ...]
    edges: tuple[EdgeTold, ...]
    written: str = ""


class RegionVersion(Told):
    """A region's own number of a version; 0 where only the state keeps the content."""

    region: str
    version: int
    published: bool


class FlowVersion(Told):
    """One version as `--to` takes it. `digest` tells files apart; "" for a version that others made."""

    version: str
    made_at: str | None
    digest: str
    regions: tuple[RegionVersion, ...]


class VersionsTold(Told):
    """`flow rollback --list`."""

    flow: str
    versions: tuple[FlowVersion, ...]


class RegionRestored(Told):
    """What became of one region; `version` is its own number of what it has now."""

    region: str
    outcome: Literal["done", "already", "failed"]
    version: int


class RolledBack(Told):
    """`flow rollback`; `run` is the one in the history, "" for a dry run."""

    flow: str
    to: str
    digest: str
    reason: str
    run: str
    dry_run: bool
    regions: tuple[RegionRestored, ...]


class FlowTestTold(Told):
    """One test in one region. `block` is where it failed; `why` is for people."""

    name: str
    region: str
    outcome: Literal["passed", "failed", "stopped", "unknown"]
    block: str
    why: str
    age_seconds: float


class PartingTold(Told):
    """A test whose way is another in `region` than in `other`, from `block` on. Branches are null where they are not told."""

    name: str
    flow: str
    block: str
    region: str
    other: str
    branch: str | None
    other_branch: str | None


class CoveredTold(Told):
    """What tests pass of a flow. `out_of_reach` counts the branches that no test can take."""

    flow: str
    blocks: int
    branches: int
    missed_blocks: tuple[str, ...]
    missed_branches: tuple[str, ...]
    out_of_reach: int


class FlowTestsTold(Told):
    """`flow test`. `coverage` with --coverage; `written`: the file of --junit."""

    tests: tuple[FlowTestTold, ...]
    differences: tuple[PartingTold, ...]
    coverage: tuple[CoveredTold, ...] | None = None
    written: str = ""
