"""Credentials of another account are refused before anything is written, by every command that writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import click
import pytest

from sbctl.client_profiles import URGENT_SECONDS
from sbctl.commands.kit.find import kit_found
from sbctl.core.aws.error import AwsError
from sbctl.core.problem import Exit
from sbctl.engine.planning.guards import against_foreign_account_in
from sbctl.failover.decision.request import GUARDS
from sbctl.main import cli
from sbctl.sandbox.faults.control import add_fault, heal
from sbctl.sandbox.wire.identify import Identity
from sbctl.sandbox.wire.response import Response
from tests.security.ground import EAST, FOREIGN, OURS, WEST, ServiceContext, ground, order_to
from tests.unit.engine.test_guards import Sts

QUEUE = f"connect_queue.{EAST}.general"
GUARDED = {
    "apply": ("apply", "{state}/a.plan"),
    "deploy": ("deploy", "--region", "all"),
    "destroy": ("destroy", "--allow", "*"),
    "drift": ("drift", "--revert"),
    "drill restore": ("drill", "restore"),
    "drill run": ("drill", "run", "planned-switch", "--reason", "test"),
    "failback": ("failback", "--reason", "test"),
    "kit verify": ("kit", "verify"),
    "failover": ("failover", "--to", WEST, "--reason", "test"),
    "flow rollback": ("flow", "rollback", "AfterHours"),
    "parity": ("parity", "--fix"),
    "plan": ("plan",),
    "queue adopt": ("queue", "adopt", QUEUE),
    "queue apply": ("queue", "apply"),
    "flow test": ("flow", "test"),
    "queue plan": ("queue", "plan"),
    "state rebuild": ("state", "rebuild"),
    "verify-replication": ("verify-replication",),
}
"""Every command that writes to AWS, or rests on what it read there, and how it is called."""
VARIANTS = (
    ("failover", "--to", WEST, "--mode", "forced", "--reason", "test"),
    ("failover", "--to", WEST, "--dry-run"),
    ("failover", "--to", WEST, "--mode", "forced", "--dry-run"),
    ("failover", "--to", WEST, "--kit", "{state}/kit.json", "--reason", "test"),
    ("failback", "--dry-run"),
    ("drill", "run", "--all"),
    ("flow", "rollback", "AfterHours", "--to", "1", "--dry-run"),
    ("drill", "run", "region-loss", "--level", "check"),
)
FREE = {
    "adopt": "it takes the account of the caller into the config that it writes, and only reads in AWS",
    "completion": "no AWS", "help": "no AWS", "version": "no AWS",
    "config check": "no AWS", "config schema": "no AWS", "explain": "no AWS", "init": "no AWS",
    "flow diff": "reads; refuses another account", "flow draw": "no AWS", "flow fmt": "no AWS",
    "flow import": "reads, of any centre", "flow pull": "reads; refuses another account",
    "flow lint": "no AWS", "flow render": "no AWS",
    "runbook": "looks, and writes nothing in AWS",
    "cost": "reads", "doctor": "reads; a wrong account is among its findings", "iam-policy": "no AWS", "status": "reads",
    "queue list": "reads", "queue show": "reads",
    "drill list": "local", "drill report": "local", "kit export": "reads", "kit show": "reads",
    "history ack": "local", "history list": "local", "history show": "local",
    **{f"sandbox {name}": "the sandbox's" for name in ("advance", "down", "env", "fault add", "fault list", "heal")},
    **{f"sandbox {name}": "the sandbox's" for name in ("reset", "status", "up", "call")},
    **{f"sandbox {group} {name}": "the sandbox's" for group in ("agents", "callers") for name in ("list", "start", "stop")},
    "state forget": "the state alone", "state history": "the state alone", "state list": "the state alone",
    "state move": "the state alone: its place may be in any account", "state rename": "the state alone",
    "state restore": "the state alone", "state show": "the state alone", "state unlock": "the state alone",
}  # fmt: skip
"""Commands that need no guard, and why."""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceContext]:
    """The caller belongs to another account than the project."""
    with ground(tmp_path_factory.mktemp("foreign"), FOREIGN) as found:
        found.make_signal_table(WEST)
        (found.state / "kit.json").write_text(kit_found(found.app).kit.as_text(), encoding="utf-8")
        yield found


def leaves(group: click.Command, name: str = "") -> Iterator[str]:
    """The names of all commands; of the kinds those of one, since all are made alike."""
    if not isinstance(group, click.Group):
        yield name
        return
    for sub in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), sub)
        assert command is not None
        yield from leaves(command, f"{name} {sub}".strip())


def test_every_command_is_guarded_or_need_not_be() -> None:
    """A new command stands in one of the two lists, so that nobody forgets the guard."""
    kinds = {name.removesuffix(" adopt") for name in leaves(cli) if name.endswith(" adopt")}
    of_kinds = {f"{kind} {what}" for kind in kinds for what in ("adopt", "apply", "list", "plan", "show")}
    of_queues = {name for name in of_kinds if name.startswith("queue ")}
    assert {*leaves(cli)} - (of_kinds - of_queues) == GUARDED.keys() | FREE.keys()


@pytest.mark.parametrize("asked", [*GUARDED.values(), *VARIANTS], ids=" ".join)
def test_another_account_is_refused_before_anything_is_written(foreign: ServiceContext, asked: tuple[str, ...]) -> None:
    """Exit 7 although --yes was said, and nothing was called but STS, and no note of a canary was made."""
    code, said = foreign.run(*(part.format(state=foreign.state) for part in asked))
    assert (code, [problem["code"] for problem in said["problems"]]) == (Exit.REFUSED, ["wrong-account"])
    assert {call["call"] for call in foreign.calls()} == {"sts:GetCallerIdentity"}
    assert not [*foreign.state.glob("canaries/*")]


def test_a_busy_machine_confuses_no_guard(foreign: ServiceContext) -> None:
    """STS that answers late by this machine's clock, while the sandbox's stands, is no STS that is silent."""
    held, looks_away = threading.Event(), foreign.running.world.witness

    def late(who: Identity, _: Response) -> None:
        if who.service == "sts":
            held.wait(URGENT_SECONDS + 0.3)

    foreign.running.world.witness = late
    try:
        code, said = foreign.run("failover", "--to", WEST, "--mode", "forced", "--reason", "test")
    finally:
        foreign.running.world.witness = looks_away
    assert (code, [problem["code"] for problem in said["problems"]]) == (Exit.REFUSED, ["wrong-account"])
    assert {call["call"] for call in foreign.calls()} == {"sts:GetCallerIdentity"}


@pytest.mark.parametrize("way", ["--resume", "--abort"])
@pytest.mark.parametrize("mode", ["planned", "forced"])
def test_an_open_run_is_not_gone_on_with_in_another_account(foreign: ServiceContext, way: str, mode: str) -> None:
    """Resuming and taking back write too."""
    name = f"failover-2-{mode}{way}"
    begun = {
        "decision": {"go": True, "sentence": "It goes.", "expected_seconds": 1.0},
        "signal": {},
        "known": 0,
        "loss": {},
        "previous": "",
        "moves": [],
    }
    run = foreign.app.runs.begin("failover", name, source=EAST, order=order_to(WEST, mode=mode), **begun)
    code, said = foreign.run("failover", way, "--reason", "test")
    foreign.app.runs.add(run, "aborted")
    assert (code, [problem["code"] for problem in said["problems"]]) == (Exit.REFUSED, ["wrong-account"])
    assert {call["call"] for call in foreign.calls()} == {"sts:GetCallerIdentity"}


def test_a_region_that_is_none_is_told_before_anybody_is_asked(foreign: ServiceContext) -> None:
    """Wrong usage stays wrong usage: STS of a region that does not exist is not called."""
    code, said = foreign.run("failover", "--to", "mars-1", "--mode", "forced", "--reason", "test")
    assert (code, said["problems"][0]["code"]) == (Exit.USAGE, "unknown-region")
    assert foreign.calls() == []


@pytest.mark.parametrize(("mode", "told"), [("forced", [WEST]), ("planned", [WEST, EAST])])
def test_by_force_only_the_target_is_asked_and_nothing_waits_for_its_sts(
    foreign: ServiceContext, mode: str, told: list[str]
) -> None:
    """With STS of the target down a planned failover asks elsewhere; a forced one notes that nobody could say, and goes on."""
    fault = add_fault(foreign.running.world.faults, {"kind": "down", "service": "sts", "region": WEST})
    try:
        guards = [option for guard in GUARDS for option in ("--override", guard)]
        _, said = foreign.run("failover", "--to", WEST, "--mode", mode, "--dry-run", *guards)
    finally:
        heal(foreign.running.world.faults, {"id": fault["id"]})
    asked = [call["region"] for call in foreign.calls() if call["call"] == "sts:GetCallerIdentity"]
    assert [*dict.fromkeys(asked)] == told
    codes = [problem["code"] for problem in said["problems"]]
    told_first = "account-unconfirmed" if mode == "forced" else "wrong-account"
    assert [code for code in codes if code != "recent-order"] == [told_first]
    assert said["exit"] == (Exit.DONE if mode == "forced" else Exit.REFUSED)


@pytest.mark.parametrize("code", ["Unreachable", "Timeout", "ServiceUnavailable", "Throttling", "InternalFailure"])
def test_what_sts_does_not_say_stops_no_forced_failover(code: str) -> None:
    """A note, exit 0: failing over depends on the target's data plane and on nothing else."""
    (note,) = against_foreign_account_in(Sts({WEST: code}), OURS, WEST, "the kit")
    assert (note.code, note.exit) == ("account-unconfirmed", Exit.DONE)
    assert WEST in note.detail


def test_credentials_that_aws_does_not_know_stop_it_at_once() -> None:
    """An expired token is told before anything is begun, and not by the first write."""
    with pytest.raises(AwsError):
        against_foreign_account_in(Sts({WEST: "ExpiredToken"}), OURS, WEST, "the kit")
