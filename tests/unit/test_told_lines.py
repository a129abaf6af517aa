"""Every line of sbctl that stands in its texts is one that sbctl takes, and nothing in it is left to be filled in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.typed.lines import lines_in

ROOT = Path(__file__).parents[2] / "sbctl"
OPEN = {"FILE", "DIR", "FOLDER", "RUN", "NAME"}
"""What the reader chooses. All else is known to whoever writes the text, or is not asked for."""


def places() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        if "sandbox" not in path.relative_to(ROOT).parts[0]:
            for line, text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
                yield f"{path.relative_to(ROOT)}:{line}", text


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts that are said, values in them as X: no docstrings."""
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(one.value) if isinstance(one, ast.Constant) else "X" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent | parts:
            yield node.lineno, node.value


@cache
def told() -> list[tuple[str, str, str]]:
    """Place, line, and what is wrong with it."""
    return [(place, line.text, line.wrong) for place, text in places() for line in lines_in(text)]


def test_every_line_is_one_that_sbctl_takes() -> None:
    """Over a hundred of them, wherever they stand."""
    assert len(told()) > 100
    assert [one for one in told() if one[2]] == []


def test_no_line_leaves_to_the_reader_what_is_known() -> None:
    """A region, a move, a generation: who writes the line knows it."""
    left = [
        (place, text)
        for place, text, _ in told()
        if {word for word in text.split() if word.isupper() and {*word} != {"X"}} - OPEN
    ]
    assert left == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Go on: sbctl failover --resume. Take it back: sbctl failover --abort.", ["failover --resume", "failover --abort"]),
        ("sbctl status says where traffic is", ["status"]),
        ("sbctl --config 'a b/c.d' failover --kit 'k 1.json' --to us-west-2 --mode forced", [
            "--config 'a b/c.d' failover --kit 'k 1.json' --to us-west-2 --mode forced"]),
        ("sbctl made it; sbctl is not installed", []),
        ("Acknowledge it: sbctl history ack failover-20260301T030000-1a2b. Or wait", ["history ack failover-20260301T030000-1a2b"]),
        ("sbctl failover --sideways", ["failover"]),
    ],
)  # fmt: skip
def test_lines_are_found_in_sentences(text: str, lines: list[str]) -> None:
    """As far as the words are taken; what is no command is prose, and an option that no command has is told."""
    found = lines_in(text)
    assert [line.text for line in found] == [f"sbctl {line}" for line in lines]
    assert any(line.wrong for line in found) == ("sideways" in text)


def test_views_say_every_command_as_this_run_is_called() -> None:
    """What is drawn beside the data has the call as a value, and never a bare `sbctl`."""
    bare = [(place, text) for place, text, _ in told() if place.startswith("ui/")]
    assert bare == []
