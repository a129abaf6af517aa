"""Commands that a report tells people to run carry the options of the run that told them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sbctl.core.plan import FieldChange, Plan, Step
from sbctl.core.problem import AGAIN, Problem
from sbctl.core.report import Report
from sbctl.failover.guidance.tools import RunbookTools
from sbctl.ui.invocation import Invocation, as_called, as_drawn, signing_in
from sbctl.ui.views import DrillShown

CALL = "sbctl --config 'my place/config' --sandbox"
THIS = Invocation(CALL, ("deploy", "failover", "state", "queue", "status"))
PLANNED = {"lineage": "l", "serial": 1, "account": "1", "project": "p", "config_digest": "d"}
WITH_KIT = replace(THIS, kit="my kit.json", takes_kit=lambda name: name == "failover")


def told(text: str, invocation: Invocation = THIS) -> str:
    """A remedy as it is shown."""
    report = Report(command="x", problems=(Problem(code="c", summary="s", fix=text),))
    return as_called(report, invocation).problems[0].fix


def test_every_command_of_a_remedy_is_called_as_this_run_was() -> None:
    """Wherever it stands in the sentence, and as often as there is one."""
    assert told("sbctl state unlock, then: sbctl deploy --region all") == (
        f"{CALL} state unlock, then: {CALL} deploy --region all"
    )


def test_words_that_are_no_command_stay() -> None:
    """The name of the tool in a sentence, files of that name, other commands' beginnings, and calls that are whole."""
    for text in (
        "sbctl is not installed",
        "state/sbctl deploy",
        "sbctl deployed it",
        f"{CALL} deploy",
        "sbctl queues up",
    ):
        assert told(text) == text


def test_data_and_view_say_the_same() -> None:
    """What is shown to people and what scripts read name the same command; other data is left alone."""
    data = {"next": "sbctl failover --resume r", "rows": [{"fix": "sbctl deploy", "detail": "sbctl deploy ran"}]}
    shown = as_called(Report(command="x", data=data, view=DrillShown(data)), THIS)
    assert shown.data["next"] == f"{CALL} failover --resume r"
    assert shown.data["rows"] == [{"fix": f"{CALL} deploy", "detail": "sbctl deploy ran"}]
    assert shown.view == DrillShown(shown.data, CALL)


def test_reasons_and_notes_are_called_as_this_run_was() -> None:
    """In data and views of plans, drift and runbooks, and in the details of problems. What an operator said is not touched,
    nor are values of AWS or the config.
    """
    line, whole = "first sbctl state rename a b", f"first {CALL} state rename a b"
    row = {"address": "a.b.c", "reason": line, "why": line, "notes": [line], "wanted": {"why": line}}
    run = {"by": "ana", "reason": line}
    problem = Problem(code="c", summary="s", detail=line)
    data = {"steps": [row], "runs": [run]}
    shown = as_called(Report(command="x", data=data, problems=(problem,), view=DrillShown(data)), THIS)
    assert shown.data["steps"] == [{**row, "reason": whole, "why": whole, "notes": [whole]}]
    assert shown.data["runs"] == [run]
    assert shown.problems[0].detail == whole
    change = FieldChange(field="f", before=line, after=None, notes=(line,))
    step = Step(address="a.us-east-1.c", action="update", changes=(change,), reason=line)
    plan = Plan.model_validate(
        {"made_at": datetime(2026, 1, 1, tzinfo=UTC), "steps": (step,), "regions": (), **PLANNED}
    )
    (told_step,) = as_drawn(plan, THIS).steps
    assert (told_step.reason, told_step.changes[0].notes, told_step.changes[0].before) == (whole, (whole,), line)


def test_without_options_nothing_is_changed() -> None:
    """The report says what it said."""
    report = Report(command="x", data={"next": "sbctl deploy"})
    assert as_called(report, replace(THIS, call="sbctl")) == report


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_look_of_a_step_has_a_line_that_works_here(*, sandbox: bool) -> None:
    """Through the sandbox's endpoint and its name server, or as AWS has it; what is to be expected stays beside it."""
    tools = RunbookTools(endpoint="http://127.0.0.1:99", resolver="127.0.0.1:53") if sandbox else RunbookTools()
    calls = [
        {"dig": "connect.example.com CNAME", "expect": "west"},
        {"get": "https://t.example/takeover", "expect": "200"},
        {"aws_cli": "aws x"},
    ]
    report = Report(command="failover", data={"moves": [{"calls": calls}]})
    said = as_called(report, replace(THIS, looking=lambda: tools)).data["moves"][0]["calls"]
    dig, curl = (one["line"] for one in said[:2])
    if sandbox:
        assert dig == "dig @127.0.0.1 -p 53 connect.example.com CNAME +noall +answer"
        assert curl == "curl -m 3 -i -H 'Host: t.example' http://127.0.0.1:99/takeover"
    else:
        assert (dig, curl) == (
            "dig connect.example.com CNAME +noall +answer",
            "curl -m 3 -i https://t.example/takeover",
        )
    assert [one.get("expect") for one in said] == ["west", "200", None]
    assert "line" not in said[2]


def test_what_is_shown_before_the_report_is_called_the_same_and_once() -> None:
    """A line on its own gets the options, and the report that follows does not give it them again."""
    line = THIS.told("sbctl status")
    assert line == f"{CALL} status"
    assert as_called(Report(command="status", data={"next": line}), THIS).data["next"] == line


@pytest.mark.parametrize("call", [CALL, "sbctl"])
def test_a_kit_goes_with_the_commands_that_take_one_and_once(call: str) -> None:
    """What was begun by a kit is gone on with by that kit; a line that names one already keeps it."""
    invocation = replace(WITH_KIT, call=call)
    text = "Go on: sbctl failover --resume. Or sbctl status, or sbctl failover --kit other.json --abort"
    said = f"Go on: {call} failover --kit 'my kit.json' --resume. Or {call} status, or {call} failover --kit other.json --abort"
    assert told(text, invocation) == said
    assert told(said, invocation) == said


def test_the_same_command_is_said_as_it_was_typed() -> None:
    """With what is to be added to it; in a sentence it stays words."""
    invocation = replace(THIS, typed="sbctl --sandbox failover --to us-west-2 --reason 'a b'")
    assert (
        told(f"If it must be: {AGAIN} --override lag", invocation)
        == f"If it must be: {invocation.typed} --override lag"
    )
    assert told("Or the same command again.", invocation) == "Or the same command again."


def test_the_command_that_signs_in_names_the_profile() -> None:
    """It is known, and a placeholder would be typed as it stands; the default profile needs no name."""
    report = Report(
        command="plan", problems=(Problem(code="c", summary="s", fix="Sign in: aws sso login, then again."),)
    )
    assert signing_in(report, "my prod").problems[0].fix == "Sign in: aws sso login --profile 'my prod', then again."
    assert signing_in(report, "") == report
