"""Every command once, in JSON: its data is valid by the schema that `sbctl config schema data COMMAND` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from sbctl.commands.data.schema import DATA, KIND, OF_KINDS, data_schema, entry
from sbctl.main import COMMANDS, cli
from tests.sandbox.deployed import EAST, WEST, Scene, deployed
from tests.worlds import make_known

TEXT = {"completion", "help"}
"""Commands that print text alone."""
QUEUE = f"connect_queue.{WEST}.support"
OTHER = f"connect_queue.{WEST}.other"
FREE = """
init {tmp}/new
config check
config schema
config schema --rules
config schema data plan
config schema --write
iam-policy
iam-policy --out {tmp}/policies
cost
cost --print-prices
explain
explain queue
explain {queue}
explain 4
flow lint
flow render SalesInbound
flow render SalesInbound --draw
flow import {tmp}/project/flows/AfterHours.json --dry-run
flow fmt --check
flow draw SalesInbound
flow draw SalesInbound --out {tmp}/sales.svg
flow draw SalesInbound --coverage
state list queue
state show {queue}
state history
state unlock
kit show
kit export
kit export --out {tmp}/kit.json
runbook
runbook region-down
drill list
drill run region-loss --level tabletop
drill restore
history
history list
version
sandbox up
sandbox status
sandbox env
sandbox fault add --kind slow --region eu-west-2
sandbox fault list
sandbox heal
sandbox advance 5s
"""
"""Lines that ask AWS for nothing."""
READING = f"""
flow diff SalesInbound --from region:{WEST} --to draft
queue plan --region {WEST}
queue list --region {WEST}
queue show {{queue}}
queue adopt {{queue}}
queue apply --region {WEST}
plan --region {WEST} --out {{tmp}}/saved.plan
apply {{tmp}}/saved.plan
deploy --region {WEST}
drift --region {WEST}
parity --region {WEST}
flow pull AfterHours
doctor --to {WEST}
verify-replication --table customers-global --from {EAST} --to {WEST}
status
kit verify
runbook region-down --walk
flow test support-product --region {WEST} --coverage
flow rollback AfterHours --list
flow rollback AfterHours --to 1
state rename {{queue}} {{other}}
state rename {{other}} {{queue}}
state rebuild
state history
"""
"""Lines after which the world is as before."""
MOVING = f"""
drill run planned-switch --level check
drill report
failover --to {WEST} --dry-run
failover --to {WEST} --reason tried
history show
failover --rejoin {EAST}
failback --dry-run
failback --reason tried --override cooldown
history ack {{run}}
"""
LAST = """
state forget {queue}
state restore {restore}
state move --to {tmp}/elsewhere
sandbox reset
"""
OTHERS = f"""
sandbox down
adopt --region {EAST} --instance acme
destroy
"""
"""Lines of a folder that has no project yet; adopt writes one."""


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with deployed(tmp_path / "project") as found:
        yield found


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def said(scene: Scene, tmp: Path, text: str) -> list[str]:
    """Type the lines; what is wrong with their data."""
    told: dict[str, Any] = {"tmp": tmp, "queue": QUEUE, "other": OTHER}
    wrong = []
    for line in lines(text):
        code, envelope = scene.run(*line.format(**told).split())
        wrong += [f"{line}: {fault}" for fault in faults(code, envelope)]
        told |= {name: envelope["data"][name] for name in ("run", "restore") if envelope["data"].get(name)}
    return wrong


def faults(code: int, envelope: Mapping[str, Any]) -> list[str]:
    """Of what a command told: no data, or data that its schema refuses."""
    if not envelope["data"]:
        return [f"exit {code}, no data: {envelope['problems']}"]
    found = validator(envelope["command"]).iter_errors(envelope["data"])
    return [f"{one.json_path}: {one.message[:200]}" for one in found]


@cache
def validator(command: str) -> Draft202012Validator:
    return Draft202012Validator(data_schema(command))


def test_what_asks_aws_for_nothing(scene: Scene, tmp_path: Path) -> None:
    """Files, the state and the sandbox."""
    assert said(scene, tmp_path, FREE) == []


@pytest.mark.long
def test_what_reads_and_leaves_all_as_it_was(scene: Scene, tmp_path: Path) -> None:
    """Plans, comparisons and checks, and deploys that have nothing to do."""
    assert said(scene, tmp_path, READING) == []


@pytest.mark.long
def test_what_moves_traffic(scene: Scene, tmp_path: Path) -> None:
    """There and back, with the runs that it leaves. Long: tests/cases look at the same data through the same forms."""
    assert said(scene, tmp_path, MOVING) == []


def test_what_changes_the_state(scene: Scene, tmp_path: Path) -> None:
    """And the end of the world."""
    assert said(scene, tmp_path, LAST) == []


@pytest.mark.long
def test_what_takes_over_and_takes_away(scene: Scene, tmp_path: Path) -> None:
    """An instance of others, from a project that does not exist yet, and a sandbox that does not run."""
    scene.client("connect").create_instance(
        InstanceAlias="acme",
        IdentityManagementType="CONNECT_MANAGED",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    scene.pass_time(600)
    other = Scene(scene.running, tmp_path / "other")
    down, *rest = lines(OTHERS)
    assert said(other, tmp_path, down) == []
    make_known(scene.running, other.state)
    assert said(other, tmp_path, "\n".join(rest)) == []


def leaves(group: click.Group, path: tuple[str, ...]) -> Iterator[str]:
    for name in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), name)
        if isinstance(found, click.Group):
            yield from leaves(found, (*path, name))
        else:
            yield " ".join((*path, name))


def test_every_command_has_a_schema_and_is_typed() -> None:
    """A command that is added joins by itself, or fails here."""
    typed = [line.split() for line in lines(FREE + READING + MOVING + LAST + OTHERS)]
    tried = {entry(" ".join(words[:length])) for words in typed for length in (1, 2, 3)}
    known = {entry(name) for name in leaves(cli, ()) if name not in TEXT}
    assert {f"{KIND} {name}" for name in OF_KINDS} <= known
    assert known - {"history list"} <= tried
    assert known <= DATA.keys()
    assert {name.split()[0] for name in DATA} <= {*COMMANDS, KIND, "flow"}
