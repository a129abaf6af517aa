"""The page of what the sandbox models is current, and nothing that the product calls is absent from it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import sbctl.checks
import sbctl.drills
import sbctl.failover
from sbctl.core.kinds.discover import discover
from sbctl.sandbox.coverage import Coverage, coverage, page
from sbctl.sandbox.world import World, WorldSettings

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sandbox-coverage.md"


@pytest.fixture(scope="module")
def rows() -> list[Coverage]:
    return coverage(World(WorldSettings()).services)


def declared() -> Iterator[tuple[str, str]]:
    """Every operation that a kind, a check or a part of the failover declares, with who declares it."""
    for name, kind in discover("sbctl.resources", "RESOURCE").items():
        yield from ((name, call) for call in kind.calls)
    for package in (sbctl.checks, sbctl.failover, sbctl.drills):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield from ((info.name, call) for call in getattr(importlib.import_module(info.name), "CALLS", ()))


def test_the_page_is_current(rows: list[Coverage]) -> None:
    """When this fails, run `make coverage`."""
    assert PAGE.read_text(encoding="utf-8") == page(rows)


def test_nothing_that_the_product_calls_is_absent(rows: list[Coverage]) -> None:
    """Whoever declares a new operation has to model it."""
    present = {(row.service, operation) for row in rows for operation in row.present}
    calls = {(who, *call.split(":")) for who, call in declared()}
    assert len(calls) > 100
    assert sorted(call for call in calls if call[1:] not in present) == []


def test_every_own_service_says_what_is_otherwise(rows: list[Coverage]) -> None:
    """A service without a difference to AWS would be the first."""
    own = [row for row in rows if row.exact or row.corrected]
    assert len(own) == 11
    assert [row.service for row in own if not row.differs] == []
