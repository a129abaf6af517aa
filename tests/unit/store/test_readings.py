"""The cache of readings keeps what each command measured last, and is empty rather than in the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sbctl.core.reading import Reading, worst_verdict
from sbctl.store.readings import ReadingCache

AT = datetime(2026, 1, 1, tzinfo=UTC)
LAG = Reading(
    check="canary-item",
    subject="customers",
    source="us-east-1",
    target="us-west-2",
    value=1.2,
    unit="s",
    verdict="ok",
    at=AT,
)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    """Each command's readings replace its own older ones and nobody else's."""
    cache = ReadingCache(tmp_path / "state" / "readings.json")
    cache.keep("verify-replication", [LAG])
    cache.keep("parity", [])
    cache.keep("verify-replication", [LAG.model_copy(update={"value": 2.0})])
    found = cache.load()
    assert [reading.value for reading in found["verify-replication"]] == [2.0]
    assert found["parity"] == ()


def test_a_damaged_cache_is_empty(tmp_path: Path) -> None:
    """A cache that cannot be read stops nobody."""
    (tmp_path / "readings.json").write_text('{"verify-replication": [{')
    assert ReadingCache(tmp_path / "readings.json").load() == {}


def test_unknown_is_worse_than_late_and_nothing_is_unknown() -> None:
    """A region that does not answer never counts as healthy, and neither does a check that was not made."""
    late, unknown = (LAG.model_copy(update={"verdict": verdict}) for verdict in ("late", "unknown"))
    assert worst_verdict([LAG, late, unknown]) == "unknown"
    assert worst_verdict([]) == "unknown"


def test_only_what_does_not_hold_is_a_problem() -> None:
    """An ok reading is none; a late one names the pair of regions and exits with 8."""
    late = LAG.model_copy(update={"verdict": "late"}).problem()
    assert LAG.problem() is None
    assert late is not None
    assert (int(late.exit), late.at) == (8, "customers us-east-1 → us-west-2")


def test_what_a_killed_write_left_goes_with_the_next(tmp_path: Path) -> None:
    """Nothing gathers beside the cache; what others named so stays."""
    path, left, other = (
        tmp_path / name for name in ("readings.json", ".readings.json.ab12cd34", ".other.json.ab12cd34")
    )
    for one in (left, other):
        one.write_text("{", encoding="utf-8")
    ReadingCache(path).keep("status", ())
    assert sorted(one.name for one in tmp_path.iterdir()) == [other.name, path.name]
