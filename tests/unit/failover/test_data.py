"""The data that commands tell has a schema, which can be printed, and which refuses what it does not know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from sbctl.commands.data.schema import DATA, data_schema
from sbctl.failover.data.failover import FailoverTold
from sbctl.failover.execution.report import of_prepared
from sbctl.main import cli
from tests.unit.failover.regions import ORDER, Globe
from tests.unit.failover.scenes import kit


def asked(*words: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(cli, ["--output", "json", "config", "schema", "data", *words], catch_exceptions=False)
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize("command", DATA)
def test_every_schema_is_printed(command: str) -> None:
    """By the command's name, in as many words as it has; the names of `sbctl/1` are in it."""
    code, envelope = asked(*command.split())
    assert code == 0
    assert envelope["data"] == data_schema(command)


def test_the_schema_of_a_kind_is_asked_for_by_its_noun() -> None:
    """One for all kinds, `KIND plan`; what only flows have is named by itself."""
    assert asked("queue", "plan")[1]["data"] == data_schema("KIND plan")
    assert asked("flow", "lint")[1]["data"] == data_schema("flow lint")


def test_the_schema_of_a_failover_names_what_its_json_holds() -> None:
    """`moves`, `from` and the two clocks keep their names."""
    text = json.dumps(data_schema("failover"))
    for name in ("moves", "from", "to", "rto_seconds", "since_last_good_seconds", "not_moved", "estimated_loss"):
        assert f'"{name}"' in text


def test_all_are_printed_without_a_name() -> None:
    """One object, by command."""
    code, envelope = asked()
    found = envelope["data"]
    assert isinstance(found, dict)
    assert (code, [*found]) == (0, [*DATA])


@pytest.mark.parametrize(
    ("words", "hint"), [(("failovr",), "failover"), (("completion",), "Name one"), (("drill",), "")]
)
def test_a_command_without_a_schema_is_told(words: tuple[str, ...], hint: str) -> None:
    """With those that have one."""
    code, envelope = asked(*words)
    (problem,) = envelope["problems"]
    assert (code, problem["code"]) == (2, "usage")
    assert hint in problem["fix"]


def test_a_failover_is_told_in_full_and_nothing_else_is(tmp_path: Path) -> None:
    """What it says in JSON can be read again; a field that a newer sbctl has written is left out."""
    told = of_prepared(Globe(tmp_path).prepared(ORDER), kit())
    assert FailoverTold.model_validate(told.as_json()) == told
    assert FailoverTold.model_validate({**told.as_json(), "surprise": 1}) == told
    with pytest.raises(ValidationError):
        FailoverTold.model_validate({**told.as_json(), "moves": 1})
