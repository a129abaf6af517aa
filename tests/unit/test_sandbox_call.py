"""`sbctl sandbox call`: what is typed becomes keys and words, and what is heard is shown in order, until the call ends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from sbctl.cli.rates import RATE
from sbctl.commands.sandbox.call import asked_of
from sbctl.commands.sandbox.following import Followed, follow
from sbctl.commands.sandbox.mix import mix_of
from sbctl.core.problem import Exit, SbctlError
from sbctl.ui.console import beside, out
from sbctl.ui.draw.sandbox.calls import draw_line
from sbctl.ui.views import CallLine


def state(kind: str, waiting_for: str = "", **more: Any) -> dict[str, Any]:
    """A state of a call as its control API tells it."""
    usual = {"heard": [], "path": [], "queue": "", "agent": "", "waited_seconds": 0.0, "outcome": "", "reason": ""}
    return {**usual, "contact_id": "c-1", "region": "us-east-1", "state": kind, "waiting_for": waiting_for, **more}


def heard(text: str, when: float, kind: str = "Text", role: str = "SYSTEM") -> dict[str, Any]:
    return {"text": text, "kind": kind, "when": when, "role": role}


class Line:
    """A call that goes as it is told: answers states in their order, and keeps what it was asked."""

    def __init__(self, *states: dict[str, Any]) -> None:
        self._states = list(states)
        self.asked: list[dict[str, Any]] = []

    def ask(self, params: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(params)
        return self._states.pop(0)


class Typed:
    """Somebody who has typed these lines already; None for a moment without one."""

    def __init__(self, *lines: str | None) -> None:
        self._lines = list(lines)

    def line(self, _seconds: float | None) -> str | None:
        if not self._lines:
            raise EOFError
        return self._lines.pop(0)


def followed(line: Line, keyboard: Typed | None = None, speed: float = 0.0) -> tuple[Followed, list[str]]:
    """What was seen of a call, and the lines that were shown."""
    call, shown = Followed(), []
    console = beside(out())

    def show(row: Mapping[str, Any], seconds: float | None) -> None:
        draw_line(console, CallLine(row, seconds))

    follow(line.ask, show, speed, keyboard, call)
    shown = [text.rstrip() for text in console.file.getvalue().splitlines()]
    return call, shown


def test_a_script_is_watched_to_its_end() -> None:
    """What is heard is shown with the time since the call began, and where it waited and who took it."""
    line = Line(
        state("flow", heard=[heard("Welcome.", 100.0), heard("1", 103.0, "Keys", "CUSTOMER")]),
        state("queued", "queue", queue="VIP-Sales"),
        state("connected", "agent", queue="VIP-Sales", agent="ann", waited_seconds=4.0, heard=[heard("Hello", 110.0)]),
        state("ended", queue="VIP-Sales", agent="ann", outcome="answered", reason="CUSTOMER_DISCONNECT"),
    )
    call, shown = followed(line)
    assert call.is_over
    assert [one["text"] for one in call.heard] == ["Welcome.", "1", "Hello"]
    assert shown == [
        "  0:00  Welcome.",
        "  0:03  you press 1",
        "        waiting in VIP-Sales",
        "  0:10  Hello",
        "        connected to ann after 4 s in the queue",
    ]
    assert line.asked == [{"wait_seconds": 5.0}] * 4


def test_keys_are_pressed_and_other_text_is_said() -> None:
    """A line of digits, * and # is keys; on a clock that stands an empty line lets time pass."""
    waits = state("flow", "keys or words")
    line = Line(waits, waits, waits, waits, waits, state("flow", "time"), state("ended", outcome="served"))
    followed(line, Typed("12#", "my order", ""))
    assert [one for one in line.asked if one] == [
        {"wait_seconds": 5.0}, {"keys": "12#"}, {"say": "my order"}, {"pass_seconds": 5.0}, {"wait_seconds": 5.0},
    ]  # fmt: skip


def test_the_end_of_the_keyboard_hangs_up() -> None:
    """Ctrl-D on a terminal: nobody will press anything any more."""
    line = Line(state("flow", "keys"), state("ended", outcome="lost"))
    followed(line, Typed(), speed=10.0)
    assert line.asked[-1] == {"hang_up": True}


def test_the_request_of_a_script_has_its_keys_and_an_end() -> None:
    """Keys are split at commas, "" presses none, and a script neither waits nor talks for ever."""
    usual = {"number": "+18005550100", "flow": None, "region": None, "caller": None, "patience": None, "talk": None}
    found = asked_of({**usual, "press": "1, 22#", "says": ("hi",)})
    assert found == {
        "number": "+18005550100", "presses": ["1", "22#"], "says": ["hi"], "patience": 300.0, "talk": 5.0,
    }  # fmt: skip
    assert asked_of({**usual, "press": "", "says": ()})["patience"] == 300.0
    assert "patience" not in asked_of({**usual, "press": None, "says": ()})


def test_a_call_goes_to_a_number_or_a_flow() -> None:
    """To one of them, and not to both."""
    usual = {"region": None, "caller": None, "patience": None, "talk": None, "press": "", "says": ()}
    for number, flow in ((None, None), ("+18005550100", "SalesInbound")):
        with pytest.raises(SbctlError) as caught:
            asked_of({**usual, "number": number, "flow": flow})
        assert [one.exit for one in caught.value.problems] == [2]


def test_what_is_no_number_and_no_key_is_wrong_usage() -> None:
    """All values that cannot be dialled or pressed are told at once, before the sandbox is asked, with exit code 2."""
    usual = {"flow": None, "region": None, "patience": None, "talk": None, "says": ()}
    with pytest.raises(SbctlError) as caught:
        asked_of({**usual, "number": "nonsense", "caller": "0123", "press": "1x,2,y"})
    assert [(one.at, one.exit) for one in caught.value.problems] == [
        ("NUMBER", 2), ("--from", 2), ("--press", 2), ("--press", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "rate"), [("60/min", 60.0), ("2/s", 120.0), ("90/h", 1.5), ("30", 30.0)])
def test_rates_are_a_minutes(text: str, rate: float) -> None:
    """Whatever time they are written with."""
    assert RATE.convert(text, None, None) == pytest.approx(rate)


@pytest.mark.parametrize("text", ["0/min", "fast", "1/d", "-1/s", "1e400"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    """With how to write one."""
    with pytest.raises(click.BadParameter, match="60/min"):
        RATE.convert(text, None, None)


def test_a_mix_is_read_with_everything_that_is_wrong_with_it(tmp_path: Path) -> None:
    """Each problem has its line; what is right comes as the control API takes it."""
    good = tmp_path / "good.json"
    good.write_text('{"callers": [{"weight": 3, "presses": ["1"]}, {"patience": 5}]}', encoding="utf-8")
    assert mix_of(good) == [{"weight": 3.0, "presses": ["1"]}, {"weight": 1.0, "patience": 5.0}]
    bad = tmp_path / "bad.json"
    bad.write_text('{\n"callers": [\n{"weight": 0},\n{"pressed": ["1"]},\n{"number": "555"}\n]}', encoding="utf-8")
    with pytest.raises(SbctlError) as caught:
        mix_of(bad)
    places = [(one.at.rpartition(":")[2], one.code, int(one.exit)) for one in caught.value.problems]
    assert places == [("3", "bad-value", 2), ("4", "unknown-field", 2), ("5", "bad-value", 2)]


def test_a_mix_that_is_missing_is_no_config_file(tmp_path: Path) -> None:
    """`sbctl init` would not make it, and --config does not name its folder."""
    with pytest.raises(SbctlError) as caught:
        mix_of(tmp_path / "gone.json")
    [problem] = caught.value.problems
    assert (problem.code, problem.exit, "--mix" in problem.fix) == ("mix-missing", Exit.USAGE, True)
