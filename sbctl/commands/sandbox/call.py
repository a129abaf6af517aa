"""`sbctl sandbox call`: a call in the terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import click

from sbctl.app import App
from sbctl.cli import completions
from sbctl.cli.durations import DURATION
from sbctl.cli.epilog import epilog_of
from sbctl.cli.run import command
from sbctl.cli.stop_signals import asking
from sbctl.commands.data.calls import CallTold
from sbctl.commands.sandbox.control import needed, request_to
from sbctl.commands.sandbox.following import KEYS, PASS, Followed, follow
from sbctl.commands.sandbox.typing_lines import TypedLines
from sbctl.core.events import QuestionAsked
from sbctl.core.problem import AGAIN, Exit, Problem, SbctlError
from sbctl.core.report import Report
from sbctl.ui.render import show_line
from sbctl.ui.views import CallLine, CallShown

EPILOG = epilog_of(
    """
    sbctl sandbox call +18005550100
    sbctl sandbox call +18005550100 --press 1,2 --say "my order"
    sbctl sandbox call +18005550100 --press "" --trace     presses nothing
    sbctl sandbox call --flow SalesInbound --region us-east-1
    """,
    "0 answered or served by the flow, 1 no sandbox runs or it refused, 2 wrong usage,"
    " 8 lost or refused, 130 hung up by Ctrl-C",
)
PATIENCE_SECONDS = 300.0
TALK_SECONDS = 5.0
TAKEN = ("answered", "served")
E164 = re.compile(r"\+[1-9][0-9]{1,14}")


@click.command("call", epilog=EPILOG)
@click.argument("number", required=False, metavar="[NUMBER]")
@click.option("--flow", shell_complete=completions.flows, help="Flow to call instead of a number: name, id or ARN.")
@click.option("--region", shell_complete=completions.regions, help="Region of the flow, or of the number.")
@click.option("--from", "caller", metavar="NUMBER", help="Number of the caller, E.164. [default: a made-up one]")
@click.option("--press", metavar="KEYS", help='Keys to press, in order, comma-separated; "" for none.')
@click.option("--say", "says", multiple=True, metavar="TEXT", help="Words to say, in order. Repeatable.")
@click.option("--patience", type=DURATION, help="Longest wait in a queue. [default: 5m for scripts]")
@click.option("--talk", type=DURATION, help="Duration with the agent. [default: 5s for scripts]")
@click.option("--trace", is_flag=True, help="Show each block of the flow.")
@command("sandbox call")
def call(app: App, **options: Any) -> Report:
    """Call a number of the sandbox from the terminal.

    Prompts are printed as the caller hears them. Type keys to press them, and other text to say it. --press and --say are for
    scripts: off a terminal, and with JSON output, one of them is needed. Ctrl-C hangs up. Durations are of the sandbox's clock.
    """
    asked = asked_of(options)
    typed = options["press"] is None and not options["says"]
    if typed and (app.settings.output == "json" or not sys.stdin.isatty()):
        raise SbctlError(_NO_KEYBOARD)
    note = needed(app)
    asked |= {"interactive": True} if typed else {}
    begun = request_to(app, "POST", "call", asked)
    if begun["outcome"] == "refused":
        return _refused(asked, begun)
    return _followed(app, asked, begun, speed=float(note.get("speed", 1.0)), typed=typed, trace=options["trace"])


def asked_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """The control request of the options. Raises SbctlError for options that do not go together, and for all that are no values."""
    if (options["number"] is None) == (options["flow"] is None):
        raise SbctlError(_ONE_OF)
    keys = [one.strip() for one in (options["press"] or "").split(",") if one.strip()]
    wrong = [*_wrong(options, keys)]
    if wrong:
        raise SbctlError(*wrong)
    scripted = options["press"] is not None or options["says"]
    wanted = {
        **{name: options[name] for name in ("number", "flow", "region", "caller", "patience", "talk")},
        "presses": keys,
        "says": list(options["says"]),
    }
    if scripted:
        wanted["patience"] = options["patience"] or PATIENCE_SECONDS
        wanted["talk"] = options["talk"] or TALK_SECONDS
    return {name: value for name, value in wanted.items() if value not in (None, [])}


def _wrong(options: Mapping[str, Any], keys: list[str]) -> Iterator[Problem]:
    """What is no number and no key."""
    for at, number in (("NUMBER", options["number"]), ("--from", options["caller"])):
        if number is not None and E164.fullmatch(number) is None:
            yield _no_value(at, f"{number} is no E.164 number", "Write + and digits only, as +18005550100.")
    for one in keys:
        if KEYS.fullmatch(one) is None:
            fix = "Separate keys with commas, as --press 1,2. For words, use --say."
            yield _no_value("--press", f"{one} is not made of keys: 0 to 9, * and #", fix)


def _no_value(at: str, detail: str, fix: str) -> Problem:
    return Problem(code="usage", summary="The value is wrong", detail=detail, at=at, fix=fix, exit=Exit.USAGE)


def _followed(
    app: App, asked: Mapping[str, Any], begun: Mapping[str, Any], *, speed: float, typed: bool, trace: bool
) -> Report:
    def turn(params: dict[str, Any]) -> dict[str, Any]:
        passing = params.pop(PASS, None)
        if passing is not None:
            request_to(app, "POST", "advance", {"seconds": passing})
        return request_to(app, "POST", "call/turn", {"contact_id": begun["contact_id"], **params})

    def show(row: Mapping[str, Any], seconds: float | None) -> None:
        if trace or "block" not in row:
            show_line(CallLine(row, seconds), app.settings.output)

    seen = Followed()
    app.listen(QuestionAsked())  # progress makes room for the call
    try:
        with asking():
            follow(turn, show, speed, TypedLines() if typed else None, seen)
    except KeyboardInterrupt:
        turn({"hang_up": True})
        return _report(asked, begun, seen, (_HUNG_UP,))
    return _report(asked, begun, seen)


def _report(
    asked: Mapping[str, Any], begun: Mapping[str, Any], seen: Followed, problems: tuple[Problem, ...] = ()
) -> Report:
    state = seen.state
    told = {
        "contact_id": begun["contact_id"],
        "region": begun["region"],
        "called": str(asked.get("number") or asked.get("flow")),
        **{name: state.get(name, "") for name in ("outcome", "reason", "failure", "queue", "agent")},
        "waited_seconds": state.get("waited_seconds", 0.0),
        "heard": seen.heard,
        "path": seen.path,
    }
    data = CallTold.model_validate(told).as_json()
    finding = Exit.DONE if data["outcome"] in TAKEN or problems else Exit.NOT_HELD
    return Report(command="sandbox call", data=data, problems=problems, view=CallShown(data), finding=finding)


def _refused(asked: Mapping[str, Any], begun: Mapping[str, Any]) -> Report:
    """A call that reached no flow; one that reached no region called a number that nobody has."""
    known = bool(begun["region"])
    problem = Problem(
        code="call-refused" if known else "unknown-number",
        summary="The call was refused" if known else "Nobody has the number",
        detail=begun["why"],
        at=str(asked.get("number") or asked.get("flow")),
        fix="sbctl sandbox status shows faults and calls in progress." if known else _ELSEWHERE,
        exit=Exit.NOT_HELD,
    )
    report = _report(asked, begun, Followed({"outcome": "refused", "reason": begun["why"]}), (problem,))
    return replace(report, view=None)


_ELSEWHERE = "Call a claimed number, or a flow: sbctl sandbox call --flow NAME."
_HUNG_UP = Problem(
    code="interrupted",
    summary="Interrupted",
    detail="The call was hung up.",
    at="sandbox call",
    fix="Run it again for another call.",
    exit=Exit.INTERRUPTED,
)
_ONE_OF = Problem(
    code="usage",
    summary="The command is not complete",
    detail="name the number to call, or a flow with --flow; one of them",
    at="sandbox call",
    fix="sbctl sandbox call --help",
    exit=Exit.USAGE,
)
_NO_KEYBOARD = Problem(
    code="usage",
    summary="The command is not complete",
    detail="keys cannot be typed here: this is not a terminal, or JSON was asked for",
    at="stdin",
    fix=f'{AGAIN} --press KEYS, or --press "" to press nothing',
    exit=Exit.USAGE,
)
