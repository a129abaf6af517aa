"""--yes answers questions and overrides no guard; what holds data is deleted only when it is named; a word is really typed."""

from __future__ import annotations

import ast
import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import sbctl
from sbctl.core.kinds.discover import discover
from sbctl.core.plan import Plan, Step
from sbctl.core.problem import AGAIN, Exit, Problem
from sbctl.engine.planning.allowing import again, together
from sbctl.engine.planning.guards import against_deletes
from tests.security.ground import NOW

KINDS = discover("sbctl.resources", "RESOURCE")
PROTECTED = ("connect_instance", "connect_phone_number", "dynamodb_replica", "dynamodb_table", "s3_bucket")
"""Kinds whose deletion loses data or telephone numbers."""


def plan(*addresses: str, action: str = "delete") -> Plan:
    steps = tuple(Step.model_validate({"address": address, "action": action}) for address in addresses)
    more = {"lineage": "l", "serial": 1, "account": "1", "project": "p", "config_digest": "d"}
    return Plan.model_validate({"made_at": NOW, "regions": (), "steps": steps, **more})


def test_what_holds_data_is_protected() -> None:
    """A new kind that holds data belongs on this list."""
    assert {name for name, kind in KINDS.items() if kind.protected} == {*PROTECTED}


@pytest.mark.parametrize("kind", PROTECTED)
@pytest.mark.parametrize("action", ["delete", "replace"])
def test_a_protected_thing_is_deleted_only_by_its_name(kind: str, action: str) -> None:
    """Any number of deletes may be allowed: this one is refused until its own address, or a pattern of it, is named."""
    at = f"{kind}.us-east-1.x"
    (problem,) = against_deletes(plan(at, action=action), KINDS, (), None)
    assert (problem.code, problem.exit, problem.at) == ("protected", Exit.REFUSED, at)
    assert against_deletes(plan(at, action=action), KINDS, (f"{kind}.us-west-2.x", "connect_queue.*"), None)
    for name in (at, f"{kind}.*", at.upper()):
        assert against_deletes(plan(at, action=action), KINDS, (name,), 0) == []


def test_many_that_hold_data_are_one_problem_with_a_pattern() -> None:
    """A destroy names the kinds, in one command that passes; a kind with few is named by its addresses."""
    tables = [f"dynamodb_table.us-east-1.t{number}" for number in range(4)]
    bucket = "s3_bucket.us-west-2.recordings"
    (problem,) = against_deletes(plan(*tables, bucket), KINDS, (), None)
    assert (problem.code, problem.at) == ("protected", "the plan")
    assert problem.fix == f"{AGAIN} --allow 'dynamodb_table.*' --allow {bucket}"
    assert "4 dynamodb_table" in problem.detail
    assert against_deletes(plan(*tables, bucket), KINDS, ("dynamodb_table.*", bucket), 0) == []


def test_deletes_are_counted() -> None:
    """One more than allowed is refused; those that are named do not count."""
    addresses = [f"connect_queue.us-east-1.q{number}" for number in range(3)]
    assert against_deletes(plan(*addresses), KINDS, (), 3) == []
    (problem,) = against_deletes(plan(*addresses), KINDS, (), 2)
    assert (problem.code, problem.exit) == ("too-many-deletes", Exit.REFUSED)
    assert against_deletes(plan(*addresses), KINDS, (addresses[0],), 2) == []


@pytest.mark.parametrize(("gone", "limit", "options"), [
    (("connect_queue.us-east-1.a", "s3_bucket.us-east-1.x"), 0, "--allow s3_bucket.us-east-1.x --max-deletes 1"),
    (("connect_queue.us-east-1.a", "s3_bucket.us-east-1.x"), 1, "--allow s3_bucket.us-east-1.x"),
    (("s3_bucket.us-east-1.x", "s3_bucket.us-east-1.y"), 0, "--allow s3_bucket.us-east-1.x --allow s3_bucket.us-east-1.y"),
    (("s3_bucket.us-east-1.x's",), 1, "--allow 's3_bucket.us-east-1.x'\"'\"'s'"),
    (("connect_queue.us-east-1.a", "connect_queue.us-east-1.b"), 1, "--max-deletes 2"),
])  # fmt: skip
def test_one_command_passes_all_guards(gone: tuple[str, ...], limit: int, options: str) -> None:
    """Each problem has the same one, and the plan with these options is refused by none."""
    found = against_deletes(plan(*gone), KINDS, (), limit)
    assert {problem.fix.partition(AGAIN)[2].strip() for problem in found} == {options}
    words = shlex.split(options)
    asked = list(zip(words[::2], words[1::2], strict=True))
    most = max([limit, *(int(value) for option, value in asked if option == "--max-deletes")])
    assert against_deletes(plan(*gone), KINDS, [value for option, value in asked if option == "--allow"], most) == []


def test_guards_of_several_sorts_have_one_command() -> None:
    """What allows a record in the way, and what allows deletes; a problem without an option keeps its own remedy."""
    deletes = against_deletes(plan("s3_bucket.us-east-1.x", "connect_queue.us-east-1.a"), KINDS, (), 0)
    there = Problem(code="name-taken", summary="", fix=f"Delete it, or: {again(['route53_record.global.www'])}")
    other = Problem(code="names-exchanged", summary="", fix=f"Rename it, or {AGAIN} --yes")
    *guarded, last = together([there, *deletes, other])
    whole = f"{AGAIN} --allow route53_record.global.www --allow s3_bucket.us-east-1.x --max-deletes 1"
    assert [problem.fix for problem in guarded] == [
        f"Delete it, or: {whole}",
        whole,
        f"If that is what you want: {whole}",
    ]
    assert last == other


def told(gone: list[str], made: list[str]) -> str:
    """What is said of deletions beside creations."""
    steps = (*plan(*gone).steps, *plan(*made, action="create").steps)
    (problem,) = against_deletes(plan().model_copy(update={"steps": steps}), KINDS, (), 0)
    return problem.detail.partition("another name: ")[2]


def test_a_rename_is_suggested_in_every_region() -> None:
    """One command a region, where there is one of each."""
    east, west = "connect_queue.us-east-1", "connect_queue.us-west-2"
    said = told([f"{east}.sales", f"{west}.sales"], [f"{east}.vertrieb", f"{west}.vertrieb"])
    assert said == f"sbctl state rename {east}.sales {east}.vertrieb; sbctl state rename {west}.sales {west}.vertrieb"
    assert told([f"{east}.sales"], [f"{west}.vertrieb"]) == ""


def test_a_rename_to_another_item_is_not_suggested() -> None:
    """Beside other new items nobody knows which one it became."""
    queue = "connect_queue.us-east-1"
    said = told([f"{queue}.sales"], [f"{queue}.vertrieb", f"{queue}.zulu"])
    assert said == f"sbctl state rename {queue}.sales {queue}.vertrieb or sbctl state rename {queue}.sales {queue}.zulu"


YES = {
    "cli/confirm.py",
    "commands/failover/drill.py",
    "commands/failover/carrying_out.py",
    "commands/failover/inputs.py",
}
"""Where --yes is looked at: questions, whether to show what is asked about, and the reason that it needs."""


def test_yes_is_known_to_questions_alone() -> None:
    """No guard, plan or engine can be told by it, since none of them sees it."""
    root = Path(sbctl.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "yes"
    }
    assert found == YES


ASK = """
import sys
from sbctl.app import Settings
from sbctl.cli.confirm import confirm_typed
from sbctl.core.events import silent
from sbctl.core.problem import SbctlError
try:
    confirm_typed(Settings(), silent, "moves \\x1b[2Jtraffic", "us-west-2", needs_reason="reason" in sys.argv)
    print("agreed")
except SbctlError as error:
    print(error.problems[0].code, error.problems[0].fix, sep="\\n")
"""


def asked(typed: bytes, *more: str) -> tuple[list[str], bytes]:
    """What came of a question on a terminal, and what stood there."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-c", ASK, *more]
    with subprocess.Popen(words, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE) as process:
        os.close(theirs)
        seen = b""
        while b"to go on" not in seen:
            seen += os.read(ours, 1024)
        os.write(ours, typed)
        said = process.communicate()[0].decode().splitlines()
    os.close(ours)
    return said, seen


@pytest.mark.parametrize(("typed", "said"), [("us-west-2", "agreed"), ("y", "declined"), ("us-west-1", "declined")])
def test_the_region_is_typed_out(typed: str, said: str) -> None:
    """On a real terminal: the word itself and nothing like it; what is asked about does not steer the terminal."""
    found, seen = asked(f"{typed}\n".encode())
    assert found[0] == said
    assert b"\x1b" not in seen


@pytest.mark.parametrize(("more", "options"), [((), "--yes"), (("reason",), '--yes --reason "why"')])
def test_the_line_that_does_not_ask_is_whole(more: tuple[str, ...], options: str) -> None:
    """What moves traffic takes --yes only with a reason: after a no and off a terminal, both stand in the line to type."""
    refused, _ = asked(b"y\n", *more)
    done = subprocess.run([sys.executable, "-c", ASK, *more], input=b"", capture_output=True, check=False)
    for fix in (refused[1], done.stdout.decode().splitlines()[1]):
        assert fix.endswith(f"the same command with {options}")


def test_nobody_there_is_no_consent() -> None:
    """Off a terminal nothing is agreed to, whatever comes in on stdin."""
    done = subprocess.run([sys.executable, "-c", ASK], input=b"us-west-2\n", capture_output=True, check=False)
    assert done.stdout.decode().splitlines()[0] == "needs-consent"


def test_what_no_user_named_was_not_renamed() -> None:
    """A check of the primary's region goes and one of another comes when the primary moves."""
    assert told(["route53_metric_check.global.latch.us-west-2"], ["route53_metric_check.global.latch.us-east-1"]) == ""
