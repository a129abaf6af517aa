"""Whatever a file holds is told, and never ends in a traceback. `make test-long` draws 10,000 flows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sbctl.flows.lint.lint import lint_file
from sbctl.flows.lint.rules import rules
from sbctl.flows.lint.several import around_of, nesting_of
from sbctl.flows.reading.parse import Place, parse_flows
from tests.unit.flows.mutants import bases, mutants

BATCH = 500


def look(tree: Any) -> int:
    """How many findings and problems there are."""
    files, problems = parse_flows(json.dumps(tree), Place("f.json", "f", lenient=True))
    around = around_of(files, None)
    found = [one for file in files for one in lint_file(file, around)]
    found += [one for _, rows in nesting_of(files) for one in rows]
    for one in found:
        assert one.rule in rules()
        assert one.level in ("error", "warning")
        assert one.level == "warning" or "error" in rules()[one.rule].level
        assert one.at.startswith("f.json:")
    return len(found) + len(problems)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_damaged_flow_is_told(seed: int) -> None:
    """Most of them have a finding; none ends the linter."""
    assert sum(1 for tree in mutants(seed, 150) if look(tree)) > 75


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 120))
def test_many_damaged_flows_are_told(seed: int) -> None:
    """20 times 500."""
    assert sum(1 for tree in mutants(seed, BATCH) if look(tree)) > BATCH / 2


def test_what_is_no_flow_at_all_is_told() -> None:
    """Values of every sort in the place of the document, and of its parts."""
    sound = bases()[0]
    values: tuple[Any, ...] = (None, True, 5, "x", [], {}, [5], {"a": 1}, [[[]]])
    for value in values:
        look(value)
        for name in sound:
            look({**sound, name: value})
        for name in sound["Actions"][0]:
            look({**sound, "Actions": [{**sound["Actions"][0], name: value}]})


def test_a_megabyte_of_text_is_told() -> None:
    """As too much, whatever else is sound."""
    long = bases()[0]
    long["Metadata"] = {"name": "a" * 1_000_000}
    files, _ = parse_flows(json.dumps(long), Place("f", "f"))
    assert "size" in [one.rule for file in files for one in lint_file(file)]


def test_five_thousand_blocks_are_told_once() -> None:
    """As too many."""
    action = {"Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
    many = [{"Identifier": f"b{number}", **action} for number in range(5000)]
    files, _ = parse_flows(json.dumps({"Version": "2019-10-30", "StartAction": "b0", "Actions": many}), Place("f", "f"))
    found = [one for file in files for one in lint_file(file)]
    assert [one.rule for one in found if one.level == "error"] == ["blocks"]
