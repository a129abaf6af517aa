"""`sbctl explain`: every word by which people look for a kind finds it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sbctl.main import cli

WORDS = ("connect_flow", "flow", "connect_flow_version", "connect_flow_versions", "flow-version")


@pytest.mark.parametrize("word", WORDS)
def test_versions_are_told_with_what_they_are_of(word: str) -> None:
    """They are no kind of their own: a deploy makes them in a flow's step."""
    told = json.loads(CliRunner().invoke(cli, ["--output", "json", "explain", word]).stdout)["data"]
    assert told["kind"] == "connect_flow"
    assert "sbctl flow rollback NAME --list" in told["versions"]
    assert "sbctl flow rollback NAME --list" in " ".join(CliRunner().invoke(cli, ["explain", word]).stdout.split())


@pytest.mark.parametrize(("word", "exit_code"), [("queue", 0), ("connect_queue_version", 2)])
def test_a_kind_without_versions_has_no_such_word(word: str, exit_code: int) -> None:
    done = CliRunner().invoke(cli, ["--output", "json", "explain", word])
    assert (done.exit_code, json.loads(done.stdout).get("data", {}).get("versions", "")) == (exit_code, "")
