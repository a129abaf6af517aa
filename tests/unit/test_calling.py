"""Commands that a report tells people to run carry the options of the run that told them."""

from __future__ import annotations

from sbctl.commands.calling import as_called, line_called, signing_in
from sbctl.core.problem import Problem
from sbctl.core.report import Report
from sbctl.ui.views import StatusShown

CALL = "sbctl --config 'my place/config' --sandbox"
KNOWN = ("deploy", "failover", "state", "queue")


def told(text: str) -> str:
    """A remedy as it is shown."""
    report = Report(command="x", problems=(Problem(code="c", summary="s", fix=text),))
    return as_called(report, CALL, KNOWN).problems[0].fix


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
    shown = as_called(Report(command="x", data=data, view=StatusShown(data, live=True)), CALL, KNOWN)
    assert shown.data["next"] == f"{CALL} failover --resume r"
    assert shown.data["rows"] == [{"fix": f"{CALL} deploy", "detail": "sbctl deploy ran"}]
    assert shown.view == StatusShown(shown.data, live=True)


def test_without_options_nothing_is_touched() -> None:
    """The report itself comes back."""
    report = Report(command="x", data={"next": "sbctl deploy"})
    assert as_called(report, "sbctl", KNOWN) is report


def test_what_is_shown_before_the_report_is_called_the_same_and_once() -> None:
    """A line on its own gets the options, and the report that follows does not give it them again."""
    line = line_called("sbctl status", "sbctl --sandbox")
    assert line == "sbctl --sandbox status"
    report = as_called(Report(command="status", data={"next": line}), "sbctl --sandbox", ["status"])
    assert report.data["next"] == line


def test_the_command_that_signs_in_names_the_profile() -> None:
    """It is known, and a placeholder would be typed as it stands; the default profile needs no name."""
    report = Report(
        command="plan", problems=(Problem(code="c", summary="s", fix="Sign in: aws sso login, then again."),)
    )
    assert signing_in(report, "my prod").problems[0].fix == "Sign in: aws sso login --profile 'my prod', then again."
    assert signing_in(report, "") == report
