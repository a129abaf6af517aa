"""Steps of one's own, whatever they do: a forced move never waits for them, a planned one does, and no secret is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sbctl.core.events import Event, StepDone, StepStarted
from sbctl.core.problem import Exit
from sbctl.core.text.secrets import HIDDEN
from sbctl.failover.execution.report import of_prepared, of_run
from tests.carrier import Asked, carrier
from tests.conformance.own_sites import SECRET, OwnPlace, journal, whats
from tests.unit.failover.killing import Dying, Killed
from tests.unit.failover.scenes import EAST, WEST

ARN = "arn:aws:secretsmanager:${to}:123456789012:secret:carrier"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[OwnPlace]:
    with carrier(tmp_path) as server:
        yield OwnPlace(tmp_path, server)


def release_when_moved(place: OwnPlace) -> None:
    """The carrier answers nobody until traffic has moved."""
    place.carrier.free.clear()

    def heard(event: Event) -> None:
        if isinstance(event, StepDone) and event.address.name == "moved":
            place.carrier.free.set()

    place.on_event = heard


def test_a_call_arrives_with_what_the_move_says(place: OwnPlace) -> None:
    """Address, headers and body hold the target and the secret; an idempotency key names run and step."""
    place.steps = [place.https()]
    outcome = place.moved()
    assert (outcome.finished, outcome.problems) == (True, ())
    [asked] = place.carrier.asked
    assert (asked.method, asked.path) == ("POST", f"/route/{WEST}")
    assert asked.headers["Authorization"] == f"Bearer {SECRET}"
    assert asked.headers["Idempotency-Key"] == f"{outcome.run.id}-carrier"
    assert asked.body == f'{{"number": "+18005550100", "to": "{WEST}"}}'


def test_a_forced_move_does_not_wait(place: OwnPlace) -> None:
    """Traffic moves while the carrier hangs; what it says afterwards is in the journal before the run ends."""
    place.steps = [place.https()]
    release_when_moved(place)
    outcome = place.moved()
    assert outcome.finished
    order = [(event.what, event.move) for event in outcome.run.events]
    assert order.index(("move-begun", "carrier")) < order.index(("move-begun", "moved"))
    assert order.index(("move-done", "moved")) < order.index(("move-done", "carrier")) < order.index(("finished", ""))


@pytest.mark.parametrize("where", [{"before": "signal"}, {"before": "records", "after": ""}])
def test_nothing_comes_before_the_signal_of_a_forced_move(place: OwnPlace, where: dict[str, str]) -> None:
    """A step that stands before the signal in a planned move stands behind it in a forced one."""
    place.steps = [{**place.https(), "after": "", **where}]
    assert next(step.name for step in place.prepared("planned").steps) == "carrier"
    assert [step.name for step in place.prepared("forced").steps][:2] == ["signal", "carrier"]


FAILURES: dict[str, tuple[dict[str, Any], str]] = {
    "refused": ({"https": {"url": "https://127.0.0.1:1/"}}, "refused"),
    "no program": ({"command": ["/no/such/program"]}, "cannot be started"),
    "status": ({"command": ["/bin/sh", "-c", "echo out; echo err >&2; exit 7"]}, "ended with status 7: out err"),
    "signal": ({"command": ["/bin/sh", "-c", "kill -9 $$"]}, "ended by signal 9"),
    "hangs": ({"command": ["/bin/sleep", "600"], "timeoutSeconds": 0.3}, "did not end within 0."),
    "no variable": ({"https": {"url": "https://127.0.0.1:1/${env:NOT_SET}"}}, "NOT_SET is not set"),
    "no secret": ({"https": {"url": f"${{{ARN}}}"}}, "ResourceNotFoundException"),
    "secret elsewhere": ({"https": {"url": f"${{{ARN.replace('${to}', EAST)}}}"}}, f"is in {EAST}"),
    "plain http": ({"https": {"url": "http://example.com/"}}, "does not begin with https://"),
    "plain http beside AWS": ({"https": {"url": "http://127.0.0.1:1/"}}, "for the sandbox alone"),
    "no URL": ({"https": {"url": "https://[::1"}}, "no URL"),
    "nothing to do": ({"https": None}, "KeyError"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_failure_stops_no_forced_move(place: OwnPlace, case: str) -> None:
    """The move ends; the step's problem says why, half done where it is required, and a note where it is not."""
    action, said = FAILURES[case]
    place.steps = [{"name": "mine", "after": "signal", **action}]
    outcome = place.moved()
    assert outcome.finished
    [problem] = outcome.problems
    assert (problem.code, problem.exit) == ("own-step-failed", Exit.PARTIAL)
    assert said in problem.detail
    assert whats(outcome.run, "mine") == ["move-begun", "move-failed"]
    place.steps[0]["required"] = False


def test_what_is_not_required_is_a_note(place: OwnPlace) -> None:
    """A failed step that is not required lets a planned move end with 0."""
    place.steps = [place.command("raise SystemExit(3)", before="signal", after="", required=False)]
    outcome = place.moved("planned")
    assert outcome.finished
    assert [problem.exit for problem in outcome.problems] == [Exit.DONE]


def test_a_failed_step_before_a_planned_move_takes_it_back(place: OwnPlace) -> None:
    """Traffic was never ordered, what ran before is undone, the run is closed, and the remedy leaves the step out."""
    place.steps = [
        place.https(
            before="signal", after="", undo={"https": {**place.https()["https"], "url": f"{place.carrier.url}/undo"}}
        ),
        place.command("raise SystemExit(3)", before="signal", after=""),
    ]
    outcome = place.moved("planned")
    [problem] = outcome.problems
    assert (problem.code, problem.exit) == ("own-step-refused", Exit.REFUSED)
    assert "--skip command" in problem.fix
    assert outcome.run.status == "aborted"
    assert place.cloud.table.item == {}
    assert [asked.path for asked in place.carrier.asked] == [f"/route/{WEST}", "/undo"]
    assert place.runs.open() is None


def test_a_failed_step_after_the_signal_leaves_a_planned_move_open(place: OwnPlace) -> None:
    """It may be tried again, left out, or the move taken back; without the step it ends."""
    place.steps = [place.command("raise SystemExit(3)")]
    outcome = place.moved("planned")
    [problem] = outcome.problems
    assert problem.exit is Exit.PARTIAL
    assert "--resume --skip command" in problem.fix
    assert outcome.run.status == "open"
    assert place.go(outcome.run, skip=frozenset({"command"})).finished


def test_a_busy_carrier_is_asked_again(place: OwnPlace) -> None:
    """500 and 429 are tried again as often as `retry` says, 404 is not; redirects are not followed."""
    answers = iter([(500, "busy"), (429, "slow"), (200, "routed")])
    place.carrier.answers = lambda _: next(answers)
    place.steps = [place.https(retry=2, timeoutSeconds=30)]
    run = place.moved().run
    assert (
        next(event.data for event in run.events if event.what == "move-done" and event.move == "carrier")["attempts"]
        == 3
    )
    for status in (404, 302):
        place.carrier.asked.clear()
        place.carrier.answers = lambda _, status=status: (status, "no")  # type: ignore[misc]
        place.cloud.table.item = {}
        failed = place.moved()
        assert f"HTTP {status}" in failed.problems[0].detail
        assert len(place.carrier.asked) == 1


def test_an_unknown_certificate_is_refused(place: OwnPlace) -> None:
    """Without the carrier's own authority nothing is sent."""
    step = place.https()
    step["https"]["caFile"] = ""
    place.steps = [step]
    assert "certificate" in place.moved().problems[0].detail
    assert place.carrier.asked == []


def test_a_function_gets_the_facts(place: OwnPlace) -> None:
    """It is invoked in the target's region; its error is a failure."""
    place.steps = [{"name": "mine", "after": "signal", "lambda": "example-reroute", "payload": {"n": "${from}"}}]
    assert place.moved().problems == ()
    [event] = place.cloud.invoked
    assert (event["name"], event["region"], event["to"], event["n"]) == ("example-reroute", WEST, WEST, EAST)
    place.cloud.table.item = {}
    place.cloud.function = lambda _: ("Unhandled", '{"errorMessage": "no route"}')
    assert "no route" in place.moved().problems[0].detail


def _echo(asked: Asked) -> tuple[int, str]:
    return 500, f"you sent {asked.headers} and {asked.body}"


LEAKS: dict[str, dict[str, Any]] = {
    "an echo": {"https": True},
    "stdout": {"code": "import os; print(os.environ['CARRIER_TOKEN']); raise SystemExit(1)"},
    "base64": {
        "code": "import os,base64; print(base64.b64encode(os.environ['CARRIER_TOKEN'].encode()).decode()); raise SystemExit(1)"
    },
    "URL": {
        "code": "import os; print('https://x:' + os.environ['CARRIER_TOKEN'] + '@example.com'); raise SystemExit(1)"
    },
    "much": {"code": "import os; print((os.environ['CARRIER_TOKEN'] + ' ') * 200000); raise SystemExit(1)"},
    "a key": {
        "code": "print('-----BEGIN PRIVATE KEY-----\\ns3cr3t' + '-of-the-carrier\\n-----END PRIVATE KEY-----'); raise SystemExit(1)"
    },
}


@pytest.mark.parametrize("case", LEAKS)
def test_no_secret_is_told(place: OwnPlace, case: str) -> None:
    """Not in the journal, not in a problem, not in the JSON, however it is printed; that it was hidden is said."""
    place.carrier.answers = _echo
    leak = LEAKS[case]
    place.steps = [place.https() if "https" in leak else place.command(leak["code"])]
    outcome = place.moved()
    told = of_run(outcome.run, place.tools(), None).as_json()
    everywhere = f"{journal(place)} {outcome.problems} {told} {place.told}"
    assert SECRET not in everywhere
    assert HIDDEN in everywhere


def test_a_secret_of_the_target_is_read_and_not_told(place: OwnPlace) -> None:
    """One key of a secret's JSON is sent; an echo of the whole is hidden."""
    arn = ARN.replace("${to}", WEST)
    place.cloud.secrets[arn] = f'{{"token": "{SECRET}", "user": "kim-of-the-carrier"}}'
    place.carrier.answers = lambda asked: (200, f"{asked.headers['X-Key']} kim-of-the-carrier")
    step = place.https()
    step["https"]["headers"] = {"X-Key": f"${{{ARN}:token}}"}
    place.steps = [step]
    assert place.moved().problems == ()
    assert place.carrier.asked[0].headers["X-Key"] == SECRET
    assert SECRET not in journal(place)
    assert "kim-of-the-carrier" not in journal(place)


@pytest.mark.parametrize("mode", ["forced", "planned"])
@pytest.mark.parametrize("written", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("line", range(1, 10))
def test_killed_at_any_line_it_ends_the_same(place: OwnPlace, line: int, written: bool, mode: str) -> None:
    """Another process goes on from the journal alone: traffic moves once, and the carrier was asked at least once."""
    place.steps = [place.https()]
    run = place.begun(mode)
    try:
        place.go(run, Dying(place.runs, line, written=written))
    except Killed:
        left = place.runs.open()
        if left is not None:
            assert place.go(left).finished
    [known] = place.runs.all()
    assert known.status == "finished"
    assert known.done() >= {"signal", "carrier", "served", "moved"}
    assert place.carrier.asked
    assert place.cloud.table.item["region"] == {"S": WEST}


def test_what_is_done_is_not_done_again(place: OwnPlace) -> None:
    """A resumed run asks the carrier only where its journal does not say that it was asked."""
    place.steps = [place.https()]
    run = place.go(place.begun("planned"), pause_after="carrier").run
    assert place.go(run).finished
    assert len(place.carrier.asked) == 1


def test_taken_back_it_is_undone(place: OwnPlace) -> None:
    """Abort undoes the step after what came later; a failing undo is told, and the rest is taken back."""
    undo = {"https": {**place.https()["https"], "url": f"{place.carrier.url}/undo/${{from}}"}}
    place.steps = [place.https(undo=undo)]
    run = place.go(place.begun("planned"), pause_after="carrier").run
    outcome = place.abort(run)
    assert (outcome.run.status, outcome.problems) == ("aborted", ())
    assert [asked.path for asked in place.carrier.asked] == [f"/route/{WEST}", f"/undo/{EAST}"]
    assert place.cloud.table.item["region"] == {"S": ""}
    place.carrier.answers = lambda asked: (500 if "undo" in asked.path else 200, "no")
    place.cloud.table.item = {}
    run = place.go(place.begun("planned", overridden=("cooldown",)), pause_after="carrier").run
    outcome = place.abort(run)
    assert [problem.code for problem in outcome.problems] == ["own-step-not-undone"]
    assert outcome.run.status == "aborted"


def test_stopped_by_the_operator_a_planned_move_is_paused(place: OwnPlace) -> None:
    """Ctrl-C while a command runs ends the command, and the run stays open."""
    place.steps = [place.command("import time; time.sleep(600)", timeoutSeconds=900)]

    def heard(event: Event) -> None:
        place.stopping = place.stopping or (isinstance(event, StepStarted) and event.address.name == "command")

    place.on_event = heard
    outcome = place.moved("planned")
    assert [problem.exit for problem in outcome.problems] == [Exit.INTERRUPTED]
    assert whats(outcome.run, "command") == ["move-begun", "paused"]


def test_forced_on_the_way_it_is_awaited_no_more(place: OwnPlace) -> None:
    """A planned move that becomes forced takes the steps of forced moves, from its journal alone."""
    place.steps = [place.https(modes=["forced"]), place.command("raise SystemExit(3)", "check", modes=["planned"])]
    outcome = place.moved("planned")
    assert outcome.run.status == "open"
    run = place.runs.add(outcome.run, "changed", order={"mode": "forced", "reason": "lost"})
    ended = place.go(run)
    assert (ended.finished, ended.problems) == (True, ())
    assert "carrier" in ended.run.done()


def test_a_drill_takes_only_what_drills_take(place: OwnPlace) -> None:
    """`drills: false` leaves the step out of rehearsals, `regions` out of moves to other regions."""
    place.steps = [place.https(drills=False), place.https("london", regions=["eu-west-2"])]
    assert {step.name for step in place.prepared(drill="drill-1").steps} == {"signal", "served", "moved"}
    assert "carrier" in {step.name for step in place.prepared().steps}


def test_a_dry_run_shows_templates(place: OwnPlace) -> None:
    """What would be sent, with the names of secrets and not their values; a variable that is not set is said."""
    place.steps = [place.https()]
    shown = of_prepared(place.prepared(), place.kit).as_json()
    [row] = [row for row in shown["moves"] if row["own"]]
    assert (row["own"], row["title"]) == ("https", f"POST {place.carrier.url}/route/{WEST}")
    assert SECRET not in str(shown)
    place.environment = {}
    assert [note.code for note in place.prepared().notes] == ["own-step-unset"]
