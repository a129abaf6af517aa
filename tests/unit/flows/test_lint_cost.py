"""What linting costs: counted in calls, which are the same on every machine, and not in seconds."""

from __future__ import annotations

import cProfile
import json
import pstats
from typing import Any

import pytest

from sbctl.flows.lint.acceptance.length import length_of
from sbctl.flows.lint.lint import lint_file
from sbctl.flows.reading.parse import Place, parse_flows
from tests.unit.flows.mutants import CASES

CALLS = 300
"""Calls of functions a block, those of Python's own included, for a flow of the sorts of blocks that consoles export."""
BLOCKS = 250


def long_flow() -> dict[str, Any]:
    """Exported flows in a row: where one hangs up, the next begins."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(CASES.glob("FP-*.json"))]
    flows = [one for one in map(json.loads, texts) if "Actions" in one]
    rows = (_in_a_row(flows[number % len(flows)], number) for number in range(BLOCKS))
    actions = [action for row in rows for action in row][:BLOCKS]
    return {"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Metadata": {}, "Actions": actions}


def _in_a_row(flow: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """The actions of a flow, named by its number, the first of them first."""
    ordered = sorted(flow["Actions"], key=lambda one: one["Identifier"] != flow["StartAction"])
    text = json.dumps(ordered)
    for place, action in enumerate(ordered):
        text = text.replace(f'"{action["Identifier"]}"', f'"{number}-{place}"')
    errors = [{"NextAction": f"{number + 1}-0", "ErrorType": "NoMatchingError"}]
    goes_on = {
        "Type": "MessageParticipant",
        "Parameters": {"Text": "Please hold."},
        "Transitions": {"NextAction": f"{number + 1}-0", "Errors": errors, "Conditions": []},
    }
    return [one if one["Type"] != "DisconnectParticipant" else one | goes_on for one in json.loads(text)]


def test_a_block_costs_few_calls() -> None:
    """Every rule together: what a type allows is prepared once, and what is sound is passed over at once."""
    (file,), _ = parse_flows(json.dumps(long_flow()), Place("f.json", "f", lenient=True))
    lint_file(file)
    profile = cProfile.Profile()
    profile.runcall(lint_file, file)
    total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    assert total / BLOCKS < CALLS


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "with \"quotes\" and 'others'",
        "line\nand\ttab \\ /",
        "\x01\x7f",
        "Grüße, こんにちは 📞",
        "",
        "é" * 50,
        '"' * 50,
    ],
)
def test_a_content_is_never_taken_for_shorter_than_it_is(text: str) -> None:
    """Whatever is in it: it is written as JSON where it may be longer than the limit."""
    content = {"Version": text, text: [1.5, None, True, {text: text}], "Actions": [{"Text": text}, {"b": [text]}]}
    real = len(json.dumps(content))
    compact = json.dumps(content, separators=(",", ":"))
    for written in ("", compact, json.dumps(content, ensure_ascii=False), json.dumps(content, indent=2)):
        assert length_of(content, written, real - 1) == real
        assert length_of(content, written, 10**6) >= real
