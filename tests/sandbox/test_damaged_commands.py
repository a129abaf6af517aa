"""Whole commands on damaged answers: they end with an exit code of the table, and never as a fault of sbctl."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sbctl.core.problem import Exit
from tests.sandbox.deployed import Scene, deployed
from tests.sandbox.layers.damaged import Damaged
from tests.sandbox.layers.refusing import Refusing

COMMANDS = (
    "plan",
    "status",
    "doctor",
    "verify-replication",
    "parity",
    "drift",
    "failover --to us-west-2 --dry-run",
    "failover --to us-west-2 --mode forced --reason lost --dry-run",
    "runbook",
    "state rebuild",
    "queue list",
)
CHANGING = (
    "failover --to us-west-2 --mode forced --reason lost",
    "failback --reason back --override lag --override parity",
    "failover --to eu-west-2 --mode planned --reason moved --override lag --override parity",
    "drill run planned-switch --reason rehearsed",
    "drill restore",
    "deploy --region all",
    "destroy --region eu-west-2 --allow * --max-deletes 500",
)
"""In this order, as far as each gets."""
QUICK = (
    "status",
    "verify-replication",
    "failover --to us-west-2 --mode forced --reason lost --dry-run",
    "state rebuild",
)
"""Of the commands those that the short tests try."""
LIKELIHOODS = (0.02, 0.2, 1.0)
"""Few answers are damaged, or errors in their place, so that a command gets far; or all of them."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with deployed(tmp_path_factory.mktemp("damaged")) as found:
        yield found


def run(scene: Scene, command: str, seed: int) -> None:
    layer = Refusing if seed % 2 else Damaged
    scene.world.layer = layer(seed, LIKELIHOODS[seed % len(LIKELIHOODS)])
    code, said = scene.run(*command.split())
    assert code in {*Exit}, (command, seed)
    assert "internal-error" not in {problem["code"] for problem in said["problems"]}, (command, seed, said["problems"])


@pytest.mark.parametrize("command", QUICK)
def test_a_command_ends_as_documented(scene: Scene, command: str) -> None:
    """With an exit code of the table."""
    run(scene, command, COMMANDS.index(command))


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_ends_as_documented_however_often(scene: Scene, command: str) -> None:
    """The same with other damage each time."""
    for seed in range(40):
        run(scene, command, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1004))
def test_what_changes_the_world_ends_as_documented(tmp_path: Path, seed: int) -> None:
    """Failovers, drills, a deploy and a destroy on few damaged answers; what is left undone is for the next command."""
    with deployed(tmp_path) as scene:
        for number, command in enumerate(CHANGING):
            run(scene, command, seed * len(LIKELIHOODS) + number % 2)
